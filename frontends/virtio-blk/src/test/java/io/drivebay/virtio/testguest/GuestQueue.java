package io.drivebay.virtio.testguest;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import org.jspecify.annotations.Nullable;

/** The driver's side of a virtqueue, as far as it does not depend on the form. */
public interface GuestQueue {
    /** The forms that there are: what the same tests run against. */
    enum Form {
        SPLIT(0) {
            @Override
            public GuestQueue at(final MemoryRegion ram, final int base, final int size) {
                return new GuestRing(ram, base, size);
            }
        },
        PACKED(1L << 34) {
            @Override
            public GuestQueue at(final MemoryRegion ram, final int base, final int size) {
                return new PackedGuestRing(ram, base, size);
            }
        };

        private final long feature;

        Form(final long feature) {
            this.feature = feature;
        }

        /** The feature bit that stands for the form. */
        public long feature() {
            return feature;
        }

        /** An empty queue at an address of zeroed memory. */
        public abstract GuestQueue at(MemoryRegion ram, int base, int size);
    }

    int size();

    /** Guest address of the descriptor area. */
    int descriptors();

    /** Guest address of the driver area. */
    int available();

    /** Guest address of the device area. */
    int used();

    /** Makes a chain available in the next free descriptors; says the buffer's id. */
    int offer(Buffer... buffers);

    /** Makes a chain available under an id, which is a split queue's first descriptor. */
    void offerAs(int id, Buffer... buffers);

    /** A point in what was offered, for {@link #wantsKick}. */
    int mark();

    /** True when the device wants to be notified of what was offered since a point, with event indexes negotiated. */
    boolean wantsKick(int mark);

    /** Writes an indirect table. */
    Buffer table(int at, Buffer... buffers);

    /** The next used buffer; null when there is none. */
    @Nullable
    Used poll();

    /** The id of the next used buffer; negative when there is none. */
    default int pollId() {
        final Used used = poll();
        return used == null ? -1 : used.id();
    }

    /** How many buffers have been used, polled or not, as 16 bits at least. */
    int usedCount();

    /** Wants no interrupts. */
    void forbidInterrupts();

    /**
     * Wants an interrupt when a buffer is used, with event indexes negotiated.
     *
     * @param buffer 0 for the first ever to be used
     * @param descriptorsEach how many descriptors each chain has
     */
    void interruptAt(int buffer, int descriptorsEach);

    /** True when the device asks to be notified of the next chain. */
    boolean kickWanted(boolean eventIndex);
}
