package io.drivebay.backend.request;

/** Bits of {@link BlockRequest#statusFlags()}, the answer to {@link Operation#BLOCK_STATUS}. */
public final class BlockStatusFlags {
    /** The range holds data of its own. */
    public static final int DATA = 1;
    /** The range reads as zeros. */
    public static final int ZERO = 1 << 1;
    /** The answer comes from this layer, not from a backing file. */
    public static final int ALLOCATED = 1 << 4;
    /** The answer ends with the medium. */
    public static final int END_OF_FILE = 1 << 5;

    private BlockStatusFlags() {}
}
