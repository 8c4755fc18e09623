package io.drivebay.cli.options;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --blockdev}, as qemu-storage-daemon spells it: {@code key=value,...} or a JSON object. */
public final class BlockdevConverter implements ITypeConverter<BlockdevArgument> {
    @Override
    public BlockdevArgument convert(final String text) {
        final Map<String, Object> options = text.startsWith("{") ? JsonOptions.parse(text) : keysAndValues(text);
        return new BlockdevArgument(text, Collections.unmodifiableMap(options));
    }

    /** Splits at commas; two commas stand for one in a value. */
    private static Map<String, Object> keysAndValues(final String text) {
        final Map<String, Object> options = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            final int equals = text.indexOf('=', at);
            final int comma = text.indexOf(',', at);
            if (equals < 0 || (comma >= 0 && comma < equals)) {
                final String word = text.substring(at, comma < 0 ? text.length() : comma);
                throw new TypeConversionException("'" + word + "' needs a value: key=value,... or a JSON object");
            }
            final StringBuilder value = new StringBuilder();
            final int end = valueUpToComma(text, equals + 1, value);
            final String key = text.substring(at, equals);
            if (key.isEmpty()) {
                throw new TypeConversionException("'" + text.substring(at, end) + "' has no key before its '='");
            }
            if (options.put(key, value.toString()) != null) {
                throw new TypeConversionException("'" + key + "' is given twice");
            }
            at = end + 1;
        }
        return options;
    }

    private static int valueUpToComma(final String text, final int from, final StringBuilder value) {
        int at = from;
        while (at < text.length()) {
            final char c = text.charAt(at);
            if (c == ',') {
                if (at + 1 >= text.length() || text.charAt(at + 1) != ',') {
                    break;
                }
                at++;
            }
            value.append(c);
            at++;
        }
        return at;
    }
}
