package io.drivebay.virtio.blk;

import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;

/**
 * Sets up the backend's requests for the driver's commands to zones (virtio 1.3, 5.2.6.2). The rules of zones are the
 * medium's to keep; what lies outside it is refused here, because to a zoned disk it is an invalid command.
 */
final class ZoneRequests {
    private ZoneRequests() {}

    /** As {@link RequestStarter#prepare}: appends data to a zone. */
    static int append(final Slot slot, final DiskShape shape, final ZoneLayout layout) {
        final long length = slot.request().vector().bytes();
        if (slot.zonesMade().answer().bytes() != ZoneAnswers.APPEND_SECTOR_BYTES) {
            return GuestStatus.IO_ERROR;
        }
        if (layout.maxAppendBytes() == 0) {
            return GuestStatus.UNSUPPORTED;
        }
        if (!within(slot, shape) || length == 0 || length > layout.maxAppendBytes()) {
            return GuestStatus.ZONE_INVALID_COMMAND;
        }
        if (offset(slot) + length > capacityBytes(shape)) {
            return GuestStatus.ZONE_INVALID_COMMAND;
        }
        slot.request().set(Operation.ZONE_APPEND, offset(slot), length, 0);
        return RequestStarter.SUBMIT;
    }

    /** As {@link RequestStarter#prepare}: reports zones, as many as the buffer has room for. */
    static int report(final Slot slot, final DiskShape shape) {
        final BlockRequest request = slot.request();
        if (!within(slot, shape) || !ZoneAnswers.fits(request.vector().bytes())) {
            return GuestStatus.ZONE_INVALID_COMMAND;
        }
        request.zoneReport(slot.zonesMade().begin(request.vector().bytes()));
        request.set(Operation.ZONE_REPORT, offset(slot), capacityBytes(shape) - offset(slot), 0);
        return RequestStarter.SUBMIT;
    }

    /** As {@link RequestStarter#prepare}: changes the state of a zone, or of all. */
    static int command(final Slot slot, final DiskShape shape) {
        final BlockRequest request = slot.request();
        if (slot.type == RequestType.ZONE_RESET_ALL) {
            request.set(Operation.ZONE_RESET_ALL, 0, capacityBytes(shape), 0);
            return RequestStarter.SUBMIT;
        }
        if (!within(slot, shape)) {
            return GuestStatus.ZONE_INVALID_COMMAND;
        }
        request.set(operation(slot.type), offset(slot), DiskShape.SECTOR_BYTES, 0);
        return RequestStarter.SUBMIT;
    }

    private static Operation operation(final int type) {
        return switch (type) {
            case RequestType.ZONE_OPEN -> Operation.ZONE_OPEN;
            case RequestType.ZONE_CLOSE -> Operation.ZONE_CLOSE;
            case RequestType.ZONE_FINISH -> Operation.ZONE_FINISH;
            case RequestType.ZONE_RESET -> Operation.ZONE_RESET;
            default -> throw new IllegalArgumentException("type " + type + " is no command to a zone");
        };
    }

    private static boolean within(final Slot slot, final DiskShape shape) {
        return slot.sector >= 0 && slot.sector < shape.capacitySectors();
    }

    private static long offset(final Slot slot) {
        return slot.sector << DiskShape.SECTOR_SHIFT;
    }

    private static long capacityBytes(final DiskShape shape) {
        return shape.capacitySectors() << DiskShape.SECTOR_SHIFT;
    }
}
