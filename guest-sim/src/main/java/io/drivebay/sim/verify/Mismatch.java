package io.drivebay.sim.verify;

/**
 * A unit that was read and is not what it should be.
 *
 * @param kind what is wrong, the gravest first
 * @param address where it was read, in bytes
 * @param detail what was found and what would have been right
 */
public record Mismatch(Kind kind, long address, String detail) {
    /** What can be wrong with a unit. */
    public enum Kind {
        /** There is no stamp. */
        NOT_STAMPED,
        /** A stamp, but the content does not go with it: torn or flipped. */
        CHECKSUM,
        /** Whole, but of another run. */
        WRONG_SEED,
        /** Whole, but belongs elsewhere. */
        WRONG_ADDRESS,
        /** Whole, but of a medium that was not in the drive. */
        WRONG_MEDIUM,
        /** Whole, but overwritten long ago, or from the future. */
        WRONG_GENERATION
    }

    @Override
    public String toString() {
        return kind + " at " + address + ": " + detail;
    }
}
