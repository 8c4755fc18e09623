package io.drivebay.posix;

/**
 * How a port is to be made.
 *
 * @param engine what does the I/O
 * @param operations how many operations can be in flight; one more is refused for the moment
 * @param maxThreads the most threads for what blocks
 */
public record PortOptions(Engine engine, int operations, int maxThreads) {
    /** io_uring where it works, 256 operations, 64 threads. */
    public static final PortOptions DEFAULT = new PortOptions(Engine.AUTO, 256, 64);

    private static final int MAX_OPERATIONS = 16384;

    /** What does the I/O. */
    public enum Engine {
        /** io_uring, or threads where it cannot be had. */
        AUTO,
        /** io_uring or failure. */
        IO_URING,
        /** Threads that block in pread and pwrite. */
        THREADS
    }

    /** Checks the limits. */
    public PortOptions {
        if (operations < 1 || operations > MAX_OPERATIONS) {
            throw new IllegalArgumentException("operations=" + operations + " is not in 1.." + MAX_OPERATIONS);
        }
        if (maxThreads < 1) {
            throw new IllegalArgumentException("maxThreads=" + maxThreads + " is not positive");
        }
    }

    /** The same with another engine. */
    public PortOptions with(final Engine other) {
        return new PortOptions(other, operations, maxThreads);
    }

    /** The same with another limit on operations in flight. */
    public PortOptions withOperations(final int other) {
        return new PortOptions(engine, other, maxThreads);
    }
}
