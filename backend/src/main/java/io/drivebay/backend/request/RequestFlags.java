package io.drivebay.backend.request;

/** Bits of {@link BlockRequest#flags()}. */
public final class RequestFlags {
    /** The write is durable when it completes. */
    public static final int FUA = 1;
    /** WRITE_ZEROES may give the space back. */
    public static final int MAY_UNMAP = 1 << 1;
    /** WRITE_ZEROES fails with NOT_SUPPORTED rather than writing zeros from memory. */
    public static final int NO_FALLBACK = 1 << 2;

    private RequestFlags() {}
}
