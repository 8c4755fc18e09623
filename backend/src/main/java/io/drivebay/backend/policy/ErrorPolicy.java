package io.drivebay.backend.policy;

import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/**
 * What becomes of a disk's I/O errors: QEMU's rerror and werror.
 *
 * @param read for reads
 * @param write for everything else
 */
public record ErrorPolicy(OnError read, OnError write) {
    /** QEMU's default: reads report, writes stop the machine when there is no space. */
    public static final ErrorPolicy DEFAULT = new ErrorPolicy(OnError.REPORT, OnError.ENOSPC);

    /** The guest sees every error. */
    public static final ErrorPolicy REPORT = new ErrorPolicy(OnError.REPORT, OnError.REPORT);

    /** One policy: QAPI's BlockdevOnError. */
    public enum OnError {
        REPORT,
        IGNORE,
        STOP,
        /** STOP when there is no space, REPORT otherwise. */
        ENOSPC,
        /** As it is without saying anything. */
        AUTO
    }

    /** This policy where others do not say anything else: what a device's own rerror and werror make of it. */
    public ErrorPolicy overriddenBy(final OnError ownRead, final OnError ownWrite) {
        return new ErrorPolicy(ownRead == OnError.AUTO ? read : ownRead, ownWrite == OnError.AUTO ? write : ownWrite);
    }

    /**
     * What to do about a failure (QEMU: blk_get_error_action). Only failures of the storage itself are anything but
     * reported: a request that is wrong, or has no medium, will be so as often as it is tried.
     */
    public ErrorAction judge(final Operation operation, final Status status) {
        if (!isOfStorage(status)) {
            return ErrorAction.REPORT;
        }
        return switch (operation == Operation.READ ? read : write) {
            case IGNORE -> ErrorAction.IGNORE;
            case STOP -> ErrorAction.STOP;
            case ENOSPC -> status == Status.NO_SPACE ? ErrorAction.STOP : ErrorAction.REPORT;
            case REPORT, AUTO -> ErrorAction.REPORT;
        };
    }

    /** True for a failure that is the storage's, not the request's. */
    public static boolean isOfStorage(final Status status) {
        return status == Status.IO_ERROR || status == Status.NO_SPACE;
    }

    /** True when some error may stop the machine; only then a disk has an {@link IoStatus} to show. */
    public boolean mayStop() {
        return read == OnError.STOP || write == OnError.STOP || write == OnError.ENOSPC;
    }
}
