package io.drivebay.backend.graph;

import java.util.StringJoiner;

/**
 * What a parent does with a node, and what it lets the node's other parents do.
 *
 * <p>A set of permissions is an int with a bit {@link #bit()} for each. The bits' positions are those that QEMU's image
 * locks use on disk.
 */
public enum Permission {
    /** Reads return what was written. */
    CONSISTENT_READ("consistent-read"),
    /** Changes data. */
    WRITE("write"),
    /** Writes data that is the same as what is there. */
    WRITE_UNCHANGED("write-unchanged"),
    /** Changes the length. */
    RESIZE("resize");

    /** The empty set. */
    public static final int NONE = 0;

    /** The set of all permissions. */
    public static final int ALL = (1 << values().length) - 1;

    private final String qapiName;

    Permission(final String qapiName) {
        this.qapiName = qapiName;
    }

    public int bit() {
        return 1 << ordinal();
    }

    /** A set of permissions. */
    public static int set(final Permission... permissions) {
        int bits = 0;
        for (final Permission permission : permissions) {
            bits |= permission.bit();
        }
        return bits;
    }

    public boolean in(final int set) {
        return (set & bit()) != 0;
    }

    /** A set in words: names in QAPI spelling, joined by commas. */
    public static String describe(final int set) {
        final StringJoiner names = new StringJoiner(", ");
        for (final Permission permission : values()) {
            if (permission.in(set)) {
                names.add(permission.qapiName);
            }
        }
        return names.toString();
    }
}
