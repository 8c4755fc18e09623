package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.GuestBuffer;

/**
 * A zone as a device reports it (virtio 1.3, section 5.2.6), in sectors of 512 bytes.
 *
 * @param capacity how much of the zone can be written
 * @param start its first sector
 * @param writePointer where the next write goes, where the state has a meaning for that
 */
public record BlkZone(long capacity, long start, long writePointer, Type type, State state) {
    /** How a zone is written. */
    public enum Type {
        CONVENTIONAL(1),
        SEQUENTIAL_REQUIRED(2),
        SEQUENTIAL_PREFERRED(3);

        private final int code;

        Type(final int code) {
            this.code = code;
        }
    }

    /** What a zone is like. */
    public enum State {
        NOT_WP(0),
        EMPTY(1),
        IOPEN(2),
        EOPEN(3),
        CLOSED(4),
        RDONLY(13),
        FULL(14),
        OFFLINE(15);

        private final int code;

        State(final int code) {
            this.code = code;
        }
    }

    static final int BYTES = 64;

    /** Reads a zone of a report: 0 is the first. */
    static BlkZone read(final GuestBuffer report, final int index) {
        final int at = report.offset() + BYTES * (1 + index);
        return new BlkZone(
                report.region().getLong(at),
                report.region().getLong(at + 8),
                report.region().getLong(at + 16),
                type(report.region().getByte(at + 24)),
                state(report.region().getByte(at + 25)));
    }

    private static Type type(final int code) {
        for (final Type type : Type.values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new DeviceViolation("a zone has type " + code + " (5.2.6)");
    }

    private static State state(final int code) {
        for (final State state : State.values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new DeviceViolation("a zone has state " + code + " (5.2.6)");
    }
}
