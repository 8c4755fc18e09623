package io.drivebay.driver.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneState;
import io.drivebay.driver.Disk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Zones that are kept on a node of their own outlive the disk. */
final class ZoneMetadataTest extends ZonedDisk {
    /** A disk on nodes of its own, so that it can be opened again on the same ones. */
    private void openStored(final String name) throws BlockException {
        final Map<String, Object> options = options();
        options.remove("read-only-zone");
        options.put("node-name", name);
        options.put("file", "data");
        options.put("metadata", "zones");
        disk.open(options);
    }

    private void reopen() throws BlockException {
        disk.layer.removeMedium(disk.backend);
        disk.layer.deleteNode("before");
        disk.backend.detachDevice();
        openStored("after");
    }

    private void addNodes(final int metadataBytes) throws BlockException {
        disk.blockdevs.add(disk.context, Map.of("driver", "memory", "size", ZONES * ZONE, "node-name", "data"));
        disk.blockdevs.add(disk.context, Map.of("driver", "memory", "size", metadataBytes, "node-name", "zones"));
    }

    @Test
    void whatWasFlushedIsRememberedAndWhatWasOpenIsClosed() throws BlockException {
        addNodes(8192);
        openStored("before");
        write(FIRST, BLOCK);
        write(2 * ZONE, CAPACITY);
        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());
        final byte[] read = new byte[BLOCK];

        reopen();

        assertEquals(ZoneState.CLOSED, state(FIRST));
        assertEquals(FIRST + BLOCK, report(FIRST, 1).writePointer(0));
        assertEquals(ZoneState.FULL, state(2 * ZONE));
        assertEquals(ZoneState.CONVENTIONAL, state(0));
        disk.read(FIRST, read);
        assertArrayEquals(bytes(BLOCK, 7), read);
    }

    @Test
    void aMediumThatIsTakenOutIsRememberedAsItWas() throws BlockException {
        addNodes(8192);
        openStored("before");
        write(FIRST, BLOCK);
        disk.run(Operation.FLUSH, 0, 0, 0);
        write(FIRST + BLOCK, BLOCK);

        reopen();

        assertEquals(FIRST + 2 * BLOCK, report(FIRST, 1).writePointer(0));
    }

    @Test
    void durableWritesAppendsAndCommandsAreRememberedByThemselves() throws BlockException {
        addNodes(8192);
        openStored("before");
        disk.write(FIRST, bytes(BLOCK, 7), RequestFlags.FUA);
        write(2 * ZONE, BLOCK);
        command(Operation.ZONE_FINISH, 2 * ZONE);

        reopen();

        assertEquals(FIRST + BLOCK, report(FIRST, 1).writePointer(0));
        assertEquals(ZoneState.FULL, state(2 * ZONE));
    }

    @Test
    void manyRequestsShareTheStoring() throws BlockException {
        addNodes(8192);
        openStored("before");
        final List<Disk.Submitted> all = new ArrayList<>();
        final MemoryRegion memory = MemoryRegion.allocate(BLOCK);
        for (int i = 0; i < CAPACITY / BLOCK; i++) {
            all.add(disk.submit(
                    Operation.ZONE_APPEND, FIRST, BLOCK, RequestFlags.FUA, new IoVector().add(memory, 0, BLOCK)));
            all.add(disk.submit(Operation.FLUSH, 0, 0, 0, new IoVector()));
        }

        disk.runUntil(() -> all.stream().allMatch(Disk.Submitted::done));

        all.forEach(submitted -> assertEquals(Status.OK, submitted.request.status()));
        reopen();
        assertEquals(ZoneState.FULL, state(FIRST));
    }

    @Test
    void zonesThatCannotBeStoredFailTheFlush() throws BlockException {
        disk.blockdevs.add(disk.context, Map.of("driver", "memory", "size", ZONES * ZONE, "node-name", "data"));
        disk.blockdevs.add(
                disk.context,
                Map.of(
                        "driver",
                        "blkdebug",
                        "node-name",
                        "zones",
                        "image",
                        Map.of("driver", "memory", "size", 8192),
                        "inject-error",
                        List.of(Map.of("event", "write_aio", "errno", 28, "once", true))));
        openStored("before");
        write(FIRST, BLOCK);

        assertEquals(Status.NO_SPACE, disk.run(Operation.FLUSH, 0, 0, 0).status());
        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());
    }

    @Test
    void metadataThatIsTooSmallIsRefused() throws BlockException {
        addNodes(4096);

        final BlockException refusal = assertThrows(BlockException.class, () -> openStored("before"));

        assertTrue(String.valueOf(refusal.getMessage()).contains("8 zones need 8192"), refusal.getMessage());
    }

    @Test
    void metadataOfAnotherDiskIsRefused() throws BlockException {
        addNodes(8192);
        openStored("before");
        disk.run(Operation.FLUSH, 0, 0, 0);
        final Map<String, Object> other = options();
        other.put("zone-capacity", CAPACITY - BLOCK);
        other.put("metadata", "zones");

        final BlockException refusal = assertThrows(BlockException.class, () -> disk.open(other));

        assertTrue(String.valueOf(refusal.getMessage()).contains("zones of this disk"), refusal.getMessage());
    }
}
