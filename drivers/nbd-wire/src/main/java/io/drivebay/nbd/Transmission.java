package io.drivebay.nbd;

/**
 * Numbers of the transmission phase, as the NBD protocol document names them. Everything is big-endian.
 *
 * <pre>
 * request             0 magic  4 flags  6 command  8 cookie  16 offset  24 length (4)      28 bytes
 * extended request    0 magic  4 flags  6 command  8 cookie  16 offset  24 length (8)      32 bytes
 * simple reply        0 magic  4 error  8 cookie                                           16 bytes
 * structured chunk    0 magic  4 flags  6 type     8 cookie  16 length (4)                 20 bytes
 * extended chunk      0 magic  4 flags  6 type     8 cookie  16 offset  24 length (8)      32 bytes
 * </pre>
 */
@SuppressWarnings("checkstyle:JavadocVariable")
public final class Transmission {
    public static final int REQUEST_MAGIC = 0x25609513;
    public static final int EXTENDED_REQUEST_MAGIC = 0x21e41c71;
    public static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;
    public static final int EXTENDED_REPLY_MAGIC = 0x6e8a278c;

    public static final int REQUEST_BYTES = 28;
    public static final int EXTENDED_REQUEST_BYTES = 32;
    public static final int SIMPLE_REPLY_BYTES = 16;
    public static final int STRUCTURED_REPLY_BYTES = 20;
    public static final int EXTENDED_REPLY_BYTES = 32;

    public static final int FLAG_HAS_FLAGS = 1;
    public static final int FLAG_READ_ONLY = 1 << 1;
    public static final int FLAG_SEND_FLUSH = 1 << 2;
    public static final int FLAG_SEND_FUA = 1 << 3;
    public static final int FLAG_SEND_TRIM = 1 << 5;
    public static final int FLAG_SEND_WRITE_ZEROES = 1 << 6;
    public static final int FLAG_SEND_DF = 1 << 7;
    public static final int FLAG_CAN_MULTI_CONN = 1 << 8;
    public static final int FLAG_SEND_CACHE = 1 << 10;
    public static final int FLAG_SEND_FAST_ZERO = 1 << 11;
    public static final int FLAG_BLOCK_STATUS_PAYLOAD = 1 << 12;

    public static final int CMD_READ = 0;
    public static final int CMD_WRITE = 1;
    public static final int CMD_DISC = 2;
    public static final int CMD_FLUSH = 3;
    public static final int CMD_TRIM = 4;
    public static final int CMD_CACHE = 5;
    public static final int CMD_WRITE_ZEROES = 6;
    public static final int CMD_BLOCK_STATUS = 7;

    public static final int CMD_FLAG_FUA = 1;
    public static final int CMD_FLAG_NO_HOLE = 1 << 1;
    public static final int CMD_FLAG_DF = 1 << 2;
    public static final int CMD_FLAG_REQ_ONE = 1 << 3;
    public static final int CMD_FLAG_FAST_ZERO = 1 << 4;
    public static final int CMD_FLAG_PAYLOAD_LEN = 1 << 5;

    public static final int REPLY_FLAG_DONE = 1;

    public static final int REPLY_NONE = 0;
    public static final int REPLY_OFFSET_DATA = 1;
    public static final int REPLY_OFFSET_HOLE = 2;
    public static final int REPLY_BLOCK_STATUS = 5;
    public static final int REPLY_BLOCK_STATUS_EXT = 6;
    public static final int REPLY_ERROR_BIT = 1 << 15;
    public static final int REPLY_ERROR = REPLY_ERROR_BIT + 1;
    public static final int REPLY_ERROR_OFFSET = REPLY_ERROR_BIT + 2;

    /** Extent flag of {@code base:allocation}: no space is allocated. */
    public static final int STATE_HOLE = 1;
    /** Extent flag of {@code base:allocation}: reads as zeros. */
    public static final int STATE_ZERO = 1 << 1;

    public static final String BASE_ALLOCATION = "base:allocation";
    public static final String ALLOCATION_DEPTH = "qemu:allocation-depth";

    public static final int EPERM = 1;
    public static final int EIO = 5;
    public static final int ENOMEM = 12;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSUP = 95;
    public static final int ESHUTDOWN = 108;

    /** The longest payload that every server takes and that this one takes at most, in bytes. */
    public static final int MAX_PAYLOAD = 32 << 20;

    /** The TCP port that IANA gave to NBD. */
    public static final int DEFAULT_PORT = 10809;

    private Transmission() {}
}
