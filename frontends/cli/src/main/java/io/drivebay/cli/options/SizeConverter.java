package io.drivebay.cli.options;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes in bytes: {@code 4096}, {@code 64k}, {@code 1M}, {@code 10G}, {@code 2T}; powers of 1024. */
public final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(final String text) {
        return Suffixed.parse(text.toUpperCase(Locale.ROOT), "BKMGT", 1024)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no size: a whole number of bytes, or one with k, M, G or T"));
    }
}
