package io.drivebay.virtio.blk;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/** Values of a request's status byte (virtio 1.2, 5.2.6), and the one place where a result becomes one. */
final class GuestStatus {
    static final int OK = 0;
    static final int IO_ERROR = 1;
    static final int UNSUPPORTED = 2;

    private GuestStatus() {}

    static int of(final BlockRequest request) {
        if (request.succeeded()) {
            return OK;
        }
        final Operation operation = request.operation();
        final boolean optional = operation == Operation.DISCARD || operation == Operation.WRITE_ZEROES;
        return optional && request.status() == Status.NOT_SUPPORTED ? UNSUPPORTED : IO_ERROR;
    }
}
