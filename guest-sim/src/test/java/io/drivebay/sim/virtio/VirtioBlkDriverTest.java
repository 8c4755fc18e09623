package io.drivebay.sim.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.sim.SteppedDisk;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver by itself, over MMIO; what it does over every transport is in TransportContractTest. */
final class VirtioBlkDriverTest {
    private static final int MIB = 1 << 20;
    private static final DriverOptions SMALL = DriverOptions.of(8, 4096);

    private static byte[] bytes(final int length, final long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static DriverOptions options(
            final boolean packed, final boolean indirect, final boolean events, final int segmentBytes) {
        DriverOptions options = SMALL.withSegments(segmentBytes);
        options = packed ? options.with(VirtioFeature.RING_PACKED) : options;
        options = indirect ? options : options.without(VirtioFeature.INDIRECT_DESC);
        return events ? options : options.without(VirtioFeature.EVENT_IDX);
    }

    @ParameterizedTest(name = "packed={0} indirect={1} events={2} segmentBytes={3}")
    @CsvSource({
        "false, true, true, 4096",
        "false, true, false, 512",
        "false, false, true, 1024",
        "false, false, false, 4096",
        "false, true, true, 1536",
        "true, true, true, 4096",
        "true, true, false, 512",
        "true, false, true, 1024",
        "true, false, false, 4096",
        "true, false, true, 1536",
    })
    void whatIsWrittenIsReadBackAndStandsOnTheDisk(
            final boolean packed, final boolean indirect, final boolean events, final int segmentBytes)
            throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest =
                        stepped.guest(BlkOptions.of("vda"), options(packed, indirect, events, segmentBytes))) {
            final byte[] written = bytes(10_240, 1);
            final byte[] read = new byte[written.length];
            final byte[] onDisk = new byte[written.length];

            assertEquals(BlkStatus.OK, guest.disk().write(3 * 512, written));
            assertEquals(BlkStatus.OK, guest.disk().read(3 * 512, read));
            stepped.disk.content().getBytes(3 * 512, onDisk, 0, onDisk.length);

            assertArrayEquals(written, read);
            assertArrayEquals(written, onDisk);
            assertEquals(packed, guest.driver().has(VirtioFeature.RING_PACKED));
            assertEquals(indirect, guest.driver().has(VirtioFeature.INDIRECT_DESC));
            assertEquals(events, guest.driver().has(VirtioFeature.EVENT_IDX));
        }
    }

    @Test
    void aReadBeyondTheEndIsAnErrorAndTheQueueLivesOn() throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(BlkOptions.of("vda"), SMALL)) {
            assertEquals(BlkStatus.IOERR, guest.disk().read(MIB - 512, new byte[1024]));
            assertEquals(BlkStatus.OK, guest.disk().read(MIB - 512, new byte[512]));
        }
    }

    @Test
    void aFeatureThatIsNotOfferedIsNotAsked() throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest =
                        stepped.guest(BlkOptions.of("vda").withoutFeatures(VirtioFeature.BLK_DISCARD.bit()), SMALL)) {
            assertFalse(guest.driver().has(VirtioFeature.BLK_DISCARD));
            final IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> guest.disk().discard(0, 512));
            assertTrue(String.valueOf(refusal.getMessage()).contains("blk_discard"), refusal.getMessage());
        }
    }

    @Test
    void aDeviceWhoseQueueIsTooSmallIsRefused() throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB)) {
            final IllegalStateException refusal = assertThrows(
                    IllegalStateException.class,
                    () -> stepped.guest(BlkOptions.of("vda").withQueues(1, 4), SMALL));

            assertTrue(String.valueOf(refusal.getMessage()).contains("8 are needed"), refusal.getMessage());
            assertEquals(null, stepped.backend.device());
        }
    }

    @Test
    void aPollingDriverIsHardlyEverInterrupted() throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(BlkOptions.of("vda"), SMALL)) {
            for (int i = 0; i < 1000; i++) {
                guest.disk().read(0, new byte[512]);
            }

            assertTrue(
                    guest.interrupt().raised() <= 1,
                    () -> "raised " + guest.interrupt().raised());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeviceThatKeepsTheOrderAndIsToldThePositionIsDriven(final boolean packed) throws BlockException {
        final long offered = VirtioFeature.set(VirtioFeature.IN_ORDER, VirtioFeature.NOTIFICATION_DATA);
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest =
                        stepped.guest(BlkOptions.of("vda").withFeatures(offered), options(packed, true, true, 4096))) {
            final byte[] written = bytes(100 * 4096, 3);
            final byte[] read = new byte[written.length];

            assertEquals(BlkStatus.OK, guest.disk().write(0, written));
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));

            assertArrayEquals(written, read);
            assertEquals(offered, guest.driver().features() & offered);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQueueIsRestartedWithoutTheOthers(final boolean packed) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(
                        BlkOptions.of("vda").withQueues(2, 64),
                        options(packed, true, true, 4096).withQueues(2))) {
            guest.driver().queue(0).read(3, 0, 512);
            guest.driver().queue(0).kick();
            guest.driver().queue(1).read(0, 0, 512);

            guest.driver().restartQueue(0);

            assertEquals(0, guest.driver().queue(0).inFlight());
            assertEquals(1, guest.driver().queue(1).inFlight());
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[512]));
        }
    }

    @Test
    void wearIsReadAndRangesAreErased() throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB)) {
            stepped.disk.wear(new MediumLifetime(1, 4, 11));
            try (VirtioBlkGuest guest = stepped.guest(BlkOptions.of("vda"), SMALL)) {
                guest.disk().write(0, bytes(1024, 4));

                assertEquals(BlkStatus.OK, guest.disk().secureErase(0, 512));

                assertTrue(stepped.disk.content().isZero(0, 512));
                assertFalse(stepped.disk.content().isZero(512, 512));
                assertArrayEquals(new int[] {1, 4, 11}, guest.disk().lifetime());
            }
        }
    }
}
