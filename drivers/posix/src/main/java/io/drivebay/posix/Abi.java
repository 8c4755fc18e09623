package io.drivebay.posix;

/** The numbers of the Linux ABI that differ between processors; all others stand beside their use. */
final class Abi {
    private static final String ARCH = System.getProperty("os.arch", "");

    static final boolean X86_64 = ARCH.equals("amd64") || ARCH.equals("x86_64");
    static final boolean AARCH64 = ARCH.equals("aarch64") || ARCH.equals("arm64");

    // spotless:off
    static final int O_NOFOLLOW       = X86_64 ? 0x20000 : 0x8000;
    static final int O_DIRECT         = X86_64 ? 0x4000  : 0x10000;

    static final long SYS_STATX         = X86_64 ? 332 : 291;
    static final long SYS_MEMFD_CREATE  = X86_64 ? 319 : 279;
    static final long SYS_PWRITEV2      = X86_64 ? 328 : 287;
    static final long SYS_EPOLL_PWAIT2  = 441;
    static final long SYS_IO_URING_SETUP    = 425;
    static final long SYS_IO_URING_ENTER    = 426;
    static final long SYS_IO_URING_REGISTER = 427;
    // spotless:on

    private Abi() {}

    static boolean processorIsKnown() {
        return X86_64 || AARCH64;
    }
}
