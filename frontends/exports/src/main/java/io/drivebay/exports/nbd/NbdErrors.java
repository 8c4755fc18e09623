package io.drivebay.exports.nbd;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.nbd.Transmission;

/** What a client is told of a request's end. */
final class NbdErrors {
    private static final int ENOMEM = 12;

    private NbdErrors() {}

    /** The NBD error of a request that has ended; 0 when it succeeded. */
    static int of(final BlockRequest request) {
        return request.status() == Status.IO_ERROR && request.errno() == ENOMEM
                ? Transmission.ENOMEM
                : of(request.status(), request.operation());
    }

    private static int of(final Status status, final Operation operation) {
        return switch (status) {
            case OK -> 0;
            case IO_ERROR, NO_MEDIUM, MEDIUM_CHANGED -> Transmission.EIO;
            case NO_SPACE -> Transmission.ENOSPC;
            case READ_ONLY -> Transmission.EPERM;
            case NOT_SUPPORTED -> Transmission.ENOTSUP;
            case CANCELED -> Transmission.ESHUTDOWN;
            case INVALID -> operation == Operation.WRITE ? Transmission.ENOSPC : Transmission.EINVAL;
        };
    }
}
