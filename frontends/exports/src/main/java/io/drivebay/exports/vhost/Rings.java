package io.drivebay.exports.vhost;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.exports.vhost.LoggedQueue.RingArea;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.EventFd;
import io.drivebay.posix.PosixException;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.Virtqueue;
import io.drivebay.virtio.queue.Virtqueues;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rings of one client, from their description to their end: which run, and what has to rest while memory, log or
 * features change. The context's thread.
 */
final class Rings implements AutoCloseable {
    private static final int USED_ENTRY_BYTES = 8;
    private static final int USED_HEAD_BYTES = 6;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int EVENT_BYTES = 4;

    private final VirtioBlk device;
    private final IoContext context;
    private final AsyncFilePort port;
    private final List<Vring> rings;
    private final MemoryTable memory = new MemoryTable();
    private final Poller poller = new Poller();
    private @Nullable InflightRegion inflight;
    private @Nullable DirtyLog log;
    private long features;
    private boolean deviceStarted;
    private boolean broken;
    private boolean closed;

    Rings(final VirtioBlk device, final IoContext context, final AsyncFilePort port) {
        this.device = device;
        this.context = context;
        this.port = port;
        this.rings = IntStream.range(0, device.queueCount())
                .mapToObj(index -> new Vring())
                .toList();
    }

    /** A ring by its number. */
    Vring ring(final int index) throws ProtocolException {
        if (index < 0 || index >= rings.size()) {
            throw new ProtocolException("queue " + index + " of " + rings.size());
        }
        return rings.get(index);
    }

    MemoryTable memory() {
        return memory;
    }

    /** True while the device is looking at any of them. */
    boolean anyRunning() {
        return rings.stream().anyMatch(Vring::running);
    }

    // ---- features ----

    long features() {
        return features;
    }

    /** The driver's choice, to which the rings to come are made; without protocol features they begin enabled. */
    void features(final long accepted) throws ProtocolException {
        final boolean modern = (accepted & VirtioFeatures.VERSION_1) != 0;
        if (!modern || !device.negotiate(accepted & ProtocolFeatures.OF_THE_DEVICE)) {
            throw new ProtocolException("features 0x" + Long.toHexString(accepted) + " cannot go together");
        }
        features = accepted;
        if ((accepted & ProtocolFeatures.EXIST) == 0) {
            rings.forEach(ring -> ring.enabled(true));
        }
    }

    // ---- what is kept in the client's memory ----

    boolean packed() {
        return has(VirtioFeatures.RING_PACKED);
    }

    void inflight(final InflightRegion region) {
        final InflightRegion former = inflight;
        if (former != null) {
            former.close();
        }
        inflight = region;
    }

    void log(final DirtyLog newLog) {
        final DirtyLog former = log;
        if (former != null) {
            former.close();
        }
        log = newLog;
    }

    /** False when the client has cut off memory that it has passed. */
    boolean memoryWhole() throws PosixException {
        final InflightRegion region = inflight;
        final DirtyLog bitmap = log;
        return memory.whole() && (region == null || region.whole()) && (bitmap == null || bitmap.whole());
    }

    // ---- starting ----

    /** Looks at a ring whenever a descriptor is raised; all the time when there is none. */
    void start(final int index, final @Nullable EventFd kick) throws ProtocolException {
        final Vring ring = ring(index);
        if (kick == null) {
            ring.start(null, null);
            context.ready(poller);
        } else {
            ring.start(kick, port.watch(kick.fd(), () -> device.notifyQueue(index)));
        }
    }

    /**
     * Starts every ring that can run and does not.
     *
     * @param driverReady whether the device is to look at them already
     */
    void startRunnable(final boolean driverReady) throws ProtocolException {
        for (int i = 0; i < rings.size(); i++) {
            final Vring ring = rings.get(i);
            if (ring.runnable() && !ring.running()) {
                startRing(i, ring);
            }
        }
        if (driverReady && !deviceStarted && anyRunning()) {
            deviceStarted = true;
            device.start();
        }
    }

