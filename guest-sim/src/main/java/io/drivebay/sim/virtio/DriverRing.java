package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.virtio.VirtioTransport.QueueAddresses;

/**
 * The driver's end of a virtqueue, whatever its form. Requests live in numbered slots, each of which has a chain of
 * descriptors; the chain is described once and may then be offered again and again.
 *
 * <p>Buffers are offered, then published together; used ones are looked at, then taken. Allocates nothing. One thread only.
 */
interface DriverRing {
    int DESCRIPTOR_BYTES = 16;

    /* Flags of a descriptor, the same in all forms. */
    int NEXT = 1;
    int WRITE = 2;
    int INDIRECT = 4;

    /** How many descriptors the ring has. */
    int size();

    QueueAddresses addresses();

    /** Empties the ring; the device does not use it. Chains are to be described anew. */
    void reset();

    // ---- chains ----

    /** Describes one buffer of a slot's chain; the last is the one without NEXT. */
    void describe(int slot, int index, long address, int length, int flags);

    /** Writes an entry of an indirect table; the last is the one without NEXT. */
    void describeInTable(MemoryRegion region, int tableAt, int index, long address, int length, int flags);

    // ---- to the device ----

    /** Puts a slot's chain in the ring; the device learns of it from {@link #publish}. */
    void offer(int slot);

    /**
     * Lets the device see what was offered.
     *
     * @return true when it wants to be notified
     */
    boolean publish();

    /** Where the next buffer will be put, in the 16 bits that a notification says it with (2.9). */
    int position();

    // ---- from the device ----

    /**
     * How many used buffers are there to take, at least.
     *
     * @throws DeviceViolation when that cannot be
     */
    int used();

    /** The next used buffer, of which there must be one: its id in the lower half, its length in the upper one. */
    long peekUsed();

    /** The slot that an id stands for; -1 when there is none. */
    int slotOf(int id);

    /** Takes the next used buffer, which is a slot's. */
    void take(int slot);

    // ---- interrupts ----

    /**
     * Asks for an interrupt with the next used buffer.
     *
     * @return false when there already is one, for which there may be none
     */
    boolean enableInterrupts();

    /** Asks for no interrupts, as far as that can be asked for: there may be some nevertheless. */
    void disableInterrupts();
}
