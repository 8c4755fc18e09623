package io.drivebay.ide.device;

import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/**
 * What becomes of an I/O error (semantics E1): QEMU's rerror and werror.
 *
 * @param read for reads
 * @param write for everything else
 */
public record ErrorPolicy(Action read, Action write) {
    /** QEMU's default: reads report, writes stop the machine when there is no space. */
    public static final ErrorPolicy DEFAULT = new ErrorPolicy(Action.REPORT, Action.ENOSPC);

    /** One policy. */
    public enum Action {
        /** The guest sees the error. */
        REPORT,
        /** The guest sees success. */
        IGNORE,
        /** The machine stops; the request is carried out again when it goes on. */
        STOP,
        /** STOP when there is no space, REPORT otherwise. */
        ENOSPC
    }

    /** What to do about a failure: REPORT, IGNORE or STOP. Only errors of the storage itself are anything but reported. */
    Action judge(final Operation operation, final Status status) {
        if (status != Status.IO_ERROR && status != Status.NO_SPACE) {
            return Action.REPORT;
        }
        final Action action = operation == Operation.READ ? read : write;
        if (action == Action.ENOSPC) {
            return status == Status.NO_SPACE ? Action.STOP : Action.REPORT;
        }
        return action;
    }
}
