package io.drivebay.virtio.blk;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.RequestList;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.VirtioDevice;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.Virtqueue;
import io.drivebay.virtio.queue.Virtqueues;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A virtio block device (virtio 1.2, 5.2): features, configuration and life; the requests are {@link BlkQueue}'s.
 *
 * <p>Its disk may be changed while it runs: requests that are in the device's hands go to the new one, and the driver is
 * told of a new capacity. {@link #checkMedium} says beforehand whether a medium fits what the driver was promised.
 */
public final class VirtioBlk implements VirtioDevice, BlockDevice {
    /** The virtio device id of a block device. */
    public static final int DEVICE_TYPE = 2;

    /* Why queues are not looked at: a set of these bits, none while the device runs. */
    private static final int NOT_STARTED = 1;
    private static final int DRAINED = 1 << 1;
    private static final int BROKEN = 1 << 2;
    private static final int MACHINE_STOPPED = 1 << 3;

    private static final GuestEvents NOBODY = new GuestEvents() {
        @Override
        public void queueUsed(final int queue) {}

        @Override
        public void configChanged() {}

        @Override
        public void needsReset(final String why) {}
    };

    private final BlockBackend backend;
    private final BlkOptions options;
    private final boolean readOnly;
    private final int blockBytes;
    private final boolean originalWriteCache;
    private final Negotiation negotiation;
    private final ConfigSpace config;
    private final List<BlkQueue> queues;
    private final QuietWaiters quietWaiters;
    /* Slots' requests that found no room when they were to be submitted again. The context's. */
    private final RequestList backlog = new RequestList();
    private final Runnable room = this::roomAgain;
    private final AtomicInteger holds = new AtomicInteger(NOT_STARTED);
    private volatile GuestEvents events = NOBODY;
    private volatile DiskShape shape;
    private volatile GuestMemory memory;

    private VirtioBlk(
            final BlockBackend backend, final GuestMemory memory, final BlkOptions options, final BlockNode medium) {
        this.backend = backend;
        this.memory = memory;
        this.options = options;
        this.readOnly = options.readOnly() || medium.readOnly();
        this.blockBytes = options.blockBytes() != 0 ? options.blockBytes() : DiskShape.naturalBlockBytes(medium);
        this.originalWriteCache = backend.writeCache();
        this.shape = DiskShape.of(medium, backend.lengthBytes(), blockBytes);
        this.negotiation = new Negotiation(options, readOnly, shape);
        this.config = new ConfigSpace(options, shape, originalWriteCache);
        this.queues = IntStream.range(0, options.queues())
                .mapToObj(index -> new BlkQueue(
                        this,
                        index,
                        new RequestParser(memory),
                        new RequestStarter(negotiation, options, readOnly, blockBytes)))
                .toList();
        this.quietWaiters = new QuietWaiters(backend.context(), this::dropWaiting);
    }

    /**
     * Makes a device for a backend that has a medium, and attaches it. A control thread.
     *
     * @throws BlockException WRONG_STATE when the backend is empty; IN_USE when it has a device or the permissions
     *     conflict
     */
    public static VirtioBlk attach(final BlockBackend backend, final GuestMemory memory, final BlkOptions options)
            throws BlockException {
        final BlockNode medium = backend.context().<@Nullable BlockNode>call(backend::medium);
        if (medium == null) {
            throw new BlockException(
                    Kind.WRONG_STATE,
                    "cannot attach virtio-blk device '" + options.id() + "' to " + backend.describe()
                            + ": insert a medium first");
        }
        final VirtioBlk device = new VirtioBlk(backend, memory, options, medium);
        backend.attachDevice(device, device.permissions(), device.shared());
        backend.addRoomListener(device.room);
        return device;
    }

    private int permissions() {
        return readOnly
                ? Permission.set(Permission.CONSISTENT_READ)
                : Permission.set(Permission.CONSISTENT_READ, Permission.WRITE);
    }

    private int shared() {
        final int always = Permission.set(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED, Permission.RESIZE);
        return options.shareWrites() ? always | Permission.WRITE.bit() : always;
    }

    /** Unplugs the device: ends its requests, then lets go of the backend. A control thread. */
    public void detach() throws BlockException {
        reset(() -> {});
        backend.removeRoomListener(room);
        backend.detachDevice();
    }

    // ---- for the queues ----

    BlockBackend backend() {
        return backend;
    }

    BlkOptions options() {
        return options;
    }

    GuestEvents events() {
        return events;
    }

    /** The medium as the driver knows it. */
    DiskShape shape() {
        return shape;
    }

    /** True while the driver knows of zones. */
    boolean zoned() {
        return negotiation.has(BlkFeatures.ZONED);
    }

    boolean running() {
        return holds.get() == 0;
    }

    private void hold(final int why) {
        holds.getAndUpdate(now -> now | why);
    }

    private void release(final int why) {
        holds.getAndUpdate(now -> now & ~why);
        lookAtQueues();
    }

    private void lookAtQueues() {
        queues.forEach(BlkQueue::kickInContext);
    }

    /** The driver has done what leaves no sense in the rings: nothing is taken until it resets. Any thread. */
    void breakDown(final String why) {
        if ((holds.getAndUpdate(now -> now | BROKEN) & BROKEN) == 0) {
            backend.context().execute(() -> {
                if ((holds.get() & BROKEN) != 0) {
                    events.needsReset(why);
                }
            });
        }
    }

    /** Submits a request again that has just completed; when the ring is full, as soon as there is room. In context. */
    void submitAgain(final BlockRequest request) {
        if (!backlog.isEmpty() || !backend.submit(request)) {
            backlog.add(request);
        }
    }

    private void roomAgain() {
        while (true) {
            final BlockRequest request = backlog.peek();
            if (request == null) {
                lookAtQueues();
                return;
            }
            backlog.poll();
            if (!backend.submit(request)) {
                backlog.add(request);
                return;
            }
        }
    }

    /** Ends what waits for room, or for the machine, on behalf of queues that are being closed. In context. */
    private void dropWaiting() {
        queues.forEach(BlkQueue::dropStopped);
        for (int left = backlog.size(); left > 0; left--) {
            final BlockRequest request = backlog.poll();
            if (request != null
                    && request.attachment() instanceof Slot slot
                    && slot.queue().isClosing()) {
                slot.completed(request);
            } else if (request != null) {
                backlog.add(request);
            }
        }
    }

    void checkQuiet() {
        quietWaiters.check();
    }

    // ---- as its transport sees it ----

    @Override
    public int deviceType() {
        return DEVICE_TYPE;
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public int maxQueueSize() {
        return options.queueSize();
    }

    @Override
    public void connect(final GuestEvents newEvents) {
        events = newEvents;
    }

    @Override
    public long offeredFeatures() {
        return negotiation.offered();
    }

    /** Zones cannot be insisted on where nothing can be refused (virtio 1.3, 5.2.5.3). */
    @Override
    public long legacyFeatures() {
        return negotiation.offered() & ~BlkFeatures.ZONED;
    }

    /** A legacy driver's choice alone must not change the cache (virtio 1.2, 5.2.5.3). */
    @Override
    public boolean negotiate(final long features) {
        if (!negotiation.accept(features)) {
            return false;
        }
        if (negotiation.has(VirtioFeatures.VERSION_1)
                && negotiation.has(BlkFeatures.CONFIG_WCE)
                && !negotiation.has(BlkFeatures.FLUSH)) {
            config.writeback(false);
        }
        return true;
    }

    /** Without CONFIG_WCE the cache is on exactly when the driver knows to flush it (virtio 1.2, 5.2.6.2). */
    @Override
    public void start() {
        final boolean cached =
                negotiation.has(BlkFeatures.CONFIG_WCE) ? config.writeback() : negotiation.has(BlkFeatures.FLUSH);
        config.writeback(cached);
        backend.writeCache(cached);
        release(NOT_STARTED);
    }

    @Override
    public void reset(final Runnable whenDone) {
        hold(NOT_STARTED);
        queues.forEach(BlkQueue::close);
        quietWaiters.await(
                queues,
                () -> {
                    negotiation.reset();
                    config.writeback(originalWriteCache);
                    backend.writeCache(originalWriteCache);
                    holds.getAndUpdate(now -> now & ~BROKEN);
                    whenDone.run();
                },
                "reset of '" + id() + "'");
    }

    @Override
    public void enableQueue(final int index, final QueueLayout layout) {
        final BlkQueue queue = queues.get(index);
        if (queue.isOpen()) {
            return;
        }
        try {
            if (layout.size() > options.queueSize()) {
                throw new BadRingException("the queue's size is limited to " + options.queueSize());
            }
            queue.open(Virtqueues.open(memory, layout, VirtioFeatures.ringForm(negotiation.accepted())));
            queue.kickInContext();
        } catch (final BadRingException e) {
            breakDown("queue " + index + ", " + layout + ": " + e.getMessage());
        }
    }

    @Override
    public void disableQueue(final int index) {
        final BlkQueue queue = queues.get(index);
        if (queue.isOpen() && !queue.isClosing()) {
            queue.close();
            quietWaiters.await(List.of(queue), () -> {}, "stopping queue " + index + " of '" + id() + "'");
        }
    }

    /**
     * Takes a queue into use that the transport has made, possibly around one of {@link io.drivebay.virtio.queue}.
     * Features must have been negotiated. A control thread, or the context's.
     */
    public void enableQueue(final int index, final Virtqueue ring) {
        final BlkQueue queue = queues.get(index);
        if (!queue.isOpen()) {
            queue.open(ring);
            queue.kickInContext();
        }
    }

    /**
     * Takes a queue out of use after everything that was taken from it has been carried out and given back. A control
     * thread, or the context's; in this there is no wait.
     *
     * @param whenStopped runs in the context when that is so; not at once after a {@link #reset} in between
     */
    public void stopQueue(final int index, final Runnable whenStopped) {
        final BlkQueue queue = queues.get(index);
        queue.stop();
        quietWaiters.await(List.of(queue), whenStopped, "emptying queue " + index + " of '" + id() + "'");
    }

    /** Gives the device other guest memory. No queue may be in use. A control thread, or the context's. */
    public void guestMemory(final GuestMemory newMemory) {
        if (queues.stream().anyMatch(BlkQueue::isOpen)) {
            throw new IllegalStateException("queues of '" + id() + "' lie in the memory that is to go");
        }
        memory = newMemory;
        queues.forEach(queue -> queue.memory(newMemory));
    }

    /**
     * Takes note that an access to guest memory has faulted in the middle of something; to be followed by a {@link #reset}
     * and, before any queue is used again, by a turn of the context. For {@link BlkOptions.Processing#CONTEXT}, in it.
     */
    public void memoryFaulted() {
        queues.forEach(BlkQueue::abandonHalfDone);
    }

    @Override
    public boolean queueEnabled(final int index) {
        return queues.get(index).isOpen();
    }

    @Override
    public void notifyQueue(final int index) {
        if (index >= 0 && index < queues.size()) {
            queues.get(index).kick();
        }
    }

    @Override
    public long readConfig(final int offset, final int widthBytes) {
        return config.read(offset, widthBytes);
    }

    /** The one field that a driver may write is writeback (virtio 1.2, 5.2.4). */
    @Override
    public void writeConfig(final int offset, final int widthBytes, final long value) {
        if (offset == ConfigSpace.WRITEBACK && widthBytes == 1 && negotiation.has(BlkFeatures.CONFIG_WCE)) {
            final boolean cached = value != 0 && negotiation.has(BlkFeatures.FLUSH);
            config.writeback(cached);
            backend.writeCache(cached);
        }
    }

    @Override
    public int configGeneration() {
        return config.generation();
    }

    // ---- as its backend sees it ----

    @Override
    public String id() {
        return options.id();
    }

    /**
     * Checks whether a medium may take the place of the present one under the driver's feet: what was promised by
     * features cannot change. To be called before {@link io.drivebay.backend.BlockLayer#changeMedium}. Any thread.
     *
     * @throws BlockException WRONG_STATE, saying what does not fit
     */
    public void checkMedium(final BlockNode medium) throws BlockException {
        if (medium.readOnly() && !readOnly) {
            throw misfit(medium, "it is read-only, and the guest was promised a writable disk");
        }
        if (!medium.readOnly() && readOnly && !options.readOnly()) {
            throw misfit(medium, "it is writable, and the guest was promised a read-only disk");
        }
        final int natural = DiskShape.naturalBlockBytes(medium);
        if (options.blockBytes() == 0 && natural != blockBytes) {
            throw misfit(medium, "its blocks are of " + natural + " bytes, the guest's of " + blockBytes);
        }
        if (!Objects.equals(medium.driver().zones(), shape.zones())) {
            throw misfit(medium, "it is not divided into zones as the guest's disk is");
        }
        if (medium.length() % blockBytes != 0) {
            throw misfit(medium, "its length of " + medium.length() + " is no multiple of " + blockBytes + " bytes");
        }
    }

    private BlockException misfit(final BlockNode medium, final String why) {
        return new BlockException(
                Kind.WRONG_STATE, medium.describe() + " does not fit virtio-blk device '" + id() + "': " + why);
    }

    /** A disk that has been taken out leaves its capacity behind: a fixed disk that fails, not one that shrank. */
    @Override
    public void mediumChanged(final boolean loaded) {
        if (loaded) {
            resized();
        }
    }

    @Override
    public void resized() {
        final BlockNode medium = backend.medium();
        if (medium == null) {
            return;
        }
        final DiskShape now = DiskShape.of(medium, backend.lengthBytes(), blockBytes);
        shape = now;
        if (config.show(now)) {
            events.configChanged();
        }
    }

    @Override
    public void runStateChanged(final boolean running) {
        if (running) {
            queues.forEach(BlkQueue::retryStopped);
            release(MACHINE_STOPPED);
        } else {
            hold(MACHINE_STOPPED);
        }
    }

    @Override
    public void drainBegin() {
        hold(DRAINED);
    }

    @Override
    public void drainEnd() {
        release(DRAINED);
    }
}
