package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneErrors;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a host-managed zoned medium of any node: keeps the rules of {@link ZoneTable} and passes reads and writes on.
 *
 * <p>The write pointer moves when a write comes, not when it has ended, so that several may be on their way; one that
 * fails leaves the pointer behind it. What lies beyond the write pointer reads as zeros, whatever the node below holds.
 *
 * <p>Zones are stored, where they are, by what makes data durable (a flush, a write with FUA) and by every command.
 */
final class ZonedDriver extends FilterDriver {
    static final String NAME = "zoned";
    static final String METADATA = "metadata";

    private final ZoneLayout layout;
    private final long lengthBytes;
    private final ZoneTable zones;
    private final CompletionFrame unwritten = ZonedDriver::fillUnwritten;
    private final CompletionFrame appended = ZonedDriver::restoreAppend;
    private final CompletionFrame stored = this::store;
    private final @Nullable ZoneMetadata metadata;
    private String nodeName = "";

    /** Zones on a child; stored where there is a place for that. */
    ZonedDriver(final BlockNode child, final ZoneTable zones, final @Nullable ZoneMetadata metadata) {
        super(NAME, FILE, child);
        this.layout = zones.layout();
        this.lengthBytes = child.length();
        this.zones = zones;
        this.metadata = metadata;
    }

    @Override
    public void attached(final BlockNode self) {
        super.attached(self);
        nodeName = self.name();
        for (final Child link : self.children()) {
            if (metadata != null && link.role().equals(METADATA)) {
                metadata.attached(self, link);
            }
        }
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    @Override
    public ZoneLayout zones() {
        return layout;
    }

    @Override
    public boolean supports(final Operation operation) {
        return operation != Operation.SECURE_ERASE;
    }

    @Override
    public void start(final BlockRequest request) {
        switch (request.operation()) {
            case READ -> read(request);
            case WRITE, WRITE_ZEROES -> write(request);
            case DISCARD -> discard(request);
            case FLUSH -> {
                request.push(stored, 0);
                pass(request);
            }
            case BLOCK_STATUS -> pass(request);
            case ZONE_APPEND -> append(request);
            case ZONE_REPORT -> {
                zones.report(request.offset(), request.zoneReport());
                request.complete();
            }
            case ZONE_RESET_ALL -> {
                zones.resetAll();
                request.push(stored, 0);
                request.complete();
            }
            default -> command(request);
        }
    }

    private void read(final BlockRequest request) {
        final long readable = zones.readable(request.offset(), request.length());
        if (readable < 0) {
            refuse(request, (int) ~readable);
        } else if (readable == 0) {
            request.vector().fill(0, request.length(), (byte) 0);
            request.complete();
        } else {
            if (readable < request.length()) {
                request.push(unwritten, readable);
            }
            pass(request);
        }
    }

    private static boolean fillUnwritten(final BlockRequest request, final long readable) {
        if (request.succeeded()) {
            request.vector().fill(readable, request.length() - readable, (byte) 0);
        }
        return true;
    }

    private void write(final BlockRequest request) {
        final int refusal = zones.write(request.offset(), request.length());
        if (refusal == ZoneTable.OK) {
            storeIfDurable(request);
            pass(request);
        } else {
            refuse(request, refusal);
        }
    }

    /** A hint, of use to conventional zones only. */
    private void discard(final BlockRequest request) {
        if (zones.conventional(request.offset(), request.length())) {
            pass(request);
        } else {
            request.complete();
        }
    }

    private void append(final BlockRequest request) {
        final long start = request.offset();
        final long at = zones.appendsAt(start);
        final int refusal = zones.append(start, request.length());
        if (refusal != ZoneTable.OK) {
            refuse(request, refusal);
            return;
        }
        request.push(appended, start);
        storeIfDurable(request);
        request.set(Operation.WRITE, at, request.length(), request.flags());
        pass(request);
    }

    private static boolean restoreAppend(final BlockRequest request, final long start) {
        request.appendedAt(request.offset());
        request.set(Operation.ZONE_APPEND, start, request.length(), request.flags());
        return true;
    }

    private void command(final BlockRequest request) {
        final int zone = zones.zoneAt(request.offset());
        if (request.offset() % layout.zoneBytes() != 0) {
            refuse(request, ZoneErrors.INVALID);
            return;
        }
        final int refusal = switch (request.operation()) {
            case ZONE_OPEN -> zones.open(zone);
            case ZONE_CLOSE -> zones.close(zone);
            case ZONE_FINISH -> zones.finish(zone);
            case ZONE_RESET -> zones.reset(zone);
            default -> throw new IllegalStateException("not supported by " + NAME + ": " + request);
        };
        if (refusal == ZoneTable.OK) {
            request.push(stored, 0);
            request.complete();
        } else {
            refuse(request, refusal);
        }
    }

    /** Keeps a request that has ended well until the zones are stored as it has left them. */
    private boolean store(final BlockRequest request, final long unused) {
        if (metadata == null || !request.succeeded() || !metadata.isStale()) {
            return true;
        }
        metadata.store(request);
        return false;
    }

    private void storeIfDurable(final BlockRequest request) {
        if (request.has(RequestFlags.FUA)) {
            request.push(stored, 0);
        }
    }

    private void refuse(final BlockRequest request, final int error) {
        request.fail(Status.INVALID, error, nodeName);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        throw new BlockException(Kind.NOT_SUPPORTED, "a zoned disk keeps its length");
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "zone-size",
                layout.zoneBytes(),
                "zones",
                zones.count(),
                "max-open-zones",
                layout.maxOpenZones(),
                "max-active-zones",
                layout.maxActiveZones());
    }
}
