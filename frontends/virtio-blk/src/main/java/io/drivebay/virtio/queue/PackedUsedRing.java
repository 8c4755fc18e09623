package io.drivebay.virtio.queue;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.invoke.VarHandle;

/**
 * The giving end of a packed virtqueue. The driver looks at the next used descriptor only, so the first of those that
 * are to be published together is held back and written last, its flags with release order; then, behind a full fence,
 * comes the driver's wish to be notified.
 */
final class PackedUsedRing {
    private static final int NOTHING = -1;

    /* In the state. */
    /** Place of the next used descriptor. */
    private static final int PLACE = 0;
    /** Where the descriptor that is held back goes in the region, or {@link #NOTHING}. */
    private static final int HELD_AT = 1;

    private static final int HELD_LENGTH = 2;
    private static final int HELD_ID_AND_FLAGS = 3;
    /** Buffers given back since the driver was last asked whether it wants to be told. */
    private static final int BUFFERS = 4;
    /** The same in descriptors of the ring. */
    private static final int DESCRIPTORS = 5;

    private final MemoryRegion ring;
    private final int ringOffset;
    private final MemoryRegion driverArea;
    private final int driverAreaOffset;
    private final int size;
    private final boolean eventIndex;

    private final OwnInts state = new OwnInts(6);

    PackedUsedRing(final GuestArea ring, final GuestArea driverArea, final int size, final boolean eventIndex) {
        this.ring = ring.region();
        this.ringOffset = ring.offset();
        this.driverArea = driverArea.region();
        this.driverAreaOffset = driverArea.offset();
        this.size = size;
        this.eventIndex = eventIndex;
        state.set(HELD_AT, NOTHING);
    }

    /**
     * Adds a used descriptor and skips the rest of its chain.
     *
     * @param descriptors how many descriptors of the ring the chain had
     * @return how many buffers there are that {@link #publishAndAsk} has not seen
     */
    int add(final int id, final int writtenBytes, final int descriptors) {
        final int place = state.get(PLACE);
        final int at = ringOffset + PackedLayout.DESCRIPTOR_BYTES * PackedLayout.index(place, size);
        final int flags = PackedLayout.used(place, size) | (writtenBytes == 0 ? 0 : PackedLayout.WRITE);
        final int idAndFlags = id | flags << Short.SIZE;
        if (state.get(HELD_AT) == NOTHING) {
            state.set(HELD_AT, at);
            state.set(HELD_LENGTH, writtenBytes);
            state.set(HELD_ID_AND_FLAGS, idAndFlags);
        } else {
            ring.putLong(
                    at + PackedLayout.LENGTH_ID_AND_FLAGS,
                    Integer.toUnsignedLong(writtenBytes) | (long) idAndFlags << PackedLayout.ID_SHIFT);
        }
        state.set(PLACE, PackedLayout.after(place, descriptors, size));
        state.set(DESCRIPTORS, state.get(DESCRIPTORS) + descriptors);
        final int buffers = state.get(BUFFERS) + 1;
        state.set(BUFFERS, buffers);
        return buffers;
    }

    /** Where the next used descriptor goes. */
    int place() {
        return state.get(PLACE);
    }

    void resumeAt(final int place) {
        state.set(PLACE, place);
    }

    void publish() {
        final int at = state.get(HELD_AT);
        if (at != NOTHING) {
            ring.putInt(at + PackedLayout.LENGTH_ID_AND_FLAGS, state.get(HELD_LENGTH));
            ring.putIntRelease(at + PackedLayout.ID_AND_FLAGS, state.get(HELD_ID_AND_FLAGS));
            state.set(HELD_AT, NOTHING);
        }
    }

    /** True when the driver wants to know of the buffers since the last call (virtio 1.2, 2.8.10). */
    boolean publishAndAsk() {
        publish();
        VarHandle.fullFence();
        final int moved = state.get(DESCRIPTORS);
        state.set(BUFFERS, 0);
        state.set(DESCRIPTORS, 0);
        return moved > 0
                && PackedLayout.wants(driverArea.getInt(driverAreaOffset), eventIndex, state.get(PLACE), moved, size);
    }
}
