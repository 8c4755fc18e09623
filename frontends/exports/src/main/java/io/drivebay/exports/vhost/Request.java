package io.drivebay.exports.vhost;

import org.jspecify.annotations.Nullable;

/** The messages of a front-end (vhost-user, "Front-end message types"): what each looks like and when it may come. */
enum Request {
    // spotless:off
    //                      code  bytes of payload        files   answer        needs
    GET_FEATURES           (1,    0,   0,                 0, 0,   Answer.OWN,   0),
    SET_FEATURES           (2,    8,   8,                 0, 0,   Answer.ACK,   0),
    SET_OWNER              (3,    0,   0,                 0, 0,   Answer.ACK,   0),
    RESET_OWNER            (4,    0,   0,                 0, 0,   Answer.ACK,   0),
    SET_MEM_TABLE          (5,    8,   8 + 32 * 8,        0, 8,   Answer.ACK,   0),
    SET_LOG_BASE           (6,    16,  16,                1, 1,   Answer.OWN,   ProtocolFeatures.LOG_SHMFD),
    SET_LOG_FD             (7,    0,   8,                 0, 1,   Answer.ACK,   0),
    SET_VRING_NUM          (8,    8,   8,                 0, 0,   Answer.ACK,   0),
    SET_VRING_ADDR         (9,    40,  40,                0, 0,   Answer.ACK,   0),
    SET_VRING_BASE         (10,   8,   8,                 0, 0,   Answer.ACK,   0),
    GET_VRING_BASE         (11,   8,   8,                 0, 0,   Answer.OWN,   0),
    SET_VRING_KICK         (12,   8,   8,                 0, 1,   Answer.ACK,   0),
    SET_VRING_CALL         (13,   8,   8,                 0, 1,   Answer.ACK,   0),
    SET_VRING_ERR          (14,   8,   8,                 0, 1,   Answer.ACK,   0),
    GET_PROTOCOL_FEATURES  (15,   0,   0,                 0, 0,   Answer.OWN,   0),
    SET_PROTOCOL_FEATURES  (16,   8,   8,                 0, 0,   Answer.ACK,   0),
    GET_QUEUE_NUM          (17,   0,   0,                 0, 0,   Answer.OWN,   0),
    SET_VRING_ENABLE       (18,   8,   8,                 0, 0,   Answer.ACK,   0),
    SET_BACKEND_REQ_FD     (21,   0,   8,                 1, 1,   Answer.ACK,   ProtocolFeatures.BACKEND_REQ),
    GET_CONFIG             (24,   12,  12 + 256,          0, 0,   Answer.OWN,   ProtocolFeatures.CONFIG),
    SET_CONFIG             (25,   12,  12 + 256,          0, 0,   Answer.ACK,   ProtocolFeatures.CONFIG),
    GET_INFLIGHT_FD        (31,   20,  24,                0, 0,   Answer.OWN,   ProtocolFeatures.INFLIGHT_SHMFD),
    SET_INFLIGHT_FD        (32,   20,  24,                1, 1,   Answer.ACK,   ProtocolFeatures.INFLIGHT_SHMFD),
    RESET_DEVICE           (34,   0,   0,                 0, 0,   Answer.ACK,   ProtocolFeatures.RESET_DEVICE),
    GET_MAX_MEM_SLOTS      (36,   0,   0,                 0, 0,   Answer.OWN,   ProtocolFeatures.CONFIGURE_MEM_SLOTS),
    ADD_MEM_REG            (37,   40,  40,                1, 1,   Answer.ACK,   ProtocolFeatures.CONFIGURE_MEM_SLOTS),
    REM_MEM_REG            (38,   40,  40,                0, 1,   Answer.ACK,   ProtocolFeatures.CONFIGURE_MEM_SLOTS),
    SET_STATUS             (39,   8,   8,                 0, 0,   Answer.ACK,   ProtocolFeatures.STATUS),
    GET_STATUS             (40,   0,   0,                 0, 0,   Answer.OWN,   ProtocolFeatures.STATUS);
    // spotless:on

    /** What the client gets for a message. */
    enum Answer {
        /** A reply that belongs to it. */
        OWN,
        /** Whether it succeeded, if it asks for that and REPLY_ACK was negotiated. */
        ACK
    }

    private static final Request[] BY_CODE = new Request[64];

    static {
        for (final Request request : values()) {
            BY_CODE[request.code] = request;
        }
    }

    private final int code;
    private final int leastBytes;
    private final int mostBytes;
    private final int leastFiles;
    private final int mostFiles;
    private final Answer answer;
    private final long needs;

    @SuppressWarnings("checkstyle:ParameterNumber") // the columns of a table
    Request(
            final int code,
            final int leastBytes,
            final int mostBytes,
            final int leastFiles,
            final int mostFiles,
            final Answer answer,
            final long needs) {
        this.code = code;
        this.leastBytes = leastBytes;
        this.mostBytes = mostBytes;
        this.leastFiles = leastFiles;
        this.mostFiles = mostFiles;
        this.answer = answer;
        this.needs = needs;
    }

    /** The message with a number; null when there is none that this server knows. */
    static @Nullable Request of(final int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    Answer answer() {
        return answer;
    }

    /** What is wrong with a message of this kind; null when nothing is. */
    @Nullable
    String refusal(final int payloadBytes, final int files, final long negotiated) {
        if (payloadBytes < leastBytes || payloadBytes > mostBytes) {
            return this + " with a payload of " + Integer.toUnsignedString(payloadBytes) + " bytes";
        }
        if (files < leastFiles || files > mostFiles) {
            return this + " with " + files + " descriptors";
        }
        if ((negotiated & needs) != needs) {
            return this + " without the protocol feature it belongs to";
        }
        return null;
    }
}
