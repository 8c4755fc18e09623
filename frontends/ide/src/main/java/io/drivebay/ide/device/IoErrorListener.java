package io.drivebay.ide.device;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.ide.device.ErrorPolicy.Action;

/** Is told of I/O errors, as a monitor reports them. */
@FunctionalInterface
public interface IoErrorListener {
    /** Nobody. */
    IoErrorListener NONE = (device, request, action) -> {};

    /**
     * An I/O error, after the drive has acted on it: a reported one after the guest could see it, a stopped one when the
     * drive's state says so but before the machine stops (semantics E2, E3). In the backend's context, under the
     * channel's lock: must neither block nor call the drive.
     *
     * @param device the drive's id
     * @param request what failed, with status and errno
     * @param action what was done: REPORT, IGNORE or STOP
     */
    void ioError(String device, BlockRequest request, Action action);
}
