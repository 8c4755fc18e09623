package io.drivebay.posix;

/** This kernel has no io_uring, an old one, or forbids it here: other ways of I/O must do. */
public final class IoUringUnavailableException extends PosixException {
    private static final long serialVersionUID = 1L;

    IoUringUnavailableException(final int errno, final String hint) {
        super(errno, "io_uring_setup", "an io_uring", hint);
    }

    static IoUringUnavailableException because(final int errno) {
        final String hint;
        if (Errno.ENOSYS.is(errno)) {
            hint = "The kernel was built without io_uring, or a sandbox hides it";
        } else if (Errno.EPERM.is(errno)) {
            hint = "Forbidden by the sysctl kernel.io_uring_disabled or by a seccomp filter (containers often set one)";
        } else if (Errno.ENOMEM.is(errno)) {
            hint = "Kernels before 5.12 count rings as locked memory: raise the limit (ulimit -l)";
        } else {
            hint = "";
        }
        return new IoUringUnavailableException(errno, hint);
    }
}
