package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arguments of one command, which its {@link Parameters} have found right: names, types, and that nothing is missing. */
public final class Arguments {
    private final ObjectNode values;

    Arguments(final ObjectNode values) {
        this.values = values;
    }

    public boolean has(final String name) {
        return values.has(name);
    }

    /** A string that must be there by the command's parameters. */
    public String text(final String name) {
        return Objects.requireNonNull(optionalText(name), name);
    }

    /** A string; null when it is not given. */
    public @Nullable String optionalText(final String name) {
        final JsonNode value = values.get(name);
        return value == null ? null : value.textValue();
    }

    /** A whole number. */
    public long number(final String name, final long fallback) {
        final JsonNode value = values.get(name);
        return value == null ? fallback : value.longValue();
    }

    public boolean flag(final String name, final boolean fallback) {
        final JsonNode value = values.get(name);
        return value == null ? fallback : value.booleanValue();
    }

    /** Whole numbers; null when they are not given. */
    public @Nullable List<Long> numbers(final String name) throws QmpException {
        final JsonNode value = values.get(name);
        if (value == null) {
            return null;
        }
        final List<Long> numbers = new ArrayList<>();
        for (final JsonNode element : value) {
            if (!ParameterType.INT.accepts(element)) {
                throw new QmpException("Invalid parameter type for '" + name + "', expected: integer");
            }
            numbers.add(element.longValue());
        }
        return numbers;
    }

    /**
     * One of an enumeration's constants, spelled in lower case with dashes.
     *
     * @throws QmpException when it is none
     */
    public <E extends Enum<E>> E choice(final String name, final Class<E> type, final E fallback) throws QmpException {
        final String text = optionalText(name);
        if (text == null) {
            return fallback;
        }
        for (final E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return constant;
            }
        }
        throw new QmpException("Parameter '" + name + "' does not accept value '" + text + "'");
    }

    /** A list's elements; none when it is not given. */
    Iterable<JsonNode> values(final String name) {
        final JsonNode value = values.get(name);
        return value == null ? List.of() : value;
    }

    /** Everything that was given, as strings, numbers, booleans, lists and maps. */
    public Map<String, Object> all() throws QmpException {
        return Json.members(values);
    }
}
