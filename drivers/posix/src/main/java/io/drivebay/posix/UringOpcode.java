package io.drivebay.posix;

/** The io_uring operations used here, with their numbers. */
enum UringOpcode {
    NOP(0),
    READV(1),
    WRITEV(2),
    FSYNC(3),
    READ_FIXED(4),
    WRITE_FIXED(5),
    POLL_ADD(6),
    ASYNC_CANCEL(14),
    FALLOCATE(17),
    READ(22),
    WRITE(23);

    private final int number;

    UringOpcode(final int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
