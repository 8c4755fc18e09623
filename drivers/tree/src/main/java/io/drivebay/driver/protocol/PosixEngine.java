package io.drivebay.driver.protocol;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.IoVector;
import io.drivebay.posix.AsyncFile;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.BlockDeviceControl;
import io.drivebay.posix.FallocateMode;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;

/** File I/O through the context's own port: by io_uring, or by the port's threads. */
final class PosixEngine implements SpaceEngine {
    private final IoContext context;
    private final AsyncFilePort port;
    private final PosixFile file;
    private final boolean blockDevice;
    private final AsyncFile<FileTask> async;

    /**
     * Attaches a file to a port. A control thread.
     *
     * @param blockDevice whether space is managed by ioctl, not by fallocate
     */
    PosixEngine(
            final IoContext context,
            final AsyncFilePort port,
            final PosixFile file,
            final boolean byThreads,
            final boolean blockDevice) {
        this.context = context;
        this.port = port;
        this.file = file;
        this.blockDevice = blockDevice;
        this.async = context.call(
                () -> byThreads ? port.attachToThreads(file, FileTask::done) : port.attach(file, FileTask::done));
    }

    @Override
    public boolean read(final IoVector vector, final long offset, final FileTask task) {
        return async.read(vector, offset, task);
    }

    @Override
    public boolean write(final IoVector vector, final long offset, final boolean durable, final FileTask task) {
        return async.write(vector, offset, durable, task);
    }

    @Override
    public boolean flush(final FileTask task) {
        return async.fdatasync(task);
    }

    @Override
    public boolean zero(final Zeroing how, final long offset, final long length, final FileTask task) {
        if (how == Zeroing.UNMAP) {
            return async.fallocate(FallocateMode.PUNCH_HOLE, offset, length, task);
        }
        if (blockDevice) {
            return control(() -> new BlockDeviceControl(file).zeroOut(offset, length), task);
        }
        return async.fallocate(FallocateMode.ZERO_RANGE_KEEP_SIZE, offset, length, task);
    }

    @Override
    public boolean discard(final long offset, final long length, final FileTask task) {
        return blockDevice
                ? control(() -> new BlockDeviceControl(file).discard(offset, length), task)
                : async.fallocate(FallocateMode.PUNCH_HOLE, offset, length, task);
    }

    /** A call that blocks and returns nothing. */
    private interface Control {
        void run() throws PosixException;
    }

    private boolean control(final Control control, final FileTask task) {
        return async.run(
                () -> {
                    control.run();
                    return 0;
                },
                task);
    }

    @Override
    public boolean measure(final ExtentTask task) {
        return async.run(() -> task.measure(file), task);
    }

    @Override
    public void whenRoom(final Runnable retry) {
        port.whenRoom(retry);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        try {
            file.truncate(newLengthBytes);
        } catch (final PosixException e) {
            throw FileErrors.io(e);
        }
    }

    @Override
    public void close() {
        context.run(async::close);
        file.close();
    }
}
