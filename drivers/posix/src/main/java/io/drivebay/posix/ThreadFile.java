package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;

/** A file of an {@link EpollPort}: gives each operation to a pool thread that blocks in it. */
final class ThreadFile<T> implements AsyncFile<T> {
    private final OperationSlots slots;
    private final BlockingIo blocking;
    private final PosixFile file;
    private final IoCompletion<T> completion;

    ThreadFile(
            final OperationSlots slots,
            final BlockingIo blocking,
            final PosixFile file,
            final IoCompletion<T> completion) {
        this.slots = slots;
        this.blocking = blocking;
        this.file = file;
        this.completion = completion;
    }

    @Override
    public boolean read(final long address, final int lengthBytes, final long offsetBytes, final T cookie) {
        final int slot = slots.take(completion, cookie);
        return slot >= 0 && startRead(slot, slots.iovec(slot, address, lengthBytes), 1, offsetBytes);
    }

    @Override
    public boolean read(final IoVector vector, final long offsetBytes, final T cookie) {
        IovecDescriptor.check(vector);
        final int slot = slots.take(completion, cookie);
        return slot >= 0 && startRead(slot, slots.iovecs(slot, vector), vector.count(), offsetBytes);
    }

    private boolean startRead(final int slot, final MemoryRegion iovecs, final int count, final long offsetBytes) {
        final BlockingOperation operation = blocking.operation(slot);
        operation.read(slots.token(slot), file.fd(), NativeMemory.addressOf(iovecs), count, offsetBytes);
        blocking.start(operation);
        return true;
    }

    @Override
    public boolean write(
            final long address, final int lengthBytes, final long offsetBytes, final boolean durable, final T cookie) {
        final int slot = slots.take(completion, cookie);
        return slot >= 0 && startWrite(slot, slots.iovec(slot, address, lengthBytes), 1, offsetBytes, durable);
    }

    @Override
    public boolean write(final IoVector vector, final long offsetBytes, final boolean durable, final T cookie) {
        IovecDescriptor.check(vector);
        final int slot = slots.take(completion, cookie);
        return slot >= 0 && startWrite(slot, slots.iovecs(slot, vector), vector.count(), offsetBytes, durable);
    }

    private boolean startWrite(
            final int slot, final MemoryRegion iovecs, final int count, final long offsetBytes, final boolean durable) {
        final BlockingOperation operation = blocking.operation(slot);
        operation.write(slots.token(slot), file.fd(), NativeMemory.addressOf(iovecs), count, offsetBytes);
        if (durable) {
            operation.durable();
        }
        blocking.start(operation);
        return true;
    }

    @Override
    public boolean fdatasync(final T cookie) {
        final int slot = slots.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        final BlockingOperation operation = blocking.operation(slot);
        operation.fdatasync(slots.token(slot), file.fd());
        blocking.start(operation);
        return true;
    }

    @Override
    public boolean fallocate(final FallocateMode mode, final long offsetBytes, final long lengthBytes, final T cookie) {
        final int slot = slots.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        final BlockingOperation operation = blocking.operation(slot);
        operation.fallocate(slots.token(slot), file.fd(), mode, offsetBytes, lengthBytes);
        blocking.start(operation);
        return true;
    }

    @Override
    public boolean run(final BlockingTask task, final T cookie) {
        final int slot = slots.take(completion, cookie);
        if (slot < 0) {
            return false;
        }
        final BlockingOperation operation = blocking.operation(slot);
        operation.task(slots.token(slot), task);
        blocking.start(operation);
        return true;
    }

    @Override
    public PosixFile file() {
        return file;
    }

    /** Nothing is held beyond the operations in flight. */
    @Override
    public void close() {}
}
