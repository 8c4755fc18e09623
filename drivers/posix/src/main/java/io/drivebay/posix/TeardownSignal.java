package io.drivebay.posix;

import java.io.UncheckedIOException;

/**
 * Tells when the kernel has torn a closed ring down and so done with the memory of all its operations.
 *
 * <p>The ring's file table holds the only write end of a pipe. The kernel lets the table go last, after every operation
 * has ended, and then the read end hangs up.
 */
final class TeardownSignal implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;

    private final PosixFile readEnd;

    private TeardownSignal(final PosixFile readEnd) {
        this.readEnd = readEnd;
    }

    /** Puts the write end of a new pipe at an index of a ring's file table. */
    static TeardownSignal register(final UringRegistry registry, final int index) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        Calls.check(LibC.pipe2(scratch.address(), O_CLOEXEC), "pipe2", "a pipe");
        final PosixFile readEnd = PosixFile.adopt(scratch.structure().getInt(0), "pipe");
        final PosixFile writeEnd = PosixFile.adopt(scratch.structure().getInt(Integer.BYTES), "pipe");
        try (writeEnd) {
            registry.setFile(index, writeEnd.fd());
            return new TeardownSignal(readEnd);
        } catch (final PosixException e) {
            readEnd.close();
            throw e;
        }
    }

    /** Sleeps until the ring is gone; it must have been closed. */
    void await() {
        try (Epoll epoll = Epoll.create(1)) {
            epoll.add(readEnd.fd(), Epoll.HANG_UP, 0);
            while (epoll.await(Long.MAX_VALUE) == 0) {
                // interrupted by a signal
            }
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        readEnd.close();
    }
}
