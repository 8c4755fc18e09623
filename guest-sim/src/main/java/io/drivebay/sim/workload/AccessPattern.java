package io.drivebay.sim.workload;

import java.util.Locale;

/** Where a job's requests go and which way. */
public enum AccessPattern {
    /** Reads, one after the other. */
    READ(true, false, false),
    /** Writes, one after the other. */
    WRITE(false, true, false),
    /** Reads anywhere. */
    RANDREAD(true, false, true),
    /** Writes anywhere. */
    RANDWRITE(false, true, true),
    /** Reads and writes anywhere. */
    RANDRW(true, true, true);

    private final boolean reads;
    private final boolean writes;
    private final boolean random;

    AccessPattern(final boolean reads, final boolean writes, final boolean random) {
        this.reads = reads;
        this.writes = writes;
        this.random = random;
    }

    public boolean reads() {
        return reads;
    }

    public boolean writes() {
        return writes;
    }

    public boolean random() {
        return random;
    }

    /** The pattern with a name as on a command line, in lower case. */
    public static AccessPattern parse(final String text) {
        for (final AccessPattern pattern : values()) {
            if (pattern.toString().equals(text)) {
                return pattern;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no access pattern: read, write, randread, randwrite or randrw");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
