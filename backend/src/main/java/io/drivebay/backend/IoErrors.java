package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.policy.IoStatus;
import io.drivebay.backend.request.BlockRequest;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a backend's I/O errors. Belongs to the backend: a change of medium changes nothing here.
 *
 * <p>A device that is told of a failure asks {@link #judge}, acts, and then calls {@link #announce}: a reported error is
 * one that the guest can see already, a request that stops the machine is in the device's keeping.
 */
public final class IoErrors {
    private final BlockBackend backend;
    private volatile ErrorPolicy policy = ErrorPolicy.DEFAULT;
    private volatile IoStatus status = IoStatus.OK;

    IoErrors(final BlockBackend backend) {
        this.backend = backend;
    }

    /** Any thread. */
    public ErrorPolicy policy() {
        return policy;
    }

    /** Holds for failures from then on. Any thread. */
    public void policy(final ErrorPolicy newPolicy) {
        policy = newPolicy;
    }

    /** The first error that stopped the machine since it last went on. Any thread. */
    public IoStatus status() {
        return status;
    }

    void resetStatus() {
        status = IoStatus.OK;
    }

    /**
     * What to do about a request that has failed; null when it is not the storage that failed, which is reported and no
     * more. Where nobody could make the machine go on again, nothing stops it. The context's thread.
     */
    public @Nullable IoError judge(final BlockRequest request) {
        if (!ErrorPolicy.isOfStorage(request.status())) {
            return null;
        }
        final ErrorAction wanted = policy.judge(request.operation(), request.status());
        final boolean stops = wanted == ErrorAction.STOP;
        final ErrorAction action = stops && !backend.layer().runState().stoppable() ? ErrorAction.REPORT : wanted;
        final BlockNode medium = backend.medium();
        return IoError.of(request, medium == null ? "" : medium.name(), action);
    }

    /**
     * Tells of an error that has been acted on, and stops the machine if that is what was decided: first the backend's
     * status, then BLOCK_IO_ERROR, then STOP (semantics E2, E3). The context's thread.
     */
    public void announce(final IoError error) {
        final boolean stops = error.action() == ErrorAction.STOP;
        if (stops && status == IoStatus.OK) {
            status = error.noSpace() ? IoStatus.NOSPACE : IoStatus.FAILED;
        }
        backend.layer().listeners().ioError(backend, error);
        if (stops) {
            backend.layer().runState().stop(RunState.Status.IO_ERROR);
        }
    }
}
