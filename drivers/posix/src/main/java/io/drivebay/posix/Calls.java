package io.drivebay.posix;

/** The one checker of native return codes: -1 becomes a {@link PosixException} with this thread's errno. */
final class Calls {
    private Calls() {}

    /** Passes a result of 0 or more through; throws for -1. */
    static int check(final int result, final String attempted, final String target) throws PosixException {
        if (result < 0) {
            throw failure(LibC.errno(), attempted, target);
        }
        return result;
    }

    /** Passes a result of 0 or more through; throws for -1. */
    static long check(final long result, final String attempted, final String target) throws PosixException {
        if (result < 0) {
            throw failure(LibC.errno(), attempted, target);
        }
        return result;
    }

    /** True when a call returned -1 because of a signal and is to be made again. */
    static boolean interrupted(final long result) {
        return result == -1 && Errno.EINTR.is(LibC.errno());
    }

    /** For completions, which carry errors as numbers: a result of 0 or more, or the negative errno behind -1. */
    static int resultOrErrno(final long result) {
        return result < 0 ? -LibC.errno() : (int) result;
    }

    static PosixException failure(final int errno, final String attempted, final String target) {
        return new PosixException(errno, attempted, target, generalHint(errno));
    }

    private static String generalHint(final int errno) {
        if (Errno.EMFILE.is(errno)) {
            return "Raise the limit on open files (ulimit -n)";
        }
        if (Errno.ENOSPC.is(errno)) {
            return "Make room on the file system, or raise its quota";
        }
        return "";
    }
}
