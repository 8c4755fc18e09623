package io.drivebay.virtio.testguest;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The driver's side of a split virtqueue, with constants of its own: it shares no code with the device. Lays the rings
 * out one after the other in a region whose first byte has guest address 0.
 */
public final class GuestRing implements GuestQueue {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;

    /** A buffer to be put into a chain. */
    public record Buffer(long address, int length, int flags) {
        public static Buffer readable(final long address, final int length) {
            return new Buffer(address, length, 0);
        }

        public static Buffer writable(final long address, final int length) {
            return new Buffer(address, length, WRITE);
        }

        public static Buffer indirect(final long address, final int length) {
            return new Buffer(address, length, INDIRECT);
        }
    }

    /** A used buffer. */
    public record Used(int id, int length) {}

    private final MemoryRegion ram;
    private final int size;
    private final int descriptors;
    private final int available;
    private final int used;
    private int nextDescriptor;
    private int availableIndex;
    private int seenUsed;

    private GuestRing(final MemoryRegion ram, final int base, final int size, final int alignment) {
        this.ram = ram;
        this.size = size;
        this.descriptors = base;
        this.available = base + 16 * size;
        this.used = (available + 6 + 2 * size + alignment - 1) / alignment * alignment;
    }

    public GuestRing(final MemoryRegion ram, final int base, final int size) {
        this(ram, base, size, 4);
    }

    /** A ring whose used part begins on a page, as the legacy interface has it; zeroed. */
    public static GuestRing legacy(final MemoryRegion ram, final int base, final int size) {
        final GuestRing ring = new GuestRing(ram, base, size, 4096);
        ram.fill(base, ring.used + 6 + 8 * size - base, (byte) 0);
        return ring;
    }

    /** How many bytes a ring takes. */
    public static int bytes(final int size) {
        return (16 * size + 6 + 2 * size + 3) / 4 * 4 + 6 + 8 * size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int descriptors() {
        return descriptors;
    }

    @Override
    public int available() {
        return available;
    }

    @Override
    public int used() {
        return used;
    }

    // ---- single fields ----

    public void descriptor(final int index, final long address, final int length, final int flags, final int next) {
        descriptorAt(descriptors + 16 * index, address, length, flags, next);
    }

    /** Writes a descriptor anywhere: an entry of an indirect table. */
    public void descriptorAt(final int at, final long address, final int length, final int flags, final int next) {
        ram.putLong(at, address);
        ram.putInt(at + 8, length);
        ram.putShort(at + 12, (short) flags);
        ram.putShort(at + 14, (short) next);
    }

    public void availableHead(final int slot, final int head) {
        ram.putShort(available + 4 + 2 * slot, (short) head);
    }

    public void availableIndex(final int index) {
        availableIndex = index & 0xffff;
        ram.putShortRelease(available + 2, (short) index);
    }

    public void availableFlags(final int flags) {
        ram.putShort(available, (short) flags);
    }

    public void usedEvent(final int index) {
        ram.putShort(available + 4 + 2 * size, (short) index);
    }

    public int availableEvent() {
        return ram.getShort(used + 4 + 8 * size) & 0xffff;
    }

    public int usedFlags() {
        return ram.getShort(used) & 0xffff;
    }

    public int usedIndex() {
        return ram.getShortAcquire(used + 2) & 0xffff;
    }

    public int availableIndex() {
        return availableIndex;
    }

    // ---- whole chains ----

    /** Puts a chain into the next free descriptors, round and round; the id is the head. */
    @Override
    public int offer(final Buffer... buffers) {
        final int head = nextDescriptor;
        nextDescriptor = (nextDescriptor + buffers.length) % size;
        chain(head, buffers);
        offerHead(head);
        return head;
    }

    /** Writes a chain into the descriptors from a head on. */
    public void chain(final int head, final Buffer... buffers) {
        for (int i = 0; i < buffers.length; i++) {
            final boolean last = i == buffers.length - 1;
            descriptor(
                    (head + i) % size,
                    buffers[i].address,
                    buffers[i].length,
                    buffers[i].flags | (last ? 0 : NEXT),
                    last ? 0 : (head + i + 1) % size);
        }
    }

    @Override
    public void offerAs(final int id, final Buffer... buffers) {
        chain(id, buffers);
        offerHead(id);
    }

    @Override
    public int mark() {
        return availableIndex;
    }

    /** Makes a chain available that is there already. */
    public void offerHead(final int head) {
        availableHead(availableIndex % size, head);
        availableIndex(availableIndex + 1);
    }

    @Override
    public Buffer table(final int at, final Buffer... buffers) {
        for (int i = 0; i < buffers.length; i++) {
            final boolean last = i == buffers.length - 1;
            descriptorAt(
                    at + 16 * i,
                    buffers[i].address,
                    buffers[i].length,
                    buffers[i].flags | (last ? 0 : NEXT),
                    last ? 0 : i + 1);
        }
        return Buffer.indirect(at, 16 * buffers.length);
    }

    @Override
    public @Nullable Used poll() {
        if (usedIndex() == seenUsed) {
            return null;
        }
        final int entry = used + 4 + 8 * (seenUsed % size);
        seenUsed = (seenUsed + 1) & 0xffff;
        return new Used(ram.getInt(entry), ram.getInt(entry + 4));
    }

    /** Allocates nothing. */
    @Override
    public int pollId() {
        if (usedIndex() == seenUsed) {
            return -1;
        }
        final int entry = used + 4 + 8 * (seenUsed % size);
        seenUsed = (seenUsed + 1) & 0xffff;
        return ram.getInt(entry);
    }

    @Override
    public boolean wantsKick(final int indexBefore) {
        VarHandle.fullFence();
        return ((availableIndex - availableEvent() - 1) & 0xffff) < ((availableIndex - indexBefore) & 0xffff);
    }

    @Override
    public int usedCount() {
        return usedIndex();
    }

    @Override
    public void forbidInterrupts() {
        availableFlags(1);
    }

    @Override
    public void interruptAt(final int buffer, final int descriptorsEach) {
        usedEvent(buffer);
    }

    @Override
    public boolean kickWanted(final boolean eventIndex) {
        return eventIndex ? availableEvent() == availableIndex : usedFlags() == 0;
    }
}
