package io.drivebay.posix;

/** What makes a process one of the background. */
public final class Session {
    private static final int STANDARD_STREAMS = 3;

    private Session() {}

    /** Leaves the terminal's session for one of the process's own. Fails for the leader of a process group. */
    public static void begin() throws PosixException {
        Calls.check(LibC.setsid(), "begin a session", "this process");
    }

    /** From now on standard input is empty, and what goes to standard output and error is lost. */
    public static void silence() throws PosixException {
        try (PosixFile nothing = PosixFile.open("/dev/null", OpenFlag.READ_WRITE)) {
            for (int fd = 0; fd < STANDARD_STREAMS; fd++) {
                Calls.check(LibC.dup2(nothing.fd(), fd), "redirect descriptor " + fd, "/dev/null");
            }
        }
    }
}
