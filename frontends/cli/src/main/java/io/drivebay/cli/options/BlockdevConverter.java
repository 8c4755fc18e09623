package io.drivebay.cli.options;

import java.util.Collections;
import picocli.CommandLine.ITypeConverter;

/** The value of {@code --blockdev}, as qemu-storage-daemon spells it: {@code key=value,...} or a JSON object. */
public final class BlockdevConverter implements ITypeConverter<BlockdevArgument> {
    @Override
    public BlockdevArgument convert(final String text) {
        return new BlockdevArgument(text, Collections.unmodifiableMap(KeyValues.parse(text, "driver")));
    }
}
