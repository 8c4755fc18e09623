package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.virtio.BlkDisk;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.BlkZone;
import io.drivebay.sim.virtio.BlkZone.State;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.sim.virtio.ZoneCommand;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B15 from end to end: the guest's driver, the virtio-blk device and the zoned filter agree on zones. */
final class ZonedGuestTest {
    private static final int ZONE = 1 << 20;
    private static final int ZONES = 100;
    private static final int BLOCK = 4096;

    private static byte[] bytes(final int value) {
        final byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static State state(final BlkDisk disk, final long zone) {
        return disk.zones(zone).get(0).state();
    }

    @ParameterizedTest(name = "packed={0}")
    @ValueSource(booleans = {false, true})
    void aGuestWritesAppendsAndResetsZones(final boolean packed) throws BlockException {
        final VirtualClock clock = new VirtualClock();
        final IoContext context = IoContext.stepped("zoned", clock);
        final DriverOptions split = DriverOptions.of(4, BLOCK);
        try (BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = layer.createBackend(context);
            layer.insertMedium(backend, new Blockdevs(layer).add(context, zoned()));
            try (VirtioBlkGuest guest = VirtioBlkGuest.start(
                    backend,
                    BlkOptions.of("vda"),
                    packed ? split.with(VirtioFeature.RING_PACKED) : split,
                    Pause.stepping(context, clock))) {
                use(guest);
            }
        }
        context.close();
    }

    private static Map<String, Object> zoned() {
        return Map.of(
                "driver",
                "zoned",
                "zone-size",
                ZONE,
                "conventional-zones",
                1,
                "max-open-zones",
                2,
                "max-active-zones",
                2,
                "file",
                Map.of("driver", "memory", "size", ZONES * ZONE));
    }

    private static void use(final VirtioBlkGuest guest) {
        final BlkDisk disk = guest.disk();
        final byte[] read = new byte[2 * BLOCK];

        assertEquals(1, guest.driver().config().zoneModel());
        final List<BlkZone> zones = disk.zones(0);
        assertEquals(ZONES, zones.size());
        assertEquals(State.NOT_WP, zones.get(0).state());
        assertEquals(State.EMPTY, zones.get(ZONES - 1).state());

        assertEquals(BlkStatus.OK, disk.write(ZONE, bytes(1)));
        assertEquals(BlkStatus.ZONE_UNALIGNED_WP, disk.write(ZONE, bytes(1)));
        assertEquals(BlkStatus.OK, disk.append(ZONE, bytes(2)));
        assertEquals(ZONE + BLOCK, disk.appendedAt());
        assertEquals(BlkStatus.OK, disk.read(ZONE, read));
        assertArrayEquals(bytes(1), Arrays.copyOf(read, BLOCK));
        assertArrayEquals(bytes(2), Arrays.copyOfRange(read, BLOCK, 2 * BLOCK));
        assertEquals(State.IOPEN, state(disk, ZONE));

        assertEquals(BlkStatus.OK, disk.zone(ZoneCommand.OPEN, 2 * ZONE));
        assertEquals(BlkStatus.ZONE_ACTIVE_RESOURCE, disk.write(3 * ZONE, bytes(3)));
        assertEquals(BlkStatus.OK, disk.zone(ZoneCommand.CLOSE, 2 * ZONE));
        assertEquals(BlkStatus.OK, disk.write(3 * ZONE, bytes(3)));
        assertEquals(BlkStatus.OK, disk.zone(ZoneCommand.FINISH, 3 * ZONE));
        assertEquals(State.FULL, state(disk, 3 * ZONE));
        assertEquals(BlkStatus.ZONE_INVALID_CMD, disk.zone(ZoneCommand.OPEN, 3 * ZONE));

        assertEquals(BlkStatus.OK, disk.zone(ZoneCommand.RESET, ZONE));
        assertEquals(BlkStatus.OK, disk.read(ZONE, read));
        assertArrayEquals(new byte[2 * BLOCK], read);
        assertEquals(BlkStatus.OK, disk.zone(ZoneCommand.RESET_ALL, 0));
        assertEquals(State.EMPTY, state(disk, 3 * ZONE));
    }
}
