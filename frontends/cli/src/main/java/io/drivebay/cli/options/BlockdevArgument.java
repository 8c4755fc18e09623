package io.drivebay.cli.options;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One {@code --blockdev}.
 *
 * @param text as it was written
 * @param options as {@code blockdev-add} takes them: nested maps or dotted keys
 */
public record BlockdevArgument(String text, Map<String, Object> options) {
    private static final String DRIVER = "driver";

    /** The drivers that it names, its own and those of children given in place. */
    public Set<String> drivers() {
        final Set<String> found = new LinkedHashSet<>();
        collect(options, found);
        return found;
    }

    private static void collect(final Map<?, ?> options, final Set<String> found) {
        options.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                collect(nested, found);
            } else if (key.equals(DRIVER) || String.valueOf(key).endsWith("." + DRIVER)) {
                found.add(String.valueOf(value));
            }
        });
    }

    @Override
    public String toString() {
        return text;
    }
}
