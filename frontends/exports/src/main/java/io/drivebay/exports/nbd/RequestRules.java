package io.drivebay.exports.nbd;

import static io.drivebay.nbd.Transmission.CMD_BLOCK_STATUS;
import static io.drivebay.nbd.Transmission.CMD_CACHE;
import static io.drivebay.nbd.Transmission.CMD_FLAG_DF;
import static io.drivebay.nbd.Transmission.CMD_FLAG_FAST_ZERO;
import static io.drivebay.nbd.Transmission.CMD_FLAG_FUA;
import static io.drivebay.nbd.Transmission.CMD_FLAG_NO_HOLE;
import static io.drivebay.nbd.Transmission.CMD_FLAG_PAYLOAD_LEN;
import static io.drivebay.nbd.Transmission.CMD_FLAG_REQ_ONE;
import static io.drivebay.nbd.Transmission.CMD_FLUSH;
import static io.drivebay.nbd.Transmission.CMD_READ;
import static io.drivebay.nbd.Transmission.CMD_TRIM;
import static io.drivebay.nbd.Transmission.CMD_WRITE;
import static io.drivebay.nbd.Transmission.CMD_WRITE_ZEROES;
import static io.drivebay.nbd.Transmission.EINVAL;
import static io.drivebay.nbd.Transmission.ENOSPC;
import static io.drivebay.nbd.Transmission.EPERM;
import static io.drivebay.nbd.Transmission.MAX_PAYLOAD;

/** Which requests may go on to the backend. The order of the checks is the order in which errors count. */
final class RequestRules {
    private static final int UNKNOWN = -1;

    private RequestRules() {}

    /** 0, or the NBD error that refuses the request. */
    static int refusal(
            final RequestHeader request, final Session session, final boolean writable, final long lengthBytes) {
        final int allowed = allowedFlags(request.command, session);
        if (allowed == UNKNOWN || (request.flags & ~allowed) != 0) {
            return EINVAL;
        }
        if (modifies(request.command) && !writable) {
            return EPERM;
        }
        if (request.command == CMD_FLUSH) {
            return 0;
        }
        if (request.command == CMD_BLOCK_STATUS && session.contexts() == 0) {
            return EINVAL;
        }
        if (request.command == CMD_BLOCK_STATUS && request.has(CMD_FLAG_PAYLOAD_LEN)) {
            return 0; // the range is in the payload
        }
        if (outside(request.offset, request.length, lengthBytes)) {
            return request.command == CMD_WRITE || request.command == CMD_WRITE_ZEROES ? ENOSPC : EINVAL;
        }
        final boolean tooLong = request.command == CMD_READ && request.length > MAX_PAYLOAD;
        final boolean pointless = request.command == CMD_BLOCK_STATUS && request.length == 0;
        return tooLong || pointless ? EINVAL : 0;
    }

    /** True when a range is not within so many bytes. */
    static boolean outside(final long offset, final long length, final long lengthBytes) {
        return offset < 0 || length < 0 || offset > lengthBytes || length > lengthBytes - offset;
    }

    private static boolean modifies(final int command) {
        return command == CMD_WRITE || command == CMD_TRIM || command == CMD_WRITE_ZEROES;
    }

    private static int allowedFlags(final int command, final Session session) {
        final int payload = session.extended() ? CMD_FLAG_PAYLOAD_LEN : 0;
        return switch (command) {
            case CMD_READ -> CMD_FLAG_FUA | (session.structured() ? CMD_FLAG_DF : 0);
            case CMD_WRITE -> CMD_FLAG_FUA | payload;
            case CMD_FLUSH, CMD_TRIM, CMD_CACHE -> CMD_FLAG_FUA;
            case CMD_WRITE_ZEROES -> CMD_FLAG_FUA | CMD_FLAG_NO_HOLE | CMD_FLAG_FAST_ZERO;
            case CMD_BLOCK_STATUS -> CMD_FLAG_FUA | CMD_FLAG_REQ_ONE | payload;
            default -> UNKNOWN;
        };
    }
}
