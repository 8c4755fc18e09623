package io.drivebay.posix;

import io.drivebay.backend.request.IoVector;

/** A file of a {@link UringPort}: describes operations, which the port's poll hands to the kernel. */
final class UringFile<T> implements AsyncFile<T> {
    private final UringPort port;
    private final PosixFile file;
    private final IoCompletion<T> completion;
    private final int tableIndex;
    private final int target;
    private boolean closed;

    UringFile(final UringPort port, final PosixFile file, final IoCompletion<T> completion, final int tableIndex) {
        this.port = port;
        this.file = file;
        this.completion = completion;
        this.tableIndex = tableIndex;
        this.target = tableIndex >= 0 ? tableIndex : file.fd();
    }

    @Override
    public boolean read(final long address, final int lengthBytes, final long offsetBytes, final T cookie) {
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finish(port.next().read(target, address, lengthBytes, offsetBytes), slot);
        return true;
    }

    @Override
    public boolean read(final IoVector vector, final long offsetBytes, final T cookie) {
        IovecDescriptor.check(vector);
        if (vector.count() == 1) {
            return read(IovecDescriptor.address(vector, 0), vector.length(0), offsetBytes, cookie);
        }
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finish(port.next().readv(target, iovecs(slot, vector), vector.count(), offsetBytes), slot);
        return true;
    }

    @Override
    public boolean write(
            final long address, final int lengthBytes, final long offsetBytes, final boolean durable, final T cookie) {
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finishWrite(port.next().write(target, address, lengthBytes, offsetBytes), durable, slot);
        return true;
    }

    @Override
    public boolean write(final IoVector vector, final long offsetBytes, final boolean durable, final T cookie) {
        IovecDescriptor.check(vector);
        if (vector.count() == 1) {
            return write(IovecDescriptor.address(vector, 0), vector.length(0), offsetBytes, durable, cookie);
        }
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finishWrite(port.next().writev(target, iovecs(slot, vector), vector.count(), offsetBytes), durable, slot);
        return true;
    }

    @Override
    public boolean fdatasync(final T cookie) {
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finish(port.next().fdatasync(target), slot);
        return true;
    }

    @Override
    public boolean fallocate(final FallocateMode mode, final long offsetBytes, final long lengthBytes, final T cookie) {
        final int slot = port.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        finish(port.next().fallocate(target, mode, offsetBytes, lengthBytes), slot);
        return true;
    }

    @Override
    public boolean run(final BlockingTask task, final T cookie) {
        final OperationSlots slots = port.slots();
        final int slot = slots.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        final BlockingOperation operation = port.blocking().operation(slot);
        operation.task(slots.token(slot), task);
        port.blocking().start(operation);
        return true;
    }

    private long iovecs(final int slot, final IoVector vector) {
        return NativeMemory.addressOf(port.slots().iovecs(slot, vector));
    }

    private void finishWrite(final Sqe sqe, final boolean durable, final int slot) {
        finish(durable ? sqe.durable() : sqe, slot);
    }

    private void finish(final Sqe sqe, final int slot) {
        final Sqe described = tableIndex >= 0 ? sqe.fixedFile() : sqe;
        described.token(port.slots().token(slot));
    }

    @Override
    public PosixFile file() {
        return file;
    }

    @Override
    public void close() {
        if (!closed && tableIndex >= 0) {
            port.unregister(tableIndex);
        }
        closed = true;
    }
}
