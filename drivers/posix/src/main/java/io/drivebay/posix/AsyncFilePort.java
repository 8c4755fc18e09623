package io.drivebay.posix;

import io.drivebay.backend.context.WaitPort;
import io.drivebay.posix.PortOptions.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wait port that does file I/O. May be made by any thread; the first one that calls it otherwise (but for
 * {@link #wake()}) is its thread from then on, and must not be a virtual one.
 */
public sealed interface AsyncFilePort extends WaitPort permits UringPort, EpollPort {
    /** Makes the best port there is; where that is not io_uring, the log says why. */
    static AsyncFilePort open(final PortOptions options) throws PosixException {
        final Logger log = LoggerFactory.getLogger(AsyncFilePort.class);
        if (options.engine() != Engine.THREADS) {
            try {
                final AsyncFilePort port = UringPort.open(options);
                log.debug("File I/O by {}", port);
                return port;
            } catch (final IoUringUnavailableException e) {
                if (options.engine() == Engine.IO_URING) {
                    throw e;
                }
                log.info("File I/O by threads, not io_uring: {}", e.getMessage());
            }
        }
        return EpollPort.open(options);
    }

    /** {@link Engine#IO_URING} or {@link Engine#THREADS}. */
    Engine engine();

    /**
     * Begins I/O on an open file.
     *
     * @param completion told of each operation of this file that is done
     */
    <T> AsyncFile<T> attach(PosixFile file, IoCompletion<T> completion);

    /** As {@link #attach}, by threads that block, whatever the port's own way is. */
    <T> AsyncFile<T> attachToThreads(PosixFile file, IoCompletion<T> completion);

    /**
     * Watches an event, a socket or the like: runs an action out of {@link #poll()} when the descriptor becomes
     * readable, and again each time that more arrives. It is not run for what it has left unread. Watching does not
     * make the port {@link #busy()}.
     */
    FdWatch watch(int fd, Runnable action);

    /** Runs something once, out of {@link #poll()}, when an operation that was refused has a chance. First come, first served. */
    void whenRoom(Runnable retry);

    /** How many operations were accepted and have not completed. */
    int inFlight();

    /**
     * Waits for operations in flight, runs their callbacks, then gives back what the port holds. Operations that are
     * started meanwhile are refused.
     */
    @Override
    void close();
}
