package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code -drive}: where it goes, what it does about errors, and a tree of nodes if there is a medium.
 *
 * @param where which bus it is for
 * @param place its number on that bus; -1 for the next that is free
 * @param disc true for a CD drive
 * @param id the name it was given; null for one made of its place
 * @param medium options as {@code blockdev-add} takes them; null for an empty drive
 * @param throttling options of a throttle filter; empty for none
 * @param policies {@code rerror} and {@code werror}, as far as they are given
 */
record DriveArgument(
        Interface where,
        int place,
        boolean disc,
        @Nullable String id,
        @Nullable Map<String, Object> medium,
        Map<String, Object> throttling,
        Map<String, Object> policies) {

    /** What a drive is to be connected to. */
    enum Interface {
        IDE,
        VIRTIO,
        NONE
    }

    private static final int UNITS = 2;
    private static final int MAX_PLACE = 1 << 16;
    private static final String THROTTLING = "throttling.";
    private static final Set<String> POLICY_KEYS = Set.of("rerror", "werror");

    /**
     * Reads the options.
     *
     * @throws BlockException INVALID_OPTION when they make no sense
     */
    static DriveArgument of(final Map<String, Object> given) throws BlockException {
        final Map<String, Object> options = new LinkedHashMap<>(given);
        final Interface where = interfaceOf(String.valueOf(options.getOrDefault("if", "ide")));
        options.remove("if");
        final int place = placeOf(options);
        final Object media = options.remove("media");
        if (media != null && !Set.of("disk", "cdrom").contains(media)) {
            throw new BlockException(Kind.INVALID_OPTION, "-drive: media is disk or cdrom, not '" + media + "'");
        }
        final boolean disc = "cdrom".equals(media);
        final Object id = options.remove("id");
        final Map<String, Object> throttling = new LinkedHashMap<>();
        final Map<String, Object> policies = new LinkedHashMap<>();
        final Map<String, Object> medium = new LinkedHashMap<>();
        options.forEach((key, value) -> {
            if (key.startsWith(THROTTLING)) {
                throttling.put(key.substring(THROTTLING.length()), value);
            } else {
                (POLICY_KEYS.contains(key) ? policies : medium).put(key, value);
            }
        });
        final Map<String, Object> tree = tree(medium, disc);
        return new DriveArgument(where, place, disc, id == null ? null : id.toString(), tree, throttling, policies);
    }

    private static Interface interfaceOf(final String name) throws BlockException {
        return switch (name) {
            case "ide" -> Interface.IDE;
            case "virtio" -> Interface.VIRTIO;
            case "none" -> Interface.NONE;
            default ->
                throw new BlockException(
                        Kind.INVALID_OPTION, "-drive: if=" + name + " is none of ide, virtio and none");
        };
    }

    private static int placeOf(final Map<String, Object> options) throws BlockException {
        final int index = number("index", options.remove("index"));
        final int bus = number("bus", options.remove("bus"));
        final int unit = number("unit", options.remove("unit"));
        if (index >= 0 && (bus >= 0 || unit >= 0)) {
            throw new BlockException(Kind.INVALID_OPTION, "-drive: index goes without bus and unit");
        }
        return index >= 0 || unit < 0 ? index : Math.max(bus, 0) * UNITS + unit;
    }

    private static int number(final String key, final @Nullable Object value) throws BlockException {
        if (value == null) {
            return -1;
        }
        try {
            final int number = Integer.parseInt(value.toString());
            if (number >= 0 && number < MAX_PLACE) {
                return number;
            }
        } catch (final NumberFormatException e) {
            throw new BlockException(Kind.INVALID_OPTION, "-drive: " + key + "=" + value + " is no number", e);
        }
        throw new BlockException(Kind.INVALID_OPTION, "-drive: " + key + "=" + value + " is out of range");
    }

    // ---- the tree ----

    private static @Nullable Map<String, Object> tree(final Map<String, Object> options, final boolean disc)
            throws BlockException {
        final Object file = options.remove("file");
        final boolean any = file != null || options.containsKey("driver") || options.containsKey("file.driver");
        if (!any && (disc || options.isEmpty())) {
            return null;
        }
        final Map<String, Object> tree = new LinkedHashMap<>();
        final Object format = options.remove("format");
        tree.put("driver", format == null ? "raw" : format);
        cache(tree, options.remove("cache"));
        final Object readOnly = options.remove("readonly");
        tree.put("read-only", readOnly != null ? readOnly : disc ? "on" : "off");
        if (file != null) {
            FileName.describe(tree, "file", file.toString(), options.remove("aio"));
        }
        tree.putAll(options);
        return tree;
    }

    private static void cache(final Map<String, Object> tree, final @Nullable Object mode) throws BlockException {
        if (mode == null) {
            return;
        }
        switch (mode.toString()) {
            case "writeback" -> {}
            case "none" -> tree.put("cache.direct", "on");
            case "unsafe" -> tree.put("cache.no-flush", "on");
            default ->
                throw new BlockException(
                        Kind.INVALID_OPTION,
                        "-drive: cache=" + mode
                                + " is none of writeback, none and unsafe; a device's write-cache=off is"
                                + " what makes writes durable at once");
        }
    }
}
