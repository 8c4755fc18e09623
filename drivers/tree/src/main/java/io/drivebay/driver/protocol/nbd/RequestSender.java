package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.driver.protocol.nbd.ClientSlot.Stage;
import io.drivebay.driver.protocol.nbd.NbdLink.Mode;
import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Writes commands, as many as fit into one call. */
final class RequestSender {
    private static final int BYTES = 256 << 10;

    private final MemoryRegion region = RegionPool.aligned(BYTES);
    private final ByteBuffer bytes = region.buffer().duplicate().limit(0);
    private final ByteBuffer[] one = {bytes};
    private final ArrayDeque<ClientSlot> waiting = new ArrayDeque<>();
    private @Nullable ClientSlot writing;

    /** Forgets what was on its way; for a new connection. */
    void reset() {
        bytes.limit(0);
        writing = null;
        waiting.clear();
    }

    void add(final ClientSlot slot) {
        waiting.add(slot);
    }

    /** True while there is something to send. */
    boolean pending() {
        return bytes.hasRemaining() || writing != null || !waiting.isEmpty();
    }

    /** Sends as much as the socket takes; how many bytes. */
    long send(final NbdLink link) throws IOException {
        final ByteStream stream = link.stream();
        long total = 0;
        while (pending()) {
            if (!bytes.hasRemaining()) {
                fill(link);
            }
            final long sent = stream.write(one, 0, 1);
            total += sent;
            if (bytes.hasRemaining() || sent == 0) {
                break;
            }
        }
        stream.flush();
        return total;
    }

    private void fill(final NbdLink link) {
        bytes.clear();
        boolean room = true;
        while (room) {
            if (writing != null) {
                room = payload(writing);
            } else if (waiting.isEmpty() || bytes.remaining() < Transmission.EXTENDED_REQUEST_BYTES) {
                room = false;
            } else {
                header(waiting.removeFirst(), link);
            }
        }
        bytes.flip();
    }

    private void header(final ClientSlot slot, final NbdLink link) {
        final BlockRequest request = slot.requireRequest();
        final boolean extended = link.mode() == Mode.EXTENDED;
        final boolean write = request.operation() == Operation.WRITE;
        final int flags = flags(request) | (extended && write ? Transmission.CMD_FLAG_PAYLOAD_LEN : 0);
        final boolean ranged = request.operation() != Operation.FLUSH;
        bytes.putInt(extended ? Transmission.EXTENDED_REQUEST_MAGIC : Transmission.REQUEST_MAGIC)
                .putShort((short) flags)
                .putShort((short) command(request.operation()))
                .putLong(slot.cookie())
                .putLong(ranged ? request.offset() + slot.done : 0);
        if (extended) {
            bytes.putLong(slot.length);
        } else {
            bytes.putInt((int) slot.length);
        }
        writing = write ? slot : null;
        slot.stage = write ? Stage.WRITING : Stage.WRITTEN;
    }

    /** Appends what fits of a write's data; true when that was the rest of it. */
    private boolean payload(final ClientSlot slot) {
        final int part = (int) Math.min(bytes.remaining(), slot.length - slot.moved);
        slot.requireRequest().vector().copyTo(slot.moved, region, bytes.position(), part);
        bytes.position(bytes.position() + part);
        slot.moved += part;
        if (slot.moved < slot.length) {
            return false;
        }
        writing = null;
        slot.stage = Stage.WRITTEN;
        return true;
    }

    private static int command(final Operation operation) {
        return switch (operation) {
            case READ -> Transmission.CMD_READ;
            case WRITE -> Transmission.CMD_WRITE;
            case FLUSH -> Transmission.CMD_FLUSH;
            case DISCARD -> Transmission.CMD_TRIM;
            case WRITE_ZEROES -> Transmission.CMD_WRITE_ZEROES;
            case BLOCK_STATUS -> Transmission.CMD_BLOCK_STATUS;
            default -> throw new IllegalStateException("NBD has no " + operation);
        };
    }

    private static int flags(final BlockRequest request) {
        final int fua = request.has(RequestFlags.FUA) ? Transmission.CMD_FLAG_FUA : 0;
        return switch (request.operation()) {
            case WRITE -> fua;
            case WRITE_ZEROES ->
                fua
                        | (request.has(RequestFlags.MAY_UNMAP) ? 0 : Transmission.CMD_FLAG_NO_HOLE)
                        | (request.has(RequestFlags.NO_FALLBACK) ? Transmission.CMD_FLAG_FAST_ZERO : 0);
            case BLOCK_STATUS -> Transmission.CMD_FLAG_REQ_ONE;
            default -> 0;
        };
    }
}
