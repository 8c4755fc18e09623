package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.PackedVirtqueue;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

/**
 * A packed queue's part of an {@link InflightRegion} (vhost-user, "Inflight I/O tracking", packed virtqueue).
 *
 * <pre>
 *  0 features (8)       8 version (2)   10 descriptors (2)
 * 12 free head (2)     14 free head before (2)
 * 16 used index (2)    18 used index before (2)   20 used wrap counter (1)   21 used wrap counter before (1)
 * 32 for each descriptor:
 *     0 in flight (1)   2 next (2)   4 last (2)   6 number (2)   8 counter (8)    of a chain's first one
 *    16 buffer id (2)  18 flags (2) 20 length (4) 24 address (8)                  of each
 * </pre>
 *
 * <p>What belongs together is written by one store. The links between entries are kept here, too: the region could be
 * changed behind our back.
 */
final class PackedBook {
    static final int STATES = 32;
    static final int STATE_BYTES = 32;

    private static final int VERSION = 8;
    private static final int DESCRIPTORS = 10;
    private static final int FREE_HEADS = 12;
    private static final int USED_PLACES = 16;
    private static final int IN_FLIGHT = 0;
    private static final int NEXT = 2;
    private static final int LAST = 4;
    private static final int NUMBER = 6;
    private static final int COUNTER = 8;
    private static final int REST = 16;
    private static final int ADDRESS = 24;
    private static final int INDEX = 0x7fff;
    private static final int WRAP_SHIFT = 15;

    private final MemoryRegion region;
    private final int start;
    private final int entries;
    private final int[] next;
    private final int[] last;
    private final int[] number;
    private final BitSet seen = new BitSet();
    private int freeHead;
    private int formerFreeHead;
    private int free;
    private int used;
    private int formerUsed;
    private long counter;

    PackedBook(final MemoryRegion region, final int start, final int entries) {
        this.region = region;
        this.start = start;
        this.entries = entries;
        this.next = new int[entries];
        this.last = new int[entries];
        this.number = new int[entries];
    }

    int version() {
        return region.getShort(start + VERSION) & 0xffff;
    }

    int descriptors() {
        return region.getShort(start + DESCRIPTORS) & 0xffff;
    }

    /** How many entries there are. */
    int entries() {
        return entries;
    }

    /** How many of them are free. */
    int free() {
        return free;
    }

    /** Where the ring is, as {@link PackedVirtqueue#usedPosition} says it. */
    int used() {
        return used;
    }

    private int state(final int entry) {
        return start + STATES + STATE_BYTES * entry;
    }

    private int shortAt(final int index) {
        return region.getShort(index) & 0xffff;
    }

    // ---- taking over ----

    /** Makes the region out: everything is free. */
    void begin(final int usedPosition) {
        for (int i = 0; i < entries; i++) {
            next[i] = i + 1;
            region.putShort(state(i) + NEXT, (short) (i + 1));
            region.putByte(state(i) + IN_FLIGHT, (byte) 0);
        }
        free = entries;
        used = usedPosition;
        formerUsed = usedPosition;
        writeFreeHeads();
        writeUsedPlaces();
        region.putShort(start + DESCRIPTORS, (short) entries);
        VarHandle.releaseFence();
        region.putShort(start + VERSION, (short) InflightRegion.PRESENT_VERSION);
    }

    /** Finds out which of its last steps a predecessor has finished. */
    void settle(final PackedVirtqueue ring) throws ProtocolException {
        final long places = region.getLong(start + USED_PLACES);
        used = place(places, places >>> Integer.SIZE);
        formerUsed = place(places >>> Short.SIZE, places >>> (Integer.SIZE + Byte.SIZE));
        if ((used & INDEX) >= ring.size() || (formerUsed & INDEX) >= ring.size()) {
            throw new ProtocolException("an in-flight region at descriptor " + (used & INDEX) + ", before at "
                    + (formerUsed & INDEX) + ", in a queue of " + ring.size());
        }
        freeHead = shortAt(start + FREE_HEADS);
        if (used == formerUsed || !ring.usedSince(formerUsed)) {
            used = formerUsed;
            freeHead = shortAt(start + FREE_HEADS + Short.BYTES);
        }
        formerUsed = used;
        formerFreeHead = freeHead;
        for (int i = 0; i < entries; i++) {
            next[i] = shortAt(state(i) + NEXT);
        }
        for (int entry = freeHead; entry != entries; entry = next[entry]) {
            seen(entry);
            unmark(entry);
            free++;
        }
        VarHandle.releaseFence();
        writeFreeHeads();
        writeUsedPlaces();
    }

