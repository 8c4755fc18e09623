package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneState;
import io.drivebay.driver.RequestQueue;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Zones as they lie on a node of their own, so that they outlive the process.
 *
 * <pre>
 *   0 magic (8), zone size (8), capacity (8), zones (8)          4096 zone [zones]: end of written data (8), state (8)
 * </pre>
 *
 * <p>Everything is little-endian, offsets are in bytes from the start of the disk. Zones are stored when a request asks
 * for it and was carried out: those that changed, in one durable write; requests that come meanwhile share the next one.
 */
final class ZoneMetadata implements CompletionListener {
    private static final long MAGIC = 0x3130_656e_6f5a_4244L; // "DBZone01"
    private static final int HEADER_BYTES = 4096;
    private static final int ENTRY_BYTES = 16;
    private static final long OPEN_TIMEOUT_NS = 60_000_000_000L;

    private final ZoneTable zones;
    private final MemoryRegion image;
    private final String name;
    private @Nullable Child link;
    private @Nullable IoDomain domain;
    /* Kept by their frames: those that the next write is for, and those that the present one is for. */
    private RequestQueue next = new RequestQueue();
    private RequestQueue present = new RequestQueue();
    private boolean writing;

    private ZoneMetadata(final ZoneTable zones, final MemoryRegion image, final String name) {
        this.zones = zones;
        this.image = image;
        this.name = name;
    }

    /**
     * Reads zones from a node, or begins with those of a table when there are none yet. A control thread; waits.
     *
     * @throws BlockException INVALID_OPTION when the node is too small or holds zones of another disk; IO when it cannot
     *     be read
     */
    static ZoneMetadata open(final BlockNode node, final IoContext context, final ZoneTable zones)
            throws BlockException {
        final int bytes = HEADER_BYTES + (zones.count() * ENTRY_BYTES + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
        if (node.length() < bytes) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'metadata': " + node.describe() + " has " + node.length() + " bytes, " + zones.count()
                            + " zones need " + bytes);
        }
        final ZoneMetadata metadata = new ZoneMetadata(zones, MemoryRegion.allocate(bytes), node.describe());
        metadata.read(node, context);
        metadata.load(node.readOnly());
        return metadata;
    }

    private void read(final BlockNode node, final IoContext context) throws BlockException {
        final CompletableFuture<Status> done = new CompletableFuture<>();
        final BlockRequest read = new BlockRequest(request -> done.complete(request.status()));
        read.vector().add(image, 0, image.size());
        read.set(Operation.READ, 0, image.size(), 0);
        context.execute(() -> {
            read.startPart(null, context.clock().nanoTime());
            node.submit(read);
        });
        final Status status;
        try {
            status = context.await(done, OPEN_TIMEOUT_NS);
        } catch (final TimeoutException e) {
            throw new BlockException(Kind.IO, "option 'metadata': " + name + " does not answer: " + e);
        }
        if (status != Status.OK) {
            throw new BlockException(Kind.IO, "option 'metadata': " + name + " cannot be read: " + status);
        }
    }

    private void load(final boolean readOnly) throws BlockException {
        if (image.isZero(0, HEADER_BYTES)) {
            final ZoneLayout layout = zones.layout();
            image.putLong(0, MAGIC);
            image.putLong(Long.BYTES, layout.zoneBytes());
            image.putLong(2 * Long.BYTES, zones.capacityBytes());
            image.putLong(3 * Long.BYTES, zones.count());
            if (!readOnly) {
                zones.changeAll();
            }
            return;
        }
        final boolean fits = image.getLong(0) == MAGIC
                && image.getLong(Long.BYTES) == zones.layout().zoneBytes()
                && image.getLong(2 * Long.BYTES) == zones.capacityBytes()
                && image.getLong(3 * Long.BYTES) == zones.count();
        if (!fits) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "option 'metadata': " + name + " does not hold the zones of this disk");
        }
        for (int zone = 0; zone < zones.count(); zone++) {
            final int at = HEADER_BYTES + ENTRY_BYTES * zone;
            final long state = image.getLong(at + Long.BYTES);
            if (state < 0 || state >= ZoneState.values().length) {
                throw new BlockException(
                        Kind.INVALID_OPTION, "option 'metadata': zone " + zone + " of " + name + " has no state");
            }
            zones.restore(zone, image.getLong(at), ZoneState.values()[(int) state]);
        }
    }

    /** Tells where the node is from now on. */
    void attached(final BlockNode self, final Child metadata) {
        link = metadata;
        domain = self.domain();
    }

    /** True when zones have changed since they were last stored. */
    boolean isStale() {
        return writing || hasChanged();
    }

    private boolean hasChanged() {
        return zones.firstChanged() <= zones.lastChanged();
    }

    /** Stores the zones and lets a completing request, kept by its frame, go on. The context's thread. */
    void store(final BlockRequest request) {
        next.add(request, 0);
        if (!writing) {
            write();
        }
    }

    private void write() {
        writing = true;
        final RequestQueue begun = next;
        next = present;
        present = begun;
        final int first = zones.firstChanged();
        final int last = zones.lastChanged();
        for (int zone = first; zone <= last; zone++) {
            final int at = HEADER_BYTES + ENTRY_BYTES * zone;
            image.putLong(at, zones.writtenEnd(zone));
            image.putLong(at + Long.BYTES, zones.state(zone).ordinal());
        }
        zones.stored();
        final int from = first == 0 ? 0 : (HEADER_BYTES + ENTRY_BYTES * first) & -HEADER_BYTES;
        final int end = (HEADER_BYTES + ENTRY_BYTES * (last + 1) + HEADER_BYTES - 1) & -HEADER_BYTES;
        final IoDomain mine = Objects.requireNonNull(domain);
        final BlockRequest write = mine.parts().take(this);
        write.vector().add(image, from, end - from);
        write.set(Operation.WRITE, from, end - from, RequestFlags.FUA);
        write.startPart(present.peek(), mine.context().clock().nanoTime());
        Objects.requireNonNull(link).submit(write);
    }

    @Override
    public void completed(final BlockRequest write) {
        final Status status = write.status();
        final int errno = write.errno();
        Objects.requireNonNull(domain).parts().give(write);
        if (status != Status.OK) {
            zones.changeAll();
        }
        finish(present, status, errno);
        if (!hasChanged()) {
            finish(next, Status.OK, 0); // what they wait for was part of this write
        }
        writing = false;
        if (!next.isEmpty()) {
            write();
        }
    }

    private void finish(final RequestQueue ended, final Status status, final int errno) {
        for (BlockRequest request = ended.poll(); request != null; request = ended.poll()) {
            if (status != Status.OK) {
                request.result(status, errno, name);
            }
            request.resume();
        }
    }
}
