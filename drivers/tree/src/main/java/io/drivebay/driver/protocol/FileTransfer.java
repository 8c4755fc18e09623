package io.drivebay.driver.protocol;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.posix.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read or write on its way through the file, in as many steps as it takes: the kernel may move fewer bytes than asked
 * for, and takes only so many segments at once.
 *
 * <p>A read that meets the end of the file is filled up with zeros. A write that makes no progress fails. Reused; the
 * usual case, one step without bouncing, allocates nothing.
 */
final class FileTransfer implements FileTask {
    private static final int MAX_RETRIES = 64;

    private final FileWork work;
    private final IoVector rest = new IoVector();
    private @Nullable BounceBuffer bounce;
    private boolean bounced;

    private @Nullable BlockRequest request;
    private boolean write;
    private boolean durable;
    private long offset;
    private long length;
    private long done;
    private int retries;

    FileTransfer(final FileWork work) {
        this.work = work;
    }

    /** Begins to carry out a READ or WRITE. */
    void start(final BlockRequest newRequest, final boolean isDurable) {
        request = newRequest;
        write = newRequest.operation() == Operation.WRITE;
        durable = isDurable;
        offset = newRequest.offset();
        length = newRequest.length();
        done = 0;
        retries = 0;
        final DirectAlignment direct = work.direct();
        if (direct != null && !direct.fits(newRequest.vector())) {
            prepareBounce(newRequest.vector(), direct);
        }
        work.begin(this);
    }

    private void prepareBounce(final IoVector vector, final DirectAlignment direct) {
        if (bounce == null) {
            bounce = work.newBounceBuffer(direct);
        }
        bounced = true;
        work.bouncedRequests.incrementAndGet();
        work.bouncedBytes.addAndGet(bounce.prepare(vector));
        if (write) {
            bounce.copyIn();
        }
    }

    private BlockRequest request() {
        return Objects.requireNonNull(request, "the transfer is at rest");
    }

    private IoVector vector() {
        return bounced && bounce != null ? bounce.vector() : request().vector();
    }

    @Override
    public boolean submit() {
        final IoVector step = step();
        return write
                ? work.engine().write(step, offset + done, durable, this)
                : work.engine().read(step, offset + done, this);
    }

    /** What is left to move, as far as one operation takes it. */
    private IoVector step() {
        final IoVector vector = vector();
        if (done == 0 && vector.count() <= FileEngine.MAX_SEGMENTS) {
            return vector;
        }
        int first = 0;
        long position = 0;
        while (position + vector.length(first) <= done) {
            position += vector.length(first++);
        }
        final int last = Math.min(vector.count(), first + FileEngine.MAX_SEGMENTS);
        for (int i = first; i < last; i++) {
            position += vector.length(i);
        }
        return rest.clear().addSlice(vector, done, position - done);
    }

    @Override
    public void done(final int result) {
        if (result < 0) {
            failOrRetry(-result);
            return;
        }
        final long before = done;
        done += result;
        if (done == length) {
            finish(0);
        } else if (write) {
            continueWrite(before);
        } else {
            continueRead(result);
        }
    }

    private void failOrRetry(final int errno) {
        final boolean passing = Errno.EINTR.is(errno) || Errno.EAGAIN.is(errno);
        if (passing && retries++ < MAX_RETRIES) {
            work.begin(this);
        } else {
            finish(errno);
        }
    }

    private void continueRead(final int result) {
        final DirectAlignment direct = work.direct();
        final boolean endOfFile = result == 0 || (direct != null && !direct.aligned(done));
        if (endOfFile) {
            vector().fill(done, length - done, (byte) 0);
            finish(0);
        } else {
            work.begin(this);
        }
    }

    private void continueWrite(final long before) {
        final DirectAlignment direct = work.direct();
        if (direct != null) {
            done &= -(long) direct.blockBytes();
        }
        if (done == before) {
            finish(Errno.EIO.number());
        } else {
            work.begin(this);
        }
    }

    private void finish(final int errno) {
        final BlockRequest finished = request();
        final BounceBuffer buffer = bounce;
        if (bounced && buffer != null) {
            if (!write && errno == 0) {
                buffer.copyOut();
            }
            buffer.release();
            bounced = false;
        }
        if (durable && Errno.EIO.is(errno)) {
            work.lostWrites.failed(errno); // the kernel tells each failed write-back once: this may have been another's
        }
        request = null;
        rest.clear();
        work.recycle(this);
        if (errno == 0) {
            finished.complete();
        } else {
            FileErrors.fail(finished, errno, work.nodeName());
        }
    }
}
