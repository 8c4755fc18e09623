package io.drivebay.virtio.blk;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one descriptor head of a queue needs while its request is on its way: made when the head is first used, and then
 * used for ever.
 *
 * <p>Whoever takes from the queue fills it and makes it busy; then it belongs to the context until that frees it.
 */
final class Slot implements CompletionListener, Runnable {
    private static final VarHandle BUSY;

    static {
        try {
            BUSY = MethodHandles.lookup().findVarHandle(Slot.class, "busy", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BlkQueue queue;
    private final int id;
    private final BlockRequest request = new BlockRequest(this);

    @SuppressWarnings("unused") // through BUSY
    private boolean busy;

    /** Grows with every chain that the queue takes. */
    long sequence;

    /** The header's fields; meaningful only when the request was well-formed. */
    int type;

    long sector;

    /** Where the header of the head's last request was, if in one piece; for {@link LookAhead} only. */
    @Nullable
    MemoryRegion headerRegion;

    int headerOffset;

    /** Where the status byte goes; null when there is no place for it. */
    @Nullable
    MemoryRegion statusRegion;

    int statusOffset;

    /** Device-writable bytes before the status byte. */
    long dataBytes;

    /** How many of them have been written, from the first on. */
    long writtenBytes;

    /** The outcome of a request that never reaches the backend. */
    int immediateStatus;

    /** How often the medium was changed under this request. */
    int mediumChanges;

    private @Nullable RangeList ranges;
    private @Nullable ZoneAnswers zones;

    Slot(final BlkQueue queue, final int id) {
        this.queue = queue;
        this.id = id;
        request.attachment(this);
    }

    BlkQueue queue() {
        return queue;
    }

    int id() {
        return id;
    }

    BlockRequest request() {
        return request;
    }

    /** The ranges, made when first asked for. */
    RangeList rangesMade() {
        RangeList made = ranges;
        if (made == null) {
            made = new RangeList();
            ranges = made;
        }
        return made;
    }

    /** What requests of zones need, made when first asked for. */
    ZoneAnswers zonesMade() {
        ZoneAnswers made = zones;
        if (made == null) {
            made = new ZoneAnswers();
            zones = made;
        }
        return made;
    }

    /** Writes what a successful request has to say beside its status. */
    void answer() {
        switch (type) {
            case RequestType.IN -> writtenBytes = dataBytes;
            case RequestType.ZONE_REPORT -> writtenBytes = zonesMade().writeReport(request.vector());
            case RequestType.ZONE_APPEND -> writtenBytes = zonesMade().writeAppended(request.appendedAt());
            default -> {}
        }
    }

    /** Goes on to the next range; false when there is none, or the request has none. */
    boolean nextRange() {
        final RangeList made = ranges;
        if (made == null || !RequestType.hasRanges(type) || !made.hasNext()) {
            return false;
        }
        made.next(request);
        return true;
    }

    boolean isBusy() {
        return (boolean) BUSY.getAcquire(this);
    }

    void occupy() {
        BUSY.setOpaque(this, true);
    }

    /** The last that is done to a slot in its use. */
    void free() {
        BUSY.setRelease(this, false);
    }

    /** Bytes that the driver may rely on: written without a gap from the first writable one on (virtio 1.2, 2.7.8.2). */
    int usedBytes() {
        final long statusBytes = writtenBytes == dataBytes && statusRegion != null ? 1 : 0;
        return (int) (writtenBytes + statusBytes);
    }

    @Override
    public void completed(final BlockRequest completed) {
        queue.completed(this);
    }

    /** In the context: ends a request that never reached the backend. */
    @Override
    public void run() {
        queue.finish(this, immediateStatus);
    }
}
