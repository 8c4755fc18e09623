package io.drivebay.backend.graph;

import io.drivebay.backend.graph.BlockException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of one node as a user wrote them, in QAPI spelling, read one by one with their types.
 *
 * <p>Values are strings, numbers, booleans and nested maps; a string stands for a number or boolean too, as on a command
 * line. Whoever reads the options ends with {@link #refuseUnread}, so that a misspelt or unsupported one is refused by
 * name.
 */
public final class BlockdevOptions {
    private final String path;
    private final Map<String, Object> values;
    private final Set<String> unread;

    /** Options given at the top level. */
    public BlockdevOptions(final Map<String, ? extends Object> values) {
        this("", values);
    }

    private BlockdevOptions(final String path, final Map<String, ? extends Object> values) {
        this.path = path;
        this.values = new LinkedHashMap<>(values);
        this.unread = new LinkedHashSet<>(values.keySet());
    }

    /** A string; null when absent. */
    public @Nullable String text(final String key) throws BlockException {
        final Object value = take(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrongType(key, "a string", value);
    }

    /** A string that must be there. */
    public String requiredText(final String key) throws BlockException {
        final String value = text(key);
        if (value == null) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + path + key + "' is missing");
        }
        return value;
    }

    /** A boolean: true, false, on, off, yes or no. */
    public boolean flag(final String key, final boolean fallback) throws BlockException {
        final Object value = take(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        return switch (value.toString()) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw wrongType(key, "a boolean (on or off)", value);
        };
    }

    /** A whole number of at least 0. */
    public long number(final String key, final long fallback) throws BlockException {
        final Object value = take(key);
        return value == null ? fallback : parse(key, value, false);
    }

    /** A whole number of at least 0 that must be there. */
    public long requiredNumber(final String key) throws BlockException {
        if (!values.containsKey(key)) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + path + key + "' is missing");
        }
        return number(key, 0);
    }

    /** A size in bytes; a string may end in k, M, G, T or P, powers of 1024. */
    public long size(final String key, final long fallback) throws BlockException {
        final Object value = take(key);
        return value == null ? fallback : parse(key, value, true);
    }

    private long parse(final String key, final Object value, final boolean suffixes) throws BlockException {
        final String text = value.toString().trim();
        final int last = text.isEmpty() ? 0 : text.toUpperCase(Locale.ROOT).charAt(text.length() - 1);
        final int power = suffixes ? "BKMGTP".indexOf(last) : -1;
        final String digits = power < 0 ? text : text.substring(0, text.length() - 1);
        try {
            final long number = Long.parseLong(digits);
            if (number >= 0) {
                return Math.multiplyExact(number, 1L << (10 * Math.max(0, power)));
            }
        } catch (final NumberFormatException | ArithmeticException e) {
            throw wrongType(key, suffixes ? "a size in bytes" : "a whole number", value);
        }
        throw wrongType(key, "at least 0", value);
    }

    /** One of an enumeration's constants, spelled in lower case with dashes. */
    public <E extends Enum<E>> E choice(final String key, final Class<E> type, final E fallback) throws BlockException {
        final String value = text(key);
        if (value == null) {
            return fallback;
        }
        final StringBuilder allowed = new StringBuilder();
        for (final E constant : type.getEnumConstants()) {
            final String spelling = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (spelling.equals(value)) {
                return constant;
            }
            allowed.append(allowed.length() == 0 ? "" : ", ").append(spelling);
        }
        throw wrongType(key, "one of " + allowed, value);
    }

    /** Nested options, from a nested map or from dotted keys ({@code file.filename}); null when there are none. */
    public @Nullable BlockdevOptions nested(final String key) throws BlockException {
        final Map<String, Object> collected = new LinkedHashMap<>();
        final Object direct = values.get(key);
        if (direct instanceof Map<?, ?> map) {
            unread.remove(key);
            map.forEach((name, value) -> collected.put(String.valueOf(name), value));
        }
        final String prefix = key + ".";
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                unread.remove(name);
                collected.put(name.substring(prefix.length()), value);
            }
        });
        return collected.isEmpty() ? null : new BlockdevOptions(path + prefix, collected);
    }

    /** A list of nested options, from a list of maps or from dotted keys with indices from 0 on; empty when absent. */
    public List<BlockdevOptions> list(final String key) throws BlockException {
        final List<BlockdevOptions> elements = new ArrayList<>();
        if (values.get(key) instanceof List<?> direct) {
            unread.remove(key);
            for (final Object element : direct) {
                if (!(element instanceof Map<?, ?> map)) {
                    throw wrongType(key, "a list of objects", element);
                }
                final Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, value) -> members.put(String.valueOf(name), value));
                elements.add(new BlockdevOptions(path + key + "." + elements.size() + ".", members));
            }
            return elements;
        }
        for (BlockdevOptions next = nested(key + ".0"); next != null; next = nested(key + "." + elements.size())) {
            elements.add(next);
        }
        return elements;
    }

    /** The name of an existing node given in the place of nested options; null when there is none. */
    public @Nullable String reference(final String key) {
        if (values.get(key) instanceof String name) {
            unread.remove(key);
            return name;
        }
        return null;
    }

    /** True when the option is given, whether it has been read or not. */
    public boolean has(final String key) {
        return values.containsKey(key);
    }

    /** Refuses the first option that nobody has asked for. */
    public void refuseUnread() throws BlockException {
        for (final String key : unread) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + path + key + "' is unknown here");
        }
    }

    private @Nullable Object take(final String key) {
        unread.remove(key);
        return values.get(key);
    }

    private BlockException wrongType(final String key, final String expected, final Object value) {
        return new BlockException(
                Kind.INVALID_OPTION, "option '" + path + key + "' must be " + expected + ", not '" + value + "'");
    }
}
