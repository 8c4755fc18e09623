package io.drivebay.virtio.queue;

import io.drivebay.backend.guest.GuestMemory;

/** Makes virtqueues of every form. */
public final class Virtqueues {
    private Virtqueues() {}

    /**
     * A queue as a driver has laid it out, empty.
     *
     * @throws BadRingException when a queue of this form cannot lie so
     */
    public static Virtqueue open(final GuestMemory memory, final QueueLayout layout, final RingForm form)
            throws BadRingException {
        final Virtqueue ring = form.packed()
                ? new PackedVirtqueue(memory, layout, form.indirect(), form.eventIndex())
                : new SplitVirtqueue(memory, layout, form.indirect(), form.eventIndex());
        return form.inOrder() ? new InOrderVirtqueue(ring) : ring;
    }
}