    private void startRing(final int index, final Vring ring) throws ProtocolException {
        final QueueLayout layout = ring.layout(memory);
        if (layout.size() > device.maxQueueSize()) {
            throw new ProtocolException("a queue of " + layout.size() + "; the most is " + device.maxQueueSize());
        }
        final Virtqueue opened;
        try {
            opened = Virtqueues.open(memory.toGuestMemory(), layout, VirtioFeatures.ringForm(features));
        } catch (final BadRingException e) {
            throw new ProtocolException("queue " + index + ": " + e.getMessage());
        }
        opened.resumeAt(ring.position());
        final InflightRegion region = inflight;
        final Virtqueue tracked = region == null ? opened : region.track(opened, index);
        final DirtyLog bitmap = log;
        final Virtqueue whole =
                bitmap != null && has(ProtocolFeatures.LOG_ALL) ? logged(tracked, bitmap, ring, layout) : tracked;
        ring.running(whole);
        device.enableQueue(index, whole);
        if (region != null) {
            ring.notifyDriver(); // what a predecessor gave back it may not have told
        }
    }

    private LoggedQueue logged(
            final Virtqueue tracked, final DirtyLog bitmap, final Vring ring, final QueueLayout layout) {
        final Vring.Place place = ring.place();
        if (place == null || (place.flags() & Vring.LOG_USED) == 0) {
            return new LoggedQueue(tracked, bitmap, List.of());
        }
        if (!packed()) {
            final int bytes = USED_HEAD_BYTES + USED_ENTRY_BYTES * ring.size();
            return new LoggedQueue(tracked, bitmap, List.of(new RingArea(place.logAddress(), bytes)));
        }
        return new LoggedQueue(
                tracked,
                bitmap,
                List.of(
                        new RingArea(layout.descriptors(), DESCRIPTOR_BYTES * ring.size()),
                        new RingArea(layout.deviceArea(), EVENT_BYTES)));
    }

    private boolean has(final long feature) {
        return (features & feature) != 0;
    }

    // ---- stopping ----

    /** Empties a ring and takes it out of use; then runs something, at once when it does not run. */
    void stop(final int index, final Runnable then) throws ProtocolException {
        final Vring ring = ring(index);
        if (!ring.running()) {
            then.run();
            return;
        }
        device.stopQueue(index, () -> {
            ring.stopped();
            if (broken && !anyRunning()) {
                reset(then);
            } else {
                then.run();
            }
        });
    }

    /** Empties all rings and takes them out of use; then runs something. */
    void stopAll(final Runnable then) throws ProtocolException {
        for (int i = 0; i < rings.size(); i++) {
            if (rings.get(i).running()) {
                stop(i, () -> stopRest(then));
                return;
            }
        }
        then.run();
    }

    private void stopRest(final Runnable then) {
        try {
            stopAll(then);
        } catch (final ProtocolException e) {
            throw new IllegalStateException(e);
        }
    }

    /* Keeps the driver's choice of features. */
    private void reset(final Runnable then) {
        rings.forEach(Vring::dropped);
        deviceStarted = false;
        device.reset(() -> {
            broken = false;
            if (features != 0 && !closed) {
                device.negotiate(features & ProtocolFeatures.OF_THE_DEVICE);
            }
            then.run();
        });
    }

    /** Resets the device: what is in flight is forgotten, and all rings begin anew. Then runs something. */
    void resetWhole(final Runnable then) {
        rings.forEach(ring -> {
            ring.halt();
            ring.enabled(!has(ProtocolFeatures.EXIST));
            ring.position(0);
        });
        reset(then);
    }

    // ---- to the driver ----

    void used(final int index) {
        rings.get(index).notifyDriver();
    }

    /** The rings make no sense: nothing more is taken before all have been stopped. */
    void broken() {
        broken = true;
        rings.forEach(Vring::notifyError);
    }

    /** Looks at rings that nobody kicks for, as long as there are any; their context never sleeps then. */
    private final class Poller extends ReadySource {
        @Override
        protected int run() {
            for (int i = 0; i < rings.size(); i++) {
                if (rings.get(i).polled()) {
                    device.notifyQueue(i);
                }
            }
            return 0;
        }

        @Override
        protected boolean hasWork() {
            return rings.stream().anyMatch(Vring::polled);
        }
    }

    /** The end: the device forgets everything of this client, then its memory goes. */
    void end(final Runnable then) {
        closed = true;
        rings.forEach(Vring::close);
        reset(() -> {
            device.guestMemory(GuestMemory.of(List.of()));
            close();
            then.run();
        });
    }

    @Override
    public void close() {
        memory.close();
        final InflightRegion region = inflight;
        if (region != null) {
            region.close();
        }
        final DirtyLog bitmap = log;
        if (bitmap != null) {
            bitmap.close();
        }
    }
}
