package io.drivebay.backend.policy;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/**
 * One I/O error and what is done about it: QMP's BLOCK_IO_ERROR.
 *
 * @param nodeName the root of the disk's tree; empty when there is none any more
 * @param read true for a read, false for everything else
 * @param action what is done
 * @param noSpace true when the storage has no room
 * @param reason for people
 */
public record IoError(String nodeName, boolean read, ErrorAction action, boolean noSpace, String reason) {
    private static final int EIO = 5;
    private static final int ENOSPC = 28;

    /** What is done about a request that has just failed. */
    public static IoError of(final BlockRequest request, final String nodeName, final ErrorAction action) {
        return new IoError(
                nodeName,
                request.operation() == Operation.READ,
                action,
                request.status() == Status.NO_SPACE,
                reason(request.errno()));
    }

    /** As strerror(3) has it, for the two errors that policies are about. */
    private static String reason(final int errno) {
        return switch (errno) {
            case EIO -> "Input/output error";
            case ENOSPC -> "No space left on device";
            default -> "errno " + errno;
        };
    }
}
