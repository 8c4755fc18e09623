package io.drivebay.sim.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.SteppedDisk;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.Waiting;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a driver can rely on, over whichever transport it reaches the device. */
final class TransportContractTest {
    private static final int MIB = 1 << 20;
    private static final DriverOptions SMALL = DriverOptions.of(8, 4096);

    private static byte[] bytes(final int length, final long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void whatIsWrittenIsReadBackAndStandsOnTheDisk(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), SMALL.withSegments(1536))) {
            final byte[] written = bytes(100 * 4096, 1);
            final byte[] read = new byte[written.length];
            final byte[] onDisk = new byte[written.length];

            assertEquals(BlkStatus.OK, guest.disk().write(3 * 512, written));
            assertEquals(BlkStatus.OK, guest.disk().read(3 * 512, read));
            stepped.disk.content().getBytes(3 * 512, onDisk, 0, onDisk.length);

            assertArrayEquals(written, read);
            assertArrayEquals(written, onDisk);
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void withoutEventIndexAndIndirectDescriptorsItWorksToo(final Attachment attachment) throws BlockException {
        final DriverOptions plain = SMALL.without(VirtioFeature.EVENT_IDX, VirtioFeature.INDIRECT_DESC);
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), plain)) {
            final byte[] written = bytes(8192, 1);
            final byte[] read = new byte[written.length];

            assertEquals(BlkStatus.OK, guest.disk().write(0, written));
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));

            assertArrayEquals(written, read);
            assertFalse(guest.driver().has(VirtioFeature.INDIRECT_DESC));
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void capacityQueuesAndIdAreRead(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(
                        attachment,
                        BlkOptions.of("vda").withSerial("SN-0815").withQueues(4, 64),
                        SMALL.withQueues(3))) {
            assertEquals(MIB, guest.driver().config().capacityBytes());
            assertEquals(4, guest.driver().config().queues());
            assertEquals(3, guest.driver().queueCount());
            assertEquals("SN-0815", guest.disk().id());
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void flushDiscardAndZeroesAreAnswered(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), SMALL)) {
            final byte[] read = new byte[1024];
            guest.disk().write(0, bytes(1024, 2));

            assertEquals(BlkStatus.OK, guest.disk().flush());
            assertEquals(BlkStatus.OK, guest.disk().writeZeroes(0, 512, true));
            assertEquals(BlkStatus.OK, guest.disk().discard(512, 512));
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));

            assertArrayEquals(new byte[512], Arrays.copyOf(read, 512));
            assertEquals((byte) 0xee, read[1023]);
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void aRestartForgetsWhatWasInFlightAndWorksOn(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), SMALL)) {
            guest.driver().queue(0).read(3, 0, 512);
            guest.driver().queue(0).kick();

            guest.driver().restart();

            assertEquals(0, guest.driver().queue(0).inFlight());
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[512]));
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void theWriteCacheIsTurnedOff(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), SMALL)) {
            guest.driver().writeback(false);

            assertFalse(guest.driver().config().writeback());
            assertFalse(stepped.backend.writeCache());
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void aDiskOfAnotherLengthIsNoticed(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(attachment, BlkOptions.of("vda"), SMALL)) {
            assertFalse(guest.driver().refreshConfig());

            stepped.layer.changeMedium(stepped.backend, new MemoryDisk(2 * MIB).node(stepped.layer, stepped.context));

            assertTrue(guest.driver().refreshConfig());
            assertEquals(2 * MIB, guest.driver().config().capacityBytes());
            assertEquals(BlkStatus.OK, guest.disk().read(2 * MIB - 512, new byte[512]));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Attachment.class,
            names = {"PCI", "PCI_TRANSITIONAL_PIN", "MMIO"})
    void packedQueuesAndTheResetOfOneNeedNoMoreThanTheModernInterface(final Attachment attachment)
            throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(
                        attachment,
                        BlkOptions.of("vda").withFeatures(VirtioFeature.NOTIFICATION_DATA.bit()),
                        SMALL.with(VirtioFeature.RING_PACKED))) {
            final byte[] written = bytes(40_960, 4);
            final byte[] read = new byte[written.length];

            assertEquals(BlkStatus.OK, guest.disk().write(0, written));
            guest.driver().queue(0).read(3, 0, 512);
            guest.driver().queue(0).kick();
            guest.driver().restartQueue(0);
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));

            assertArrayEquals(written, read);
            assertTrue(guest.driver().has(VirtioFeature.RING_PACKED));
            assertTrue(guest.driver().has(VirtioFeature.NOTIFICATION_DATA));
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void notificationsHoldWhatTheDeviceAsksForOverPciAlone(final Attachment attachment) throws BlockException {
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest =
                        stepped.guest(attachment, BlkOptions.of("vda"), SMALL.with(VirtioFeature.NOTIF_CONFIG_DATA))) {
            assertEquals(BlkStatus.OK, guest.disk().write(0, bytes(512, 1)));

            assertEquals(
                    EnumSet.of(Attachment.PCI, Attachment.PCI_TRANSITIONAL_PIN).contains(attachment),
                    guest.driver().has(VirtioFeature.NOTIF_CONFIG_DATA));
        }
    }

    @ParameterizedTest
    @EnumSource(Attachment.class)
    void sleepingJobsOfTwoQueuesAreWokenAndReadWhatTheyWrote(final Attachment attachment) throws BlockException {
        final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                .jobs(2)
                .depth(16)
                .count(5_000)
                .waiting(Waiting.INTERRUPT)
                .verification(Verification.ofFreshMedium(new BlockStamp(4096, 7), 0, MIB))
                .build();
        try (IoContext context = new IoContext("test", SystemClock.INSTANCE, new ParkPort()).start();
                BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = new MemoryDisk(MIB).backend(layer, context);
            final WorkloadResult result;
            try (VirtioBlkGuest guest = VirtioBlkGuest.forWorkload(
                            attachment, backend, BlkOptions.of("vda"), spec, SystemClock.INSTANCE);
                    Workload workload = new Workload(spec, guest.targets(), SystemClock.INSTANCE)) {
                result = workload.run();
                assertTrue(guest.interrupt().raised() > 0);
            }

            assertEquals(5_000, result.operations());
            assertEquals(List.of(), result.verification().examples());
        }
    }
}
