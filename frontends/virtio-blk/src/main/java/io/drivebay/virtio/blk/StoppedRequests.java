package io.drivebay.virtio.blk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Requests of one queue that an I/O error has stopped, kept until the machine goes on. The context's thread. */
final class StoppedRequests {
    private static final Comparator<Slot> AS_TAKEN = Comparator.comparingLong(slot -> slot.sequence);

    private final List<Slot> kept = new ArrayList<>();

    void keep(final Slot slot) {
        kept.add(slot);
    }

    /** Hands all of them on, in the order in which the driver made them available. */
    void takeAll(final Consumer<Slot> action) {
        final List<Slot> all = new ArrayList<>(kept);
        kept.clear();
        all.sort(AS_TAKEN);
        all.forEach(action);
    }
}
