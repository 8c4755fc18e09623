package io.drivebay.nbd;

/**
 * Numbers of the newstyle handshake, as the NBD protocol document names them. Everything is big-endian.
 *
 * <pre>
 * greeting        0 NBDMAGIC      8 IHAVEOPT   16 flags (2)                              18 bytes
 * option          0 IHAVEOPT      8 option (4) 12 length (4)                             16 bytes, then data
 * option reply    0 reply magic   8 option (4) 12 reply type (4) 16 length (4)           20 bytes, then data
 * </pre>
 */
@SuppressWarnings("checkstyle:JavadocVariable")
public final class Handshake {
    public static final long NBD_MAGIC = 0x4e42444d41474943L;
    public static final long OPTION_MAGIC = 0x49484156454F5054L;
    public static final long REPLY_MAGIC = 0x0003e889045565a9L;

    public static final int GREETING_BYTES = 18;
    public static final int OPTION_BYTES = 16;
    public static final int REPLY_BYTES = 20;

    /** Server and client flag: options and replies as this class has them. */
    public static final int FIXED_NEWSTYLE = 1;
    /** Server and client flag: no 124 zeros after the answer to EXPORT_NAME. */
    public static final int NO_ZEROES = 1 << 1;
    /** The zeros after the answer to EXPORT_NAME of a client that did not say NO_ZEROES. */
    public static final int EXPORT_NAME_PADDING = 124;

    public static final int OPT_EXPORT_NAME = 1;
    public static final int OPT_ABORT = 2;
    public static final int OPT_LIST = 3;
    public static final int OPT_STARTTLS = 5;
    public static final int OPT_INFO = 6;
    public static final int OPT_GO = 7;
    public static final int OPT_STRUCTURED_REPLY = 8;
    public static final int OPT_LIST_META_CONTEXT = 9;
    public static final int OPT_SET_META_CONTEXT = 10;
    public static final int OPT_EXTENDED_HEADERS = 11;

    public static final int REP_ACK = 1;
    public static final int REP_SERVER = 2;
    public static final int REP_INFO = 3;
    public static final int REP_META_CONTEXT = 4;
    /** Set in the type of every reply that is a refusal. */
    public static final int REP_ERROR = 1 << 31;

    public static final int ERR_UNSUP = REP_ERROR + 1;
    public static final int ERR_POLICY = REP_ERROR + 2;
    public static final int ERR_INVALID = REP_ERROR + 3;
    public static final int ERR_TLS_REQD = REP_ERROR + 5;
    public static final int ERR_UNKNOWN = REP_ERROR + 6;
    public static final int ERR_SHUTDOWN = REP_ERROR + 7;
    public static final int ERR_BLOCK_SIZE_REQD = REP_ERROR + 8;
    public static final int ERR_TOO_BIG = REP_ERROR + 9;
    public static final int ERR_EXT_HEADER_REQD = REP_ERROR + 10;

    public static final int INFO_EXPORT = 0;
    public static final int INFO_NAME = 1;
    public static final int INFO_DESCRIPTION = 2;
    public static final int INFO_BLOCK_SIZE = 3;

    /** The longest name, description or query, in bytes of UTF-8. */
    public static final int MAX_STRING = 4096;

    private Handshake() {}

    /** A refusal in words, for messages. */
    public static String describeReply(final int type) {
        return switch (type) {
            case ERR_UNSUP -> "not supported";
            case ERR_POLICY -> "forbidden by policy";
            case ERR_INVALID -> "invalid";
            case ERR_TLS_REQD -> "TLS required";
            case ERR_UNKNOWN -> "no such export";
            case ERR_SHUTDOWN -> "server is shutting down";
            case ERR_BLOCK_SIZE_REQD -> "client must ask for the block size";
            case ERR_TOO_BIG -> "too big";
            case ERR_EXT_HEADER_REQD -> "extended headers required";
            default -> "reply type " + Integer.toHexString(type);
        };
    }
}
