package io.drivebay.virtio.queue;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.invoke.VarHandle;

/**
 * The giving end of a split virtqueue: entries first, then the index with release order, then, behind a full fence,
 * the driver's wish to be notified.
 */
final class SplitUsedRing {
    /** In the state: of the next entry. */
    private static final int INDEX = 0;
    /** In the state: up to here the driver has been told, or asked whether it wants to be. */
    private static final int ASKED = 1;

    private final MemoryRegion used;
    private final int usedOffset;
    private final MemoryRegion available;
    private final int availableOffset;
    private final int size;
    private final boolean eventIndex;

    private final OwnInts state = new OwnInts(2);

    SplitUsedRing(final GuestArea used, final GuestArea available, final int size, final boolean eventIndex) {
        this.used = used.region();
        this.usedOffset = used.offset();
        this.available = available.region();
        this.availableOffset = available.offset();
        this.size = size;
        this.eventIndex = eventIndex;
    }

    /** Goes on after the entries that the driver sees already. */
    void resume() {
        final int index = used.getShort(usedOffset + SplitLayout.INDEX) & 0xffff;
        state.set(INDEX, index);
        state.set(ASKED, index);
    }

    /** Adds an entry; says how many there are that {@link #publishAndAsk} has not seen. */
    int add(final int id, final int writtenBytes) {
        final int index = state.get(INDEX);
        final int entry = usedOffset + SplitLayout.RING + SplitLayout.USED_BYTES * (index & (size - 1));
        used.putLong(entry, id | ((long) writtenBytes << Integer.SIZE));
        final int nextIndex = (index + 1) & 0xffff;
        state.set(INDEX, nextIndex);
        return (nextIndex - state.get(ASKED)) & 0xffff;
    }

    void publish() {
        used.putShortRelease(usedOffset + SplitLayout.INDEX, (short) state.get(INDEX));
    }

    /** True when the driver wants to know of the entries since the last call (virtio 1.2, 2.7.7.2, 2.7.10). */
    boolean publishAndAsk() {
        publish();
        VarHandle.fullFence();
        final int before = state.get(ASKED);
        final int index = state.get(INDEX);
        state.set(ASKED, index);
        if (!eventIndex) {
            return index != before
                    && (available.getShort(availableOffset + SplitLayout.FLAGS) & SplitLayout.SUPPRESS) == 0;
        }
        final int event = available.getShort(availableOffset + SplitLayout.usedEvent(size)) & 0xffff;
        return ((index - event - 1) & 0xffff) < ((index - before) & 0xffff);
    }
}
