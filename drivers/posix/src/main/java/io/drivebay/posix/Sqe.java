package io.drivebay.posix;

import static io.drivebay.posix.SqeDescriptor.ADDRESS;
import static io.drivebay.posix.SqeDescriptor.BUFFER_INDEX;
import static io.drivebay.posix.SqeDescriptor.FLAGS;
import static io.drivebay.posix.SqeDescriptor.FLAG_FIXED_FILE;
import static io.drivebay.posix.SqeDescriptor.LENGTH;
import static io.drivebay.posix.SqeDescriptor.OFFSET;
import static io.drivebay.posix.SqeDescriptor.OPCODE;
import static io.drivebay.posix.SqeDescriptor.OPERATION_FLAGS;
import static io.drivebay.posix.SqeDescriptor.USER_DATA;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * A view of one submission entry, to be described in one chain: the operation first, then what is special about it,
 * and the token last. {@link IoUring#next()} moves the one view of a ring to the next free entry.
 *
 * <p>Memory named by an operation stays alive until its completion; an iovec array until it is submitted.
 */
final class Sqe {
    private static final int FSYNC_DATASYNC = 0x1;
    private static final int RWF_DSYNC = 0x2;
    private static final int POLL_ADD_MULTISHOT = 0x1;

    private final MemoryRegion entries;
    private int base;

    Sqe(final MemoryRegion entries) {
        this.entries = entries;
    }

    Sqe moveTo(final int index) {
        base = index * SqeDescriptor.BYTES;
        return this;
    }

    private Sqe begin(final UringOpcode opcode, final int fd, final long offset) {
        entries.putLong(base + OPCODE, opcode.number() | (long) fd << 32);
        entries.putLong(base + OFFSET, offset);
        entries.putLong(base + BUFFER_INDEX, 0);
        return this;
    }

    private Sqe argument(final long address, final int length, final int operationFlags) {
        entries.putLong(base + ADDRESS, address);
        entries.putLong(base + LENGTH, (length & 0xffffffffL) | (long) operationFlags << 32);
        return this;
    }

    /** Does nothing but complete. */
    Sqe nop() {
        return begin(UringOpcode.NOP, -1, 0).argument(0, 0, 0);
    }

    /** Reads into one piece of memory. */
    Sqe read(final int fd, final long address, final int lengthBytes, final long offsetBytes) {
        return begin(UringOpcode.READ, fd, offsetBytes).argument(address, lengthBytes, 0);
    }

    /** Writes from one piece of memory. */
    Sqe write(final int fd, final long address, final int lengthBytes, final long offsetBytes) {
        return begin(UringOpcode.WRITE, fd, offsetBytes).argument(address, lengthBytes, 0);
    }

    /** Reads into the pieces of memory that an iovec array lists. */
    Sqe readv(final int fd, final long iovecs, final int count, final long offsetBytes) {
        return begin(UringOpcode.READV, fd, offsetBytes).argument(iovecs, count, 0);
    }

    /** Writes from the pieces of memory that an iovec array lists. */
    Sqe writev(final int fd, final long iovecs, final int count, final long offsetBytes) {
        return begin(UringOpcode.WRITEV, fd, offsetBytes).argument(iovecs, count, 0);
    }

    /** Makes written data durable. */
    Sqe fdatasync(final int fd) {
        return begin(UringOpcode.FSYNC, fd, 0).argument(0, 0, FSYNC_DATASYNC);
    }

    /** Reserves, zeroes or gives back a range. */
    Sqe fallocate(final int fd, final FallocateMode mode, final long offsetBytes, final long lengthBytes) {
        return begin(UringOpcode.FALLOCATE, fd, offsetBytes).argument(lengthBytes, mode.bits(), 0);
    }

    /** Completes, once, when a descriptor is ready for one of some {@link Epoll} events. */
    Sqe poll(final int fd, final int events) {
        return begin(UringOpcode.POLL_ADD, fd, 0).argument(0, 0, events);
    }

    /** Completes each time a descriptor becomes ready again, as long as {@link IoUring#more} says so. */
    Sqe pollRepeatedly(final int fd, final int events) {
        return begin(UringOpcode.POLL_ADD, fd, 0).argument(0, POLL_ADD_MULTISHOT, events);
    }

    /** Cancels the operation with a token; that one completes too, with ECANCELED when it was caught in time. */
    Sqe cancel(final long token) {
        return begin(UringOpcode.ASYNC_CANCEL, -1, 0).argument(token, 0, 0);
    }

    /** The descriptor is an index into the registered files. */
    Sqe fixedFile() {
        entries.putByte(base + FLAGS, FLAG_FIXED_FILE);
        return this;
    }

    /** For a {@link #read} or {@link #write}: the memory lies in a registered buffer. */
    Sqe fixedBuffer(final int index) {
        final boolean reads = entries.getByte(base + OPCODE) == UringOpcode.READ.number();
        final UringOpcode fixed = reads ? UringOpcode.READ_FIXED : UringOpcode.WRITE_FIXED;
        entries.putByte(base + OPCODE, (byte) fixed.number());
        entries.putShort(base + BUFFER_INDEX, (short) index);
        return this;
    }

    /** For a write: completes only when the data is durable (FUA). */
    Sqe durable() {
        entries.putInt(base + OPERATION_FLAGS, RWF_DSYNC);
        return this;
    }

    /** What the completion brings back. */
    void token(final long token) {
        entries.putLong(base + USER_DATA, token);
    }
}
