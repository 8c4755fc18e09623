package io.drivebay.cli.options;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * Options in one argument, as qemu-storage-daemon spells them: {@code key=value,...} with two commas for one in a value, or
 * a JSON object.
 */
public final class KeyValues {
    private KeyValues() {}

    /**
     * Reads an argument.
     *
     * @param implied the key of a first value that has none; null when every value needs one
     * @throws TypeConversionException saying what makes no sense
     */
    public static Map<String, Object> parse(final String text, final @Nullable String implied) {
        return text.startsWith("{") ? JsonOptions.parse(text) : keysAndValues(text, implied);
    }

    /**
     * Reads the value of an option.
     *
     * @throws BlockException INVALID_OPTION, saying what makes no sense
     */
    public static Map<String, Object> parse(final String option, final String text, final @Nullable String implied)
            throws BlockException {
        try {
            return parse(text, implied);
        } catch (final TypeConversionException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + option + "': " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> keysAndValues(final String text, final @Nullable String implied) {
        final Map<String, Object> options = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            final int equals = text.indexOf('=', at);
            final int comma = text.indexOf(',', at);
            final boolean bare = equals < 0 || (comma >= 0 && comma < equals);
            if (bare && (implied == null || at > 0)) {
                final String word = text.substring(at, comma < 0 ? text.length() : comma);
                throw new TypeConversionException("'" + word + "' needs a value: key=value,... or a JSON object");
            }
            final StringBuilder value = new StringBuilder();
            final int end = valueUpToComma(text, bare ? at : equals + 1, value);
            final String key = bare ? String.valueOf(implied) : text.substring(at, equals);
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
