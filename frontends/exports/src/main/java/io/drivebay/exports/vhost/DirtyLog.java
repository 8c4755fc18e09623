package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PassedMemory;
import io.drivebay.posix.PosixException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A bitmap of the client's in which every page of guest memory that the device writes is marked, so that a live migration
 * copies it once more (vhost-user, "Migration"). Others set and clear bits at the same time.
 */
final class DirtyLog implements AutoCloseable {
    private static final int PAGE_SHIFT = 12;
    private static final int BITS_SHIFT = 5;
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final PassedMemory memory;
    private final MemoryRegion bits;

    private DirtyLog(final PassedMemory memory) {
        this.memory = memory;
        this.bits = memory.pieces().get(0);
    }

    /** Maps what a client has passed. */
    static DirtyLog map(final Message message) throws ProtocolException, PosixException {
        final long bytes = message.longAt(0);
        final long offset = message.longAt(8);
        if (bytes > MemoryRegion.MAX_BYTES || offset % Long.BYTES != 0) {
            throw new ProtocolException("a dirty log of " + bytes + " bytes at " + offset);
        }
        return new DirtyLog(ClientMemory.map(message.takeFile(), offset, bytes));
    }

    /** Marks the pages of a range of guest memory; those that the log is too short for are the client's loss. */
    void written(final long address, final long bytes) {
        if (bytes <= 0 || address < 0) {
            return;
        }
        final long last = (address + Math.min(bytes, Long.MAX_VALUE - address) - 1) >>> PAGE_SHIFT;
        final long end = Math.min(last + 1, ((long) bits.size() / Integer.BYTES) << BITS_SHIFT);
        for (long page = address >>> PAGE_SHIFT; page < end; page++) {
            mark(page);
        }
    }

    private void mark(final long page) {
        final int at = (int) (page >>> BITS_SHIFT) * Integer.BYTES;
        final int bit = 1 << page;
        if (((int) INTS.getVolatile(bits.buffer(), at) & bit) == 0) {
            INTS.getAndBitwiseOr(bits.buffer(), at, bit);
        }
    }

    /** False when its file has become shorter. */
    boolean whole() throws PosixException {
        return memory.whole();
    }

    @Override
    public void close() {
        memory.close();
    }
}
