package io.drivebay.posix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One operation that a pool thread performs by a call that blocks. Belongs to a slot for ever and is reused. */
final class BlockingOperation {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingOperation.class);
    private static final int RWF_DSYNC = 0x2;

    /** What is to be done. */
    private enum Kind {
        READ,
        WRITE,
        FDATASYNC,
        FALLOCATE,
        TASK
    }

    private final int slot;
    private long token;
    private Kind kind = Kind.TASK;
    private int fd;
    private long iovecs;
    private int count;
    private long offsetBytes;
    private long lengthBytes;
    private int flags;
    private @Nullable BlockingTask task;
    private int result;

    BlockingOperation(final int slot) {
        this.slot = slot;
    }

    int slot() {
        return slot;
    }

    long token() {
        return token;
    }

    int result() {
        return result;
    }

    private void begin(final Kind newKind, final long newToken, final int newFd) {
        kind = newKind;
        token = newToken;
        fd = newFd;
    }

    void read(final long newToken, final int newFd, final long iovecAddress, final int segments, final long offset) {
        begin(Kind.READ, newToken, newFd);
        iovecs = iovecAddress;
        count = segments;
        offsetBytes = offset;
    }

    void write(final long newToken, final int newFd, final long iovecAddress, final int segments, final long offset) {
        begin(Kind.WRITE, newToken, newFd);
        iovecs = iovecAddress;
        count = segments;
        offsetBytes = offset;
        flags = 0;
    }

    /** For a write: it is done only when the data is on stable storage. */
    void durable() {
        flags = RWF_DSYNC;
    }

    void fdatasync(final long newToken, final int newFd) {
        begin(Kind.FDATASYNC, newToken, newFd);
    }

    void fallocate(
            final long newToken, final int newFd, final FallocateMode mode, final long offset, final long length) {
        begin(Kind.FALLOCATE, newToken, newFd);
        flags = mode.bits();
        offsetBytes = offset;
        lengthBytes = length;
    }

    void task(final long newToken, final BlockingTask newTask) {
        begin(Kind.TASK, newToken, -1);
        task = newTask;
    }

    /** Does it, on a pool thread; afterwards {@link #result} is set. */
    void perform() {
        result = kind == Kind.TASK ? runTask() : callUntilNotInterrupted();
    }

    private int callUntilNotInterrupted() {
        long done;
        do {
            done = call();
        } while (Calls.interrupted(done));
        return Calls.resultOrErrno(done);
    }

    private long call() {
        return switch (kind) {
            case READ -> LibC.preadv(fd, iovecs, count, offsetBytes);
            case WRITE ->
                flags == 0
                        ? LibC.pwritev(fd, iovecs, count, offsetBytes)
                        : LibC.syscall(Abi.SYS_PWRITEV2, fd, iovecs, count, offsetBytes, 0, flags);
            case FDATASYNC -> LibC.fdatasync(fd);
            case FALLOCATE -> LibC.fallocate(fd, flags, offsetBytes, lengthBytes);
            case TASK -> throw new IllegalStateException("a task is not a call");
        };
    }

    private int runTask() {
        final BlockingTask toRun = task;
        task = null;
        if (toRun == null) {
            throw new IllegalStateException("no task in slot " + slot);
        }
        try {
            final int value = toRun.run();
            if (value < 0) {
                throw new IllegalStateException("a blocking task returned " + value + ", not 0 or more");
            }
            return value;
        } catch (final PosixException e) {
            LOG.debug("Blocking task failed", e);
            return -e.errno();
        } catch (final IOException e) {
            LOG.debug("Blocking task failed", e);
            return -Errno.EIO.number();
        } catch (final RuntimeException | Error e) {
            LOG.error("Blocking task failed unexpectedly; reported as an I/O error", e);
            return -Errno.EIO.number();
        }
    }
}
