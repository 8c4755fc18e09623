package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.Test;

/** G7, G8, B13. */
final class ConfigSpaceTest {
    private static final DiskShape SHAPE = new DiskShape(0x1_0000_0002L, 512, 3, 8, true, false, null, null);

    private final ConfigSpace config = new ConfigSpace(BlkOptions.of("vda").withQueues(3, 128), SHAPE, true);

    @Test
    void fieldsLieWhereTheSpecificationPutsThem() {
        assertEquals(0x1_0000_0002L, config.read(0, 8));
        assertEquals(0x7ffffe00, config.read(8, 4), "size_max");
        assertEquals(126, config.read(12, 4), "seg_max");
        assertEquals(65535, config.read(16, 2), "cylinders");
        assertEquals(16, config.read(18, 1), "heads");
        assertEquals(63, config.read(19, 1), "sectors");
        assertEquals(512, config.read(20, 4), "blk_size");
        assertEquals(3, config.read(24, 1), "physical_block_exp");
        assertEquals(0, config.read(25, 1), "alignment_offset");
        assertEquals(8, config.read(26, 2), "min_io_size");
        assertEquals(0, config.read(28, 4), "opt_io_size");
        assertEquals(1, config.read(32, 1), "writeback");
        assertEquals(3, config.read(34, 2), "num_queues");
        assertEquals(4194303, config.read(36, 4), "max_discard_sectors");
        assertEquals(32, config.read(40, 4), "max_discard_seg");
        assertEquals(8, config.read(44, 4), "discard_sector_alignment");
        assertEquals(4194303, config.read(48, 4), "max_write_zeroes_sectors");
        assertEquals(32, config.read(52, 4), "max_write_zeroes_seg");
        assertEquals(1, config.read(56, 1), "write_zeroes_may_unmap");
    }

    @Test
    void unusedBytesAreZero() {
        assertEquals(0, config.read(33, 1));
        assertEquals(0, config.read(57, 1));
        assertEquals(0, config.read(58, 2));
    }

    @Test
    void whatLiesBeyondTheEndIsZero() {
        assertEquals(0, config.read(60, 8));
        assertEquals(0, config.read(68, 8));
        assertEquals(0, config.read(56, 8) >>> 8);
        assertEquals(0, config.read(Integer.MAX_VALUE, 8));
    }

    @Test
    void fieldsMayBeReadInPieces() {
        assertEquals(2, config.read(0, 4));
        assertEquals(1, config.read(4, 4));
        assertEquals(1, config.read(4, 1));
        assertEquals(0x0100, config.read(3, 2));
    }

    @Test
    void aMediumThatErasesForGoodSaysHowMuchAtOnce() {
        config.show(new DiskShape(0x1_0000_0000L, 4096, 0, 8, true, true, null, null));

        assertEquals(4194296, config.read(60, 4), "max_secure_erase_sectors");
        assertEquals(32, config.read(64, 4), "max_secure_erase_seg");
        assertEquals(8, config.read(68, 4), "secure_erase_sector_alignment");
    }

    @Test
    void aZonedMediumSaysHowItIsDivided() {
        final ZoneLayout zones = new ZoneLayout(1 << 20, 4, 6, 65536, 4096);
        config.show(new DiskShape(0x1_0000_0000L, 4096, 0, 8, true, false, null, zones));

        assertEquals(2048, config.read(72, 4), "zone_sectors");
        assertEquals(4, config.read(76, 4), "max_open_zones");
        assertEquals(6, config.read(80, 4), "max_active_zones");
        assertEquals(128, config.read(84, 4), "max_append_sectors");
        assertEquals(4096, config.read(88, 4), "write_granularity");
        assertEquals(1, config.read(92, 4), "model and unused bytes");
    }

    @Test
    void theGenerationChangesWithTheContent() {
        final int before = config.generation();

        assertTrue(config.show(new DiskShape(8, 512, 3, 8, true, false, null, null)));

        assertNotEquals(before, config.generation());
        assertEquals(8, config.read(0, 8));
    }

    @Test
    void theGenerationStaysWithTheContent() {
        final int before = config.generation();

        assertFalse(config.show(SHAPE));

        assertEquals(before, config.generation());
    }

    @Test
    void everyFieldIsReadableBeforeFeaturesAreChosen() {
        try (Machine machine = new Machine(BlkOptions.of("vda"))) {
            assertEquals(Machine.DISK_BYTES / 512, machine.config(0, 8));
            assertEquals(512, machine.config(20, 4));
            assertEquals(1, machine.config(32, 1));
        }
    }

    @Test
    void anAlignedDiskShowsItsPhysicalBlock() {
        final HeldDisk disk = new HeldDisk(1 << 16).limits(BlockLimits.UNLIMITED.withAlignment(4096));
        try (Machine machine = new Machine(BlkOptions.of("vda"), disk, 16)) {
            assertEquals(512, machine.config(20, 4));
            assertEquals(3, machine.config(24, 1));
            assertEquals(8, machine.config(44, 4));
        }
    }

    @Test
    void theMediumsOwnBlockSizeIsShownWhenAskedFor() {
        final HeldDisk disk = new HeldDisk(1 << 16).limits(BlockLimits.UNLIMITED.withAlignment(4096));
        try (Machine machine = new Machine(BlkOptions.of("vda").withBlockBytes(0), disk, 16)) {
            assertEquals(4096, machine.config(20, 4));
            assertEquals(0, machine.config(24, 1));
        }
    }

    @Test
    void capacityIsAMultipleOfTheBlock() {
        try (Machine machine = new Machine(BlkOptions.of("vda").withBlockBytes(4096), new HeldDisk(4096 + 512), 16)) {
            assertEquals(8, machine.config(0, 8));
        }
    }
}
