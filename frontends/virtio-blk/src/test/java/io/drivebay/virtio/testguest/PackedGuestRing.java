package io.drivebay.virtio.testguest;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The driver's side of a packed virtqueue, with constants of its own. Lies in a region whose first byte has guest
 * address 0: descriptors, then the two event suppression structures.
 */
public final class PackedGuestRing implements GuestQueue {
    public static final int AVAILABLE = 1 << 7;
    public static final int USED = 1 << 15;
    public static final int EVENTS_DISABLED = 1;
    public static final int EVENTS_AT_DESCRIPTOR = 2;

    private final MemoryRegion ram;
    private final int size;
    private final int descriptors;
    private final int[] lengthOf;
    private final ArrayDeque<Used> seen = new ArrayDeque<>();
    private int next;
    private int offered;
    private boolean wrap = true;
    private int nextId;
    private int nextUsed;
    private boolean usedWrap = true;
    private int usedCount;

    public PackedGuestRing(final MemoryRegion ram, final int base, final int size) {
        this.ram = ram;
        this.size = size;
        this.descriptors = base;
        this.lengthOf = new int[size];
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
        return descriptors + 16 * size;
    }

    @Override
    public int used() {
        return available() + 4;
    }

    /** Where the next chain will begin. */
    public int next() {
        return next;
    }

    /** The driver's wrap counter. */
    public boolean wrap() {
        return wrap;
    }

    // ---- single fields ----

    /** Writes a descriptor with its flags as they are. */
    public void descriptor(final int index, final Buffer buffer, final int id, final int flags) {
        final int at = descriptors + 16 * index;
        ram.putLong(at, buffer.address());
        ram.putInt(at + 8, buffer.length());
        ram.putShort(at + 12, (short) id);
        ram.putShortRelease(at + 14, (short) flags);
    }

    /** A descriptor's flags. */
    public int flags(final int index) {
        return ram.getShort(descriptors + 16 * index + 14) & 0xffff;
    }

    /** The flags that make a descriptor available in this round. */
    public int availableFlags() {
        return wrap ? AVAILABLE : USED;
    }

    /** Moves on in the ring. */
    public void skip(final int count) {
        next += count;
        offered += count;
        if (next >= size) {
            next -= size;
            wrap = !wrap;
        }
    }

    /** What the driver wants to be told of. */
    public void driverEvents(final int offset, final boolean atWrap, final int flags) {
        ram.putInt(available(), offset | (atWrap ? 1 << 15 : 0) | flags << 16);
    }

    /** What the device wants to be told of: flags in the upper half, offset and wrap counter in the lower. */
    public int deviceEvents() {
        return ram.getIntAcquire(used());
    }

    // ---- whole chains ----

    @Override
    public int offer(final Buffer... buffers) {
        final int id = nextId;
        nextId = (nextId + 1) % size;
        offerAs(id, buffers);
        return id;
    }

    @Override
    public void offerAs(final int id, final Buffer... buffers) {
        lengthOf[id] = buffers.length;
        final int first = next;
        int firstFlags = 0;
        for (int i = 0; i < buffers.length; i++) {
            final int flags = buffers[i].flags() | availableFlags() | (i == buffers.length - 1 ? 0 : GuestRing.NEXT);
            descriptor(next, buffers[i], id, i == 0 ? flags ^ (AVAILABLE | USED) : flags);
            firstFlags = i == 0 ? flags : firstFlags;
            skip(1);
        }
        ram.putShortRelease(descriptors + 16 * first + 14, (short) firstFlags);
    }

    @Override
    public int mark() {
        return offered;
    }

    @Override
    public boolean wantsKick(final int mark) {
        VarHandle.fullFence();
        final int events = deviceEvents();
        if (events >>> 16 != EVENTS_AT_DESCRIPTOR) {
            return events >>> 16 != EVENTS_DISABLED;
        }
        final boolean eventWrap = (events >> 15 & 1) != 0;
        final int passed = next - (events & 0x7fff) + (eventWrap == wrap ? 0 : size);
        return passed > 0 && passed <= offered - mark;
    }

    @Override
    public Buffer table(final int at, final Buffer... buffers) {
        for (int i = 0; i < buffers.length; i++) {
            ram.putLong(at + 16 * i, buffers[i].address());
            ram.putInt(at + 16 * i + 8, buffers[i].length());
            ram.putInt(at + 16 * i + 12, buffers[i].flags() << 16);
        }
        return Buffer.indirect(at, 16 * buffers.length);
    }

    @Override
    public @Nullable Used poll() {
        look();
        return seen.poll();
    }

    @Override
    public int usedCount() {
        look();
        return usedCount;
    }

    private void look() {
        while (true) {
            final int at = descriptors + 16 * nextUsed;
            final int flags = ram.getShortAcquire(at + 14);
            if ((flags & (AVAILABLE | USED)) != (usedWrap ? AVAILABLE | USED : 0) || usedCountIsAllOffered()) {
                return;
            }
            final int id = ram.getShort(at + 12) & 0xffff;
            seen.add(new Used(id, (flags & GuestRing.WRITE) == 0 ? 0 : ram.getInt(at + 8)));
            usedCount++;
            nextUsed += lengthOf[id];
            if (nextUsed >= size) {
                nextUsed -= size;
                usedWrap = !usedWrap;
            }
        }
    }

    /** A descriptor of zeros looks used in a round whose counter is 0: nothing is used that was not offered. */
    private boolean usedCountIsAllOffered() {
        return nextUsed == next && usedWrap == wrap;
    }

    @Override
    public void forbidInterrupts() {
        driverEvents(0, false, EVENTS_DISABLED);
    }

    @Override
    public void interruptAt(final int buffer, final int descriptorsEach) {
        final int place = buffer * descriptorsEach;
        driverEvents(place % size, place / size % 2 == 0, EVENTS_AT_DESCRIPTOR);
    }

    @Override
    public boolean kickWanted(final boolean eventIndex) {
        final int events = deviceEvents();
        return eventIndex
                ? events == (EVENTS_AT_DESCRIPTOR << 16 | next | (wrap ? 1 << 15 : 0))
                : events >>> 16 != EVENTS_DISABLED;
    }
}
