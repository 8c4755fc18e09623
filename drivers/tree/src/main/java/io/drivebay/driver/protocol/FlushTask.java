package io.drivebay.driver.protocol;

import io.drivebay.backend.request.BlockRequest;

/** A FLUSH, or the end of a request that is to be durable. Used once. */
final class FlushTask implements FileTask {
    private final FileWork work;
    private final BlockRequest request;

    FlushTask(final FileWork work, final BlockRequest request) {
        this.work = work;
        this.request = request;
    }

    /** Completes the request once what has been written is durable, or fails it. */
    static void start(final FileWork work, final BlockRequest request) {
        final int lost = work.lostWrites.errno();
        if (lost == 0) {
            work.begin(new FlushTask(work, request));
        } else {
            FileErrors.fail(request, lost, work.nodeName());
        }
    }

    @Override
    public boolean submit() {
        return work.engine().flush(this);
    }

    @Override
    public void done(final int result) {
        if (result >= 0) {
            request.complete();
        } else {
            work.lostWrites.failed(-result);
            FileErrors.fail(request, -result, work.nodeName());
        }
    }
}
