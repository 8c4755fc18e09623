package io.drivebay.driver.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneReport;
import io.drivebay.backend.request.ZoneState;
import io.drivebay.driver.Disk;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A zoned disk with zones of every kind, and what tests do with it. */
abstract class ZonedDisk {
    static final int ZONE = 65536;
    static final int CAPACITY = 49152;
    static final int ZONES = 8;
    static final int BLOCK = 4096;
    /** Zone 0 is conventional, 6 read-only, 7 offline. */
    static final int FIRST = ZONE;

    static final int READ_ONLY = 6 * ZONE;
    static final int OFFLINE = 7 * ZONE;

    final Disk disk = new Disk(new VirtualClock(), new ParkPort());

    @AfterEach
    void close() throws BlockException {
        disk.close();
    }

    static Map<String, Object> options() {
        final Map<String, Object> options = new HashMap<>(Map.of("driver", "zoned"));
        options.put("file", Map.of("driver", "memory", "size", ZONES * ZONE, "node-name", "below"));
        options.putAll(Map.of(
                "zone-size", ZONE,
                "zone-capacity", CAPACITY,
                "conventional-zones", 1,
                "max-open-zones", 2,
                "max-active-zones", 3,
                "max-append-size", 2 * BLOCK,
                "write-granularity", BLOCK,
                "read-only-zone", 6,
                "offline-zone", 7));
        return options;
    }

    void open() throws BlockException {
        disk.open(options());
    }

    static byte[] bytes(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    BlockRequest write(final long offset, final int length) {
        return disk.write(offset, bytes(length, 7), 0);
    }

    BlockRequest command(final Operation operation, final long zone) {
        return disk.run(operation, zone, 512, 0);
    }

    BlockRequest append(final long zone, final int length) {
        final MemoryRegion memory = MemoryRegion.allocate(length);
        memory.fill(0, length, (byte) 9);
        return disk.run(Operation.ZONE_APPEND, zone, length, 0, new IoVector().add(memory, 0, length));
    }

    ZoneReport report(final long offset, final int room) {
        final ZoneReport report = new ZoneReport(room);
        final Disk.Submitted submitted = new Disk.Submitted();
        submitted.request.zoneReport(report);
        submitted.request.set(Operation.ZONE_REPORT, offset, (long) ZONES * ZONE - offset, 0);
        assertTrue(disk.backend.submit(submitted.request));
        disk.runUntil(submitted::done);
        assertEquals(Status.OK, submitted.request.status());
        return report;
    }

    ZoneState state(final long zone) {
        return report(zone, 1).state(0);
    }

    static void assertRefused(final int why, final BlockRequest request) {
        assertEquals(Status.INVALID, request.status());
        assertEquals(why, request.errno());
    }
}
