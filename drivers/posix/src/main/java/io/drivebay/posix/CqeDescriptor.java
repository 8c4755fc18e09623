package io.drivebay.posix;

/** {@code struct io_uring_cqe}: 8 bytes of user data, 4 of result (negative: errno), 4 of flags. */
final class CqeDescriptor {
    static final int BYTES = 16;

    static final int USER_DATA = 0;
    static final int RESULT = 8;
    static final int FLAGS = 12;

    /** The submission stays armed and completes again. */
    static final int FLAG_MORE = 0x2;

    private CqeDescriptor() {}
}
