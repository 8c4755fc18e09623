package io.drivebay.posix;

import java.io.IOException;

/** Something that must not run on an I/O context's thread because it may block. */
@FunctionalInterface
public interface BlockingTask {
    /**
     * Runs on a thread of the port's pool.
     *
     * @return 0 or more: the operation's result
     * @throws IOException becomes the negative errno of a {@link PosixException}, or EIO
     */
    int run() throws IOException;
}