    /** No entry is at two places. */
    private void seen(final int entry) throws ProtocolException {
        if (entry >= entries || seen.get(entry)) {
            throw new ProtocolException("an in-flight region whose lists lead to entry " + entry + " of " + entries
                    + ", where there is none or they have been before");
        }
        seen.set(entry);
    }

    boolean marked(final int entry) {
        return region.getByte(state(entry) + IN_FLIGHT) != 0;
    }

    long counter(final int head) {
        return region.getLong(state(head) + COUNTER);
    }

    /** What is taken from now on is counted from here. */
    void goOnFrom(final long nextCounter) {
        counter = nextCounter;
    }

    /** A chain that was taken: for each descriptor its address and the rest, as the ring had them. */
    long[] chain(final int head) throws ProtocolException {
        final int count = shortAt(state(head) + NUMBER);
        if (count == 0 || count > entries) {
            throw new ProtocolException("an in-flight region with a chain of " + count + " descriptors");
        }
        final long[] words = new long[2 * count];
        int entry = head;
        for (int i = 0; i < count; i++) {
            seen(entry);
            words[2 * i] = region.getLong(state(entry) + ADDRESS);
            words[2 * i + 1] = Long.rotateLeft(region.getLong(state(entry) + REST), Integer.SIZE);
            last[head] = entry;
            entry = next[entry];
        }
        number[head] = count;
        return words;
    }

    // ---- the steps ----

    /**
     * Enters the chain that was peeked at last; there must be as many free entries.
     *
     * @return its first entry
     */
    int take(final PackedVirtqueue ring) {
        final int count = ring.peekedDescriptors();
        final int head = freeHead;
        int entry = head;
        for (int i = 0; i < count; i++) {
            region.putLong(state(entry) + ADDRESS, ring.peekedAddress(i));
            region.putLong(state(entry) + REST, Long.rotateLeft(ring.peekedRest(i), Integer.SIZE));
            last[head] = entry;
            entry = next[entry];
        }
        number[head] = count;
        region.putShort(state(head) + LAST, (short) last[head]);
        region.putShort(state(head) + NUMBER, (short) count);
        region.putLong(state(head) + COUNTER, counter++);
        region.putByte(state(head) + IN_FLIGHT, (byte) 1);
        free -= count;
        freeHead = entry;
        formerFreeHead = entry;
        VarHandle.releaseFence();
        writeFreeHeads();
        VarHandle.releaseFence();
        return head;
    }

    /** Puts a chain's entries back into the list of the free ones; to be followed by {@link #announce}. */
    void release(final int head) {
        next[last[head]] = freeHead;
        region.putShort(state(last[head]) + NEXT, (short) freeHead);
        freeHead = head;
        free += number[head];
    }

    /** The driver is about to see what was released. */
    void announce(final int usedPosition) {
        used = usedPosition;
        VarHandle.releaseFence();
        writeFreeHeads();
        writeUsedPlaces();
        VarHandle.releaseFence();
    }

    void unmark(final int head) {
        region.putByte(state(head) + IN_FLIGHT, (byte) 0);
    }

    /** The driver sees what was announced, and the marks of it are gone. */
    void confirm() {
        formerFreeHead = freeHead;
        formerUsed = used;
        VarHandle.releaseFence();
        writeFreeHeads();
        VarHandle.releaseFence();
        writeUsedPlaces();
    }

    private void writeFreeHeads() {
        region.putInt(start + FREE_HEADS, freeHead | (formerFreeHead << Short.SIZE));
    }

    private void writeUsedPlaces() {
        final int indexes = (used & INDEX) | ((formerUsed & INDEX) << Short.SIZE);
        final int wraps = (used >>> WRAP_SHIFT) | ((formerUsed >>> WRAP_SHIFT) << Byte.SIZE);
        region.putLong(start + USED_PLACES, Integer.toUnsignedLong(indexes) | ((long) wraps << Integer.SIZE));
    }

    /** The place that an index and a wrap counter are, both of them in the lowest bits. */
    private static int place(final long index, final long wrap) {
        return (int) ((index & INDEX) | ((wrap & 1) << WRAP_SHIFT));
    }
}
