package io.drivebay.posix;

/**
 * {@code struct io_uring_sqe}: 64 bytes.
 *
 * <pre>
 *  0 opcode(8) flags(8) ioprio(16) fd(32)
 *  8 offset
 * 16 address
 * 24 length(32) operation flags(32)
 * 32 user data
 * 40 buffer index(16) personality(16) file index(32)
 * 48 unused by the operations here, 16 bytes that stay zero
 * </pre>
 */
final class SqeDescriptor {
    static final int BYTES = 64;

    static final int OPCODE = 0;
    static final int FLAGS = 1;
    static final int OFFSET = 8;
    static final int ADDRESS = 16;
    static final int LENGTH = 24;
    static final int OPERATION_FLAGS = 28;
    static final int USER_DATA = 32;
    static final int BUFFER_INDEX = 40;

    /** The descriptor is an index into the registered files. */
    static final byte FLAG_FIXED_FILE = 0x1;

    private SqeDescriptor() {}
}
