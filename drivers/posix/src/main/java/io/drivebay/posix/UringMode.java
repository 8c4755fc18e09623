package io.drivebay.posix;

/** How a ring is set up; the best one that the kernel knows is taken, in this order. */
enum UringMode {
    /**
     * Completions are finished only when the one thread that uses the ring enters the kernel, and a flag in shared
     * memory tells that there are some: no interrupts between processors, no idle calls. Linux 6.1.
     */
    DEFERRED(Setup.SINGLE_ISSUER | Setup.DEFER_TASKRUN | Setup.TASKRUN_FLAG | Setup.SUBMIT_ALL | Setup.R_DISABLED),
    /** Completions wait for any entry into the kernel, and a flag tells of them. Linux 5.19. */
    COOPERATIVE(Setup.COOP_TASKRUN | Setup.TASKRUN_FLAG | Setup.SUBMIT_ALL),
    /** The kernel interrupts the thread to finish completions. Linux 5.11. */
    PLAIN(0);

    private final int flags;

    UringMode(final int flags) {
        this.flags = flags | Setup.CQSIZE | Setup.CLAMP;
    }

    /** Flags of io_uring_setup. */
    int flags() {
        return flags;
    }

    /** True when the thread that will use the ring has to enable it. */
    boolean startsDisabled() {
        return this == DEFERRED;
    }

    /** True when completions need an entry into the kernel with GETEVENTS. */
    boolean collectsOnEnter() {
        return this == DEFERRED;
    }

    private static final class Setup {
        // spotless:off
        static final int CQSIZE        = 1 << 3;
        static final int CLAMP         = 1 << 4;
        static final int R_DISABLED    = 1 << 6;
        static final int SUBMIT_ALL    = 1 << 7;
        static final int COOP_TASKRUN  = 1 << 8;
        static final int TASKRUN_FLAG  = 1 << 9;
        static final int SINGLE_ISSUER = 1 << 12;
        static final int DEFER_TASKRUN = 1 << 13;
        // spotless:on

        private Setup() {}
    }
}
