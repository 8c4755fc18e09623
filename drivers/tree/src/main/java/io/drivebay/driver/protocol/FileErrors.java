package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import io.drivebay.posix.Errno;
import io.drivebay.posix.PosixException;

/** What errors of files mean to requests and to whoever opens a file. */
final class FileErrors {
    private FileErrors() {}

    /** Fails a request with an errno. An errno that a file means otherwise than a disk becomes IO_ERROR. */
    static void fail(final BlockRequest request, final int errno, final String nodeName) {
        request.fail(status(errno), errno, nodeName);
    }

    private static Status status(final int errno) {
        if (Errno.ENOSPC.is(errno) || Errno.EDQUOT.is(errno)) {
            return Status.NO_SPACE;
        }
        if (Errno.EROFS.is(errno)) {
            return Status.READ_ONLY;
        }
        return Errno.ENOMEDIUM.is(errno) ? Status.NO_MEDIUM : Status.IO_ERROR;
    }

    /** True when an errno says that a file or device has no such operation, not that the operation went wrong. */
    static boolean meansUnsupported(final int errno) {
        return Errno.EOPNOTSUPP.is(errno)
                || Errno.ENOSYS.is(errno)
                || Errno.ENOTTY.is(errno)
                || Errno.ENODEV.is(errno)
                || Errno.EINVAL.is(errno);
    }

    /** An error of a control operation. */
    static BlockException io(final PosixException cause) {
        return new BlockException(Kind.IO, String.valueOf(cause.getMessage()), cause);
    }
}
