package io.drivebay.virtio.blk;

import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a parsed request comes to: a request to the backend, or an answer at once. Changes nothing on the medium.
 *
 * <p>What is out of range or misaligned still goes to the backend, which refuses it, because that is where invalid
 * requests are counted.
 */
final class RequestStarter {
    /** The answer of {@link #prepare} for a request that the backend is to carry out. */
    static final int SUBMIT = -1;

    private static final int LIFETIME_BYTES = 3 * Short.BYTES;
    private static final long NOWHERE = -1;
    private static final long MAX_SECTOR = Long.MAX_VALUE >> DiskShape.SECTOR_SHIFT;

    private final Negotiation negotiation;
    private final boolean readOnly;
    private final int blockBytes;
    private final MemoryRegion serial = MemoryRegion.allocate(BlkOptions.SERIAL_BYTES);
    private final MemoryRegion wear = MemoryRegion.allocate(LIFETIME_BYTES);

    RequestStarter(
            final Negotiation negotiation, final BlkOptions options, final boolean readOnly, final int blockBytes) {
        this.negotiation = negotiation;
        this.readOnly = readOnly;
        this.blockBytes = blockBytes;
        final byte[] ascii = options.serial().getBytes(StandardCharsets.US_ASCII);
        serial.putBytes(0, Arrays.copyOf(ascii, BlkOptions.SERIAL_BYTES), 0, BlkOptions.SERIAL_BYTES);
    }

    /**
     * Sets a slot's request up.
     *
     * @param shape the medium as it is now
     * @return {@link #SUBMIT}, or the {@link GuestStatus} that is the answer
     */
    int prepare(final Slot slot, final DiskShape shape) {
        slot.mediumChanges = 0;
        return switch (slot.type) {
            case RequestType.IN -> transfer(slot, Operation.READ);
            case RequestType.OUT -> readOnly ? GuestStatus.IO_ERROR : transfer(slot, Operation.WRITE);
            case RequestType.FLUSH -> flush(slot);
            case RequestType.GET_ID -> answer(slot, serial);
            case RequestType.GET_LIFETIME -> lifetime(slot, shape.lifetime());
            case RequestType.DISCARD -> ranges(slot, BlkFeatures.DISCARD, Operation.DISCARD, shape);
            case RequestType.WRITE_ZEROES -> ranges(slot, BlkFeatures.WRITE_ZEROES, Operation.WRITE_ZEROES, shape);
            case RequestType.SECURE_ERASE -> ranges(slot, BlkFeatures.SECURE_ERASE, Operation.SECURE_ERASE, shape);
            case RequestType.ZONE_APPEND,
                    RequestType.ZONE_REPORT,
                    RequestType.ZONE_OPEN,
                    RequestType.ZONE_CLOSE,
                    RequestType.ZONE_FINISH,
                    RequestType.ZONE_RESET,
                    RequestType.ZONE_RESET_ALL -> zones(slot, shape);
            default -> GuestStatus.UNSUPPORTED;
        };
    }

    private int zones(final Slot slot, final DiskShape shape) {
        final ZoneLayout layout = shape.zones();
        if (!negotiation.has(BlkFeatures.ZONED) || layout == null) {
            return GuestStatus.UNSUPPORTED;
        }
        return switch (slot.type) {
            case RequestType.ZONE_APPEND -> readOnly ? GuestStatus.IO_ERROR : ZoneRequests.append(slot, shape, layout);
            case RequestType.ZONE_REPORT -> ZoneRequests.report(slot, shape);
            default -> readOnly ? GuestStatus.IO_ERROR : ZoneRequests.command(slot, shape);
        };
    }

    private int transfer(final Slot slot, final Operation operation) {
        final BlockRequest request = slot.request();
        final long length = request.vector().bytes();
        final long sector = slot.sector;
        final boolean aligned = (((sector << DiskShape.SECTOR_SHIFT) | length) & (blockBytes - 1)) == 0;
        final long offset = aligned && sector >= 0 && sector <= MAX_SECTOR ? sector << DiskShape.SECTOR_SHIFT : NOWHERE;
        request.set(operation, offset, length, 0);
        return SUBMIT;
    }

    private int flush(final Slot slot) {
        if (!negotiation.has(BlkFeatures.FLUSH)) {
            return GuestStatus.UNSUPPORTED;
        }
        slot.request().set(Operation.FLUSH, 0, 0, 0);
        return SUBMIT;
    }

    /** A medium that has taken the place of one that told its lifetime, and does not, gives an error. */
    private int lifetime(final Slot slot, final @Nullable MediumLifetime lifetime) {
        if (!negotiation.has(BlkFeatures.LIFETIME)) {
            return GuestStatus.UNSUPPORTED;
        }
        if (lifetime == null) {
            return GuestStatus.IO_ERROR;
        }
        wear.putShort(0, (short) lifetime.preEndOfLife());
        wear.putShort(Short.BYTES, (short) lifetime.typeA());
        wear.putShort(2 * Short.BYTES, (short) lifetime.typeB());
        return answer(slot, wear);
    }

    private static int answer(final Slot slot, final MemoryRegion bytes) {
        final IoVector data = slot.request().vector();
        final int length = (int) Math.min(bytes.size(), data.bytes());
        data.copyFrom(0, bytes, 0, length);
        slot.writtenBytes = length;
        return GuestStatus.OK;
    }

    private int ranges(final Slot slot, final long feature, final Operation operation, final DiskShape shape) {
        if (readOnly) {
            return GuestStatus.IO_ERROR;
        }
        if (!negotiation.has(feature)) {
            return GuestStatus.UNSUPPORTED;
        }
        final BlockRequest request = slot.request();
        final int status = slot.rangesMade()
                .read(request.vector(), operation, shape.capacitySectors(), blockBytes / DiskShape.SECTOR_BYTES);
        if (status == GuestStatus.IO_ERROR) {
            request.set(operation, NOWHERE, 0, 0);
            return SUBMIT;
        }
        if (status == GuestStatus.OK) {
            slot.rangesMade().next(request);
            return SUBMIT;
        }
        return status;
    }
}
