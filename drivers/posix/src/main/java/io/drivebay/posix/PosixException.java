package io.drivebay.posix;

import java.io.IOException;

/** A system call failed: which one, on what, with which errno, and where known what to do about it. */
public class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param errno positive error number
     * @param attempted what was tried, as {@code "open"} or {@code "read of 512 bytes at 0"}
     * @param target what it was tried on, usually a path
     * @param hint what the user can do about it, a sentence; empty for none
     */
    public PosixException(final int errno, final String attempted, final String target, final String hint) {
        super(message(errno, attempted, target, hint));
        this.errno = errno;
    }

    /** For errors whose text is not made of attempt and target. */
    PosixException(final int errno, final String message) {
        super(message);
        this.errno = errno;
    }

    /** Positive error number. */
    public final int errno() {
        return errno;
    }

    /** Symbolic name of the error number, as {@code EACCES}. */
    public final String errnoName() {
        return Errno.nameOf(errno);
    }

    private static String message(final int errno, final String attempted, final String target, final String hint) {
        final String what = attempted + " of " + target + " failed: " + Errno.describe(errno);
        return hint.isEmpty() ? what : what + ". " + hint;
    }
}
