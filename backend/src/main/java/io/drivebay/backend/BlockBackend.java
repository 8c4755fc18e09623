package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.Parent;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.request.BlockRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a device model, an export or a tool holds of a disk: it stays while the tree of drivers behind it comes and goes.
 *
 * <p>Requests go in through {@link #submit}, from any thread, and never see a node. Media are inserted, removed and
 * changed through {@link BlockLayer}, which made this backend; so are names and the backend's end. A backend lives until
 * its last reference is given back.
 */
public final class BlockBackend implements Parent, Drainable {
    /** Permissions of a backend without a device: it touches nothing and lets others do what they like. */
    private static final int NO_PERMISSIONS = Permission.NONE;

    private final BlockLayer layer;
    private final IoDomain domain;
    private final Child root;
    private final MediumSlot slot;
    private final RequestGate gate;
    private final SubmissionQueue queue;
    private final BackendStatistics statistics;
    private final IoErrors errors = new IoErrors(this);
    private final AtomicInteger references = new AtomicInteger(1);

    private volatile @Nullable String name;
    private volatile @Nullable BlockDevice device;
    private volatile boolean dead;
    private NodeOptions retainedOptions = NodeOptions.DEFAULTS;
    private int permissions = NO_PERMISSIONS;
    private int shared = Permission.ALL;

    BlockBackend(final BlockLayer layer, final IoDomain domain, final int ringCapacity) {
        this.layer = layer;
        this.domain = domain;
        this.root = new Child(this, "root");
        this.slot = new MediumSlot(root);
        this.gate = new RequestGate(slot, domain.context().clock(), domain.drainWaiters());
        this.queue = new SubmissionQueue(domain.context(), gate, ringCapacity);
        this.statistics = new BackendStatistics(domain.context(), gate.statistics());
    }

    // ---- identity and life ----

    /** The monitor's name for this backend; null for an anonymous one. */
    public @Nullable String name() {
        return name;
    }

    void name(final @Nullable String newName) {
        name = newName;
        gate.name(describe());
    }

    /** Where its requests run and its listeners are called. Any thread. */
    public IoContext context() {
        return domain.context();
    }

    @Override
    public IoDomain domain() {
        return domain;
    }

    /**
     * Takes a reference, to be given back by {@link #release}. Any thread.
     *
     * @throws IllegalStateException when there is none left: the backend has ended
     */
    public BlockBackend reference() {
        if (references.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("reference to dead " + describe());
        }
        return this;
    }

    /**
     * Gives a reference back. The last one drains and removes the medium and ends the backend, which must have neither a
     * name nor a device by then. A control thread.
     *
     * @throws BlockException TIMEOUT when requests do not end; then the reference is still the caller's
     * @throws IllegalStateException when there is no reference, or the last one goes before name and device
     */
    public void release() throws BlockException {
        layer.lock().locked(() -> {
            final int held = references.get();
            if (held < 1) {
                throw new IllegalStateException("released too often: " + describe());
            }
            if (held == 1) {
                layer.delete(this); // may be refused, and be tried again
            }
            references.decrementAndGet();
        });
    }

    /** How many references there are. Any thread. */
    public int references() {
        return references.get();
    }

    /** True once the last reference is gone, or the layer has been closed. Any thread. */
    public boolean dead() {
        return dead;
    }

    void die() {
        dead = true;
    }

    // ---- requests ----

    /**
     * Submits a request. Any thread; takes no lock and allocates nothing. The request completes later, in the context's
     * thread, never inside this call; one thread's requests are started in the order submitted.
     *
     * @return false when the ring is full: the request is still the caller's, and the room listeners will be called
     * @throws IllegalStateException when the request is on its way already
     */
    public boolean submit(final BlockRequest request) {
        return submit(request, domain.context().clock().nanoTime());
    }

    /**
     * Submits a request at a time that the caller has just read from the context's clock, for submitters of batches.
     *
     * @see #submit(BlockRequest)
     */
    public boolean submit(final BlockRequest request, final long nowNs) {
        request.queue(slot.generation(), nowNs);
        if (queue.offer(request)) {
            return true;
        }
        request.unqueue();
        return false;
    }

    /** Adds a listener that is called in the context's thread when a full ring has room again. Any thread. */
    public void addRoomListener(final Runnable listener) {
        queue.addRoomListener(listener);
    }

    /** Takes back {@link #addRoomListener}. Any thread. */
    public void removeRoomListener(final Runnable listener) {
        queue.removeRoomListener(listener);
    }

    /** Length of the medium in bytes, a multiple of 512; 0 without one. Any thread. */
    public long lengthBytes() {
        return slot.lengthBytes();
    }

    /** True while the medium can only be read; false without one. Any thread. */
    public boolean readOnly() {
        return slot.readOnly();
    }

    /** Changes with every insertion and removal of a medium. Any thread. */
    public long generation() {
        return slot.generation();
    }

    /** False when completed writes are durable at once (every write carries FUA). Any thread. */
    public boolean writeCache() {
        return gate.writeCache();
    }

    /** Turns the write cache on or off; holds for requests that enter from then on. Any thread. */
    public void writeCache(final boolean enabled) {
        gate.writeCache(enabled);
    }

    /** Requests slower than this from submission to completion are reported to Flight Recorder. Any thread. */
    public void slowRequestThresholdNs(final long thresholdNs) {
        gate.slowThresholdNs(thresholdNs);
    }

    // ---- statistics ----

    /** What has been done since the last reset, by generation of the medium; reading stops no I/O. Any thread. */
    public BackendStatistics statistics() {
        return statistics;
    }

    // ---- errors ----

    /** What becomes of I/O errors; it stays when the medium changes. Any thread. */
    public IoErrors errors() {
        return errors;
    }

    // ---- the medium, as the layer changes it ----

    /** The root of the medium's tree; null while empty. The context's thread, or under the layer's graph lock. */
    public @Nullable BlockNode medium() {
        return slot.medium().node();
    }

    BlockLayer layer() {
        return layer;
    }

    MediumSlot slot() {
        return slot;
    }

    int mediumPermissions() {
        return permissions;
    }

    int mediumShared() {
        return shared;
    }

    void permissions(final int newPermissions, final int newShared) {
        permissions = newPermissions;
        shared = newShared;
    }

    /** Options of the present medium or, in an empty backend, of the last one. Under the graph lock. */
    NodeOptions retainedOptions() {
        final BlockNode present = medium();
        return present == null ? retainedOptions : present.options();
    }

    void retainOptions(final NodeOptions options) {
        retainedOptions = options;
    }

    /** The slot's link points to another medium, or to none. The context's thread, while drained. */
    void mediumChanged() {
        slot.beginGeneration();
        statistics.beginGeneration(slot.generation());
    }

    // ---- the device ----

    /** The device that is attached; null when there is none. Any thread. */
    public @Nullable BlockDevice device() {
        return device;
    }

    /**
     * Attaches a device, which takes a reference. A control thread.
     *
     * @param permissions {@link Permission} bits that the device takes on the medium, now and on every one to come
     * @param shared {@link Permission} bits that it leaves to the medium's other users
     * @throws BlockException IN_USE when another device is attached, or the permissions conflict
     */
    public void attachDevice(final BlockDevice newDevice, final int permissions, final int shared)
            throws BlockException {
        layer.lock().locked(() -> {
            final BlockDevice attached = device;
            if (attached != null) {
                throw new BlockException(Kind.IN_USE, describe() + " already has a device: " + attached.id());
            }
            layer.setPermissions(this, permissions, shared);
            reference();
            context().run(() -> {
                device = newDevice;
                gate.trayDevice(newDevice.hasTray() ? newDevice : null);
                errors.resetStatus();
                if (gate.closed()) {
                    newDevice.drainBegin();
                }
                if (!layer.runState().running()) {
                    newDevice.runStateChanged(false);
                }
            });
            gate.name(describe());
        });
    }

    /**
     * Detaches the device once everything that it has submitted is over; gives its permissions and reference back. Where a
     * drain keeps the tree at rest, what is still in the ring is answered CANCELED. A control thread.
     *
     * @throws BlockException WRONG_STATE when there is no device; TIMEOUT when requests do not end
     */
    public void detachDevice() throws BlockException {
        layer.lock().locked(() -> {
            if (device == null) {
                throw new BlockException(Kind.WRONG_STATE, describe() + " has no device to detach");
            }
            layer.drainer(domain).during(List.of(new LeavingDevice()), this::forgetDevice, layer.drainTimeoutNs());
            layer.setPermissions(this, NO_PERMISSIONS, Permission.ALL);
            gate.name(describe());
            release();
        });
    }

    /** The machine has stopped, or goes on. The context's thread. */
    void tellRunState() {
        final BlockDevice attached = device;
        if (attached != null) {
            attached.runStateChanged(layer.runState().running());
        }
    }

    private void forgetDevice() {
        device = null;
        gate.trayDevice(null);
    }

    /** This backend as something to drain with nothing of its device left over. */
    private final class LeavingDevice extends Drainable.OfParent {
        LeavingDevice() {
            super(BlockBackend.this);
        }

        @Override
        public void drainBegin() {
            gate.canceling(gate.closed());
            super.drainBegin();
            queue.admitPresent();
        }

        @Override
        public void drainEnd() {
            gate.canceling(false);
            super.drainEnd();
        }
    }

    /**
     * This backend as something to drain together with what was submitted before, which belongs to the medium that is
     * there. A backend that is drained already keeps what is in its ring: whoever drained it wants the tree at rest.
     */
    class Emptied extends Drainable.OfParent {
        Emptied() {
            super(BlockBackend.this);
        }

        @Override
        public void drainBegin() {
            final boolean drainedBefore = gate.closed();
            super.drainBegin();
            if (!drainedBefore) {
                queue.admitPresent();
            }
        }
    }

    /** The device says that its guest has moved the tray. Any thread; the listeners run in it. */
    public void trayMoved(final boolean open) {
        final BlockDevice attached = device;
        if (attached != null) {
            layer.listeners().trayMoved(this, attached.id(), open);
        }
    }

    // ---- as a parent of its root, and as something to drain; the context's thread ----

    @Override
    public String describe() {
        final String named = name;
        final BlockDevice attached = device;
        if (named != null) {
            return "backend '" + named + "'";
        }
        return attached != null ? "backend of device '" + attached.id() + "'" : "anonymous backend";
    }

    @Override
    public void drainBegin() {
        if (gate.close()) {
            final BlockDevice attached = device;
            if (attached != null) {
                attached.drainBegin();
            }
            root.hurry(true);
        }
    }

    @Override
    public void drainEnd() {
        if (gate.reopen()) {
            root.hurry(false);
            queue.resume();
            final BlockDevice attached = device;
            if (attached != null) {
                attached.drainEnd();
            }
        }
    }

    @Override
    public boolean quiet() {
        return gate.quiet() && queue.presentTaken();
    }

    boolean drained() {
        return gate.closed();
    }

    @Override
    public void childDrainBegin() {
        drainBegin();
    }

    @Override
    public void childDrainEnd() {
        drainEnd();
    }

    @Override
    public void childResized() {
        final boolean changed = slot.measure();
        final BlockDevice attached = device;
        if (changed && attached != null) {
            attached.resized();
        }
    }

    /** Requests that have entered and not completed. The context's thread. */
    public int pending() {
        return gate.pending();
    }

    void forEachPending(final Consumer<BlockRequest> action) {
        gate.forEachPending(action);
    }

    @Override
    public String toString() {
        return describe();
    }
}
