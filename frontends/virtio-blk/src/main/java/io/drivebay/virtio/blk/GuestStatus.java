package io.drivebay.virtio.blk;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneErrors;

/** Values of a request's status byte (virtio 1.3, 5.2.6), and the one place where a result becomes one. */
final class GuestStatus {
    static final int OK = 0;
    static final int IO_ERROR = 1;
    static final int UNSUPPORTED = 2;
    static final int ZONE_INVALID_COMMAND = 3;
    static final int ZONE_UNALIGNED_WRITE_POINTER = 4;
    static final int ZONE_OPEN_RESOURCE = 5;
    static final int ZONE_ACTIVE_RESOURCE = 6;

    private GuestStatus() {}

    /** The status of a request, on a disk that has zones or has none. */
    static int of(final BlockRequest request, final boolean zoned) {
        if (request.succeeded()) {
            return OK;
        }
        if (zoned && request.status() == Status.INVALID) {
            return ofZone(request.errno());
        }
        final Operation operation = request.operation();
        final boolean optional = operation == Operation.DISCARD
                || operation == Operation.WRITE_ZEROES
                || operation == Operation.SECURE_ERASE;
        return optional && request.status() == Status.NOT_SUPPORTED ? UNSUPPORTED : IO_ERROR;
    }

    private static int ofZone(final int errno) {
        return switch (errno) {
            case ZoneErrors.INVALID -> ZONE_INVALID_COMMAND;
            case ZoneErrors.UNALIGNED -> ZONE_UNALIGNED_WRITE_POINTER;
            case ZoneErrors.OPEN_ZONES -> ZONE_OPEN_RESOURCE;
            case ZoneErrors.ACTIVE_ZONES -> ZONE_ACTIVE_RESOURCE;
            default -> IO_ERROR;
        };
    }
}
