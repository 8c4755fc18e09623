package io.drivebay.virtio.blk;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decides what a parsed request comes to: a request to the backend, or an answer at once. Changes nothing on the medium.
 *
 * <p>What is out of range or misaligned still goes to the backend, which refuses it, because that is where invalid
 * requests are counted.
 */
final class RequestStarter {
    /** The answer of {@link #prepare} for a request that the backend is to carry out. */
    static final int SUBMIT = -1;

    private static final long NOWHERE = -1;
    private static final long MAX_SECTOR = Long.MAX_VALUE >> DiskShape.SECTOR_SHIFT;

    private final Negotiation negotiation;
    private final boolean readOnly;
    private final int blockBytes;
    private final MemoryRegion serial = MemoryRegion.allocate(BlkOptions.SERIAL_BYTES);

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
     * @param capacitySectors the medium's length now
     * @return {@link #SUBMIT}, or the {@link GuestStatus} that is the answer
     */
    int prepare(final Slot slot, final long capacitySectors) {
        slot.mediumChanges = 0;
        return switch (slot.type) {
            case RequestType.IN -> transfer(slot, Operation.READ);
            case RequestType.OUT -> readOnly ? GuestStatus.IO_ERROR : transfer(slot, Operation.WRITE);
            case RequestType.FLUSH -> flush(slot);
            case RequestType.GET_ID -> identify(slot);
            case RequestType.DISCARD -> ranges(slot, BlkFeatures.DISCARD, Operation.DISCARD, capacitySectors);
            case RequestType.WRITE_ZEROES ->
                ranges(slot, BlkFeatures.WRITE_ZEROES, Operation.WRITE_ZEROES, capacitySectors);
            default -> GuestStatus.UNSUPPORTED;
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

    private int identify(final Slot slot) {
        final IoVector data = slot.request().vector();
        final int length = (int) Math.min(BlkOptions.SERIAL_BYTES, data.bytes());
        data.copyFrom(0, serial, 0, length);
        slot.writtenBytes = length;
        return GuestStatus.OK;
    }

    private int ranges(final Slot slot, final long feature, final Operation operation, final long capacitySectors) {
        if (readOnly) {
            return GuestStatus.IO_ERROR;
        }
        if (!negotiation.has(feature)) {
            return GuestStatus.UNSUPPORTED;
        }
        final BlockRequest request = slot.request();
        final int status = slot.rangesMade()
                .read(request.vector(), operation, capacitySectors, blockBytes / DiskShape.SECTOR_BYTES);
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
