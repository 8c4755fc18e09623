package io.drivebay.backend.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * A stretch of off-heap memory: a direct buffer of at most 1 GiB and, once a native caller asked for it, its address.
 *
 * <p>The buffer is little-endian, as virtio, ATA and PCI structures are; its position and limit are never used. The
 * region keeps the memory alive. Accessors check bounds. Safe for any thread as far as the memory itself is.
 */
public final class MemoryRegion {
    /** The largest region, in bytes. */
    public static final int MAX_BYTES = 1 << 30;

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final ByteBuffer buffer;
    private final int size;
    private volatile long address;

    private MemoryRegion(final ByteBuffer buffer, final long address) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a memory region needs a direct buffer");
        }
        if (buffer.capacity() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "region of " + buffer.capacity() + " bytes exceeds the limit of " + MAX_BYTES);
        }
        this.buffer = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        this.size = buffer.capacity();
        this.address = address;
    }

    private static VarHandle view(final Class<?> arrayType) {
        return MethodHandles.byteBufferViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
    }

    /** Zeroed memory from the Java heap's off-heap pool; its address is found when first asked for. */
    public static MemoryRegion allocate(final int bytes) {
        return new MemoryRegion(ByteBuffer.allocateDirect(bytes), 0);
    }

    /** Wraps a direct buffer whole, from index 0 to its capacity; its address is found when first asked for. */
    public static MemoryRegion of(final ByteBuffer direct) {
        return new MemoryRegion(direct, 0);
    }

    /** Wraps a direct buffer whose first byte (index 0) lies at a known address. */
    public static MemoryRegion of(final ByteBuffer direct, final long address) {
        return new MemoryRegion(direct, address);
    }

    /** The whole region as a little-endian buffer. Shared: use absolute accessors only. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Size in bytes. */
    public int size() {
        return size;
    }

    /**
     * Address of the first byte.
     *
     * @param resolver asked once, when the address is not yet known
     */
    public long address(final ToLongFunction<ByteBuffer> resolver) {
        long known = address;
        if (known == 0) {
            known = resolver.applyAsLong(buffer);
            address = known;
        }
        return known;
    }

    public byte getByte(final int index) {
        return buffer.get(index);
    }

    public void putByte(final int index, final byte value) {
        buffer.put(index, value);
    }

    public short getShort(final int index) {
        return (short) SHORT.get(buffer, index);
    }

    public void putShort(final int index, final short value) {
        SHORT.set(buffer, index, value);
    }

    public int getInt(final int index) {
        return (int) INT.get(buffer, index);
    }

    public void putInt(final int index, final int value) {
        INT.set(buffer, index, value);
    }

    public long getLong(final int index) {
        return (long) LONG.get(buffer, index);
    }

    public void putLong(final int index, final long value) {
        LONG.set(buffer, index, value);
    }

    /** Acquire load; the index must be even. */
    public short getShortAcquire(final int index) {
        return (short) SHORT.getAcquire(buffer, index);
    }

    /** Release store; the index must be even. */
    public void putShortRelease(final int index, final short value) {
        SHORT.setRelease(buffer, index, value);
    }

    /** Acquire load; the index must be a multiple of 4. */
    public int getIntAcquire(final int index) {
        return (int) INT.getAcquire(buffer, index);
    }

    /** Release store; the index must be a multiple of 4. */
    public void putIntRelease(final int index, final int value) {
        INT.setRelease(buffer, index, value);
    }

    /** Copies bytes out of the region. */
    public void getBytes(final int index, final byte[] target, final int targetOffset, final int length) {
        buffer.get(index, target, targetOffset, length);
    }

    /** Copies bytes into the region. */
    public void putBytes(final int index, final byte[] source, final int sourceOffset, final int length) {
        buffer.put(index, source, sourceOffset, length);
    }

    /** Copies bytes from another region (or this one: overlapping ranges are copied as if through a temporary). */
    public void copyFrom(final int index, final MemoryRegion source, final int sourceIndex, final int length) {
        buffer.put(index, source.buffer, sourceIndex, length);
    }

    /** Sets every byte of a range. */
    public void fill(final int index, final int length, final byte value) {
        Objects.checkFromIndexSize(index, length, size);
        final long word = (value & 0xffL) * 0x0101010101010101L;
        int at = index;
        final int end = index + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            LONG.set(buffer, at, word);
        }
        for (; at < end; at++) {
            buffer.put(at, value);
        }
    }

    /** True when every byte of a range is zero. */
    public boolean isZero(final int index, final int length) {
        Objects.checkFromIndexSize(index, length, size);
        int at = index;
        final int end = index + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            if ((long) LONG.get(buffer, at) != 0) {
                return false;
            }
        }
        for (; at < end; at++) {
            if (buffer.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "MemoryRegion[" + size + " bytes]";
    }
}
