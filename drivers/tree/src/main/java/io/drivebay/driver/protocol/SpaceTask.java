package io.drivebay.driver.protocol;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.protocol.SpaceEngine.Zeroing;

/**
 * A WRITE_ZEROES or DISCARD, done by the file system or device. Used once.
 *
 * <p>Zeros that may unmap are tried as a hole first, then in place. What the file cannot do at all ends with
 * NOT_SUPPORTED.
 */
final class SpaceTask implements FileTask {
    private final FileWork work;
    private final SpaceEngine engine;
    private final BlockRequest request;
    private final boolean durable;
    private Zeroing zeroing;

    SpaceTask(final FileWork work, final SpaceEngine engine, final BlockRequest request, final boolean durable) {
        this.work = work;
        this.engine = engine;
        this.request = request;
        this.durable = durable;
        this.zeroing = request.has(RequestFlags.MAY_UNMAP) ? Zeroing.UNMAP : Zeroing.KEEP;
    }

    @Override
    public boolean submit() {
        return request.operation() == Operation.DISCARD
                ? engine.discard(request.offset(), request.length(), this)
                : engine.zero(zeroing, request.offset(), request.length(), this);
    }

    @Override
    public void done(final int result) {
        if (result >= 0) {
            if (durable) {
                FlushTask.start(work, request);
            } else {
                request.complete();
            }
        } else if (!FileErrors.meansUnsupported(-result)) {
            FileErrors.fail(request, -result, work.nodeName());
        } else if (request.operation() == Operation.WRITE_ZEROES && zeroing == Zeroing.UNMAP) {
            zeroing = Zeroing.KEEP;
            work.begin(this);
        } else {
            request.fail(Status.NOT_SUPPORTED, -result, work.nodeName());
        }
    }
}
