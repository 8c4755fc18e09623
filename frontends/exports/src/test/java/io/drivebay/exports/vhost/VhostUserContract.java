package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.NativeMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.vhost.SharedMemory;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.Waiting;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our guest's driver finds behind a vhost-user socket, whoever serves it: 16 MiB, writable, four queues. */
@Timeout(120)
public abstract class VhostUserContract {
    static final DriverOptions OPTIONS = DriverOptions.of(8, 65536).withQueues(4);

    private final VirtioFeature[] more;

    /**
     * Has a driver use what is offered.
     *
     * @param more what it does not use unless it is asked to
     */
    protected VhostUserContract(final VirtioFeature... more) {
        this.more = more;
    }

    /** The server's socket; the disk reads as zeros. */
    protected abstract String path();

    static Pause pause() {
        return Pause.spinning(SystemClock.INSTANCE, TimeUnit.SECONDS.toNanos(20));
    }

    final VhostUserGuest guest(final DriverOptions options) throws PosixException {
        return VhostUserGuest.start(path(), options.with(more), pause());
    }

    private static byte[] noise(final int bytes, final long seed) {
        final byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    @Test
    void whatTheDriverAsksForIsThere() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertTrue(Arrays.stream(more).allMatch(guest.driver()::has));
        }
    }

    @Test
    void whatWasWrittenIsReadAndOutlivesTheClient() throws PosixException {
        final byte[] written = noise(200_704, 1);
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertEquals(VhostServed.SIZE, guest.driver().config().capacityBytes());
            assertEquals(BlkStatus.OK, guest.disk().write(4096, written));
            assertEquals(BlkStatus.OK, guest.disk().flush());
        }
        try (VhostUserGuest guest = guest(OPTIONS)) {
            final byte[] read = new byte[written.length];
            assertEquals(BlkStatus.OK, guest.disk().read(4096, read));
            assertArrayEquals(written, read);
        }
    }

    @Test
    void aRequestBeyondTheEndFailsAndTheQueueLivesOn() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertEquals(BlkStatus.IOERR, guest.disk().read(VhostServed.SIZE, new byte[512]));
            assertEquals(BlkStatus.OK, guest.disk().read(VhostServed.SIZE - 512, new byte[512]));
        }
    }

    @Test
    void discardedAndZeroedRangesReadAsZeros() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertEquals(BlkStatus.OK, guest.disk().write(0, noise(131_072, 2)));
            assertEquals(BlkStatus.OK, guest.disk().writeZeroes(0, 65_536, true));
            assertEquals(BlkStatus.OK, guest.disk().discard(65_536, 65_536));
            final byte[] read = new byte[65_536];
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));
            assertArrayEquals(new byte[65_536], read);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = VirtioFeature.class,
            names = {"INDIRECT_DESC", "EVENT_IDX", "BLK_MQ", "BLK_FLUSH"})
    void aDriverMayDoWithoutAFeature(final VirtioFeature refused) throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS.without(refused).withSegments(4096))) {
            final byte[] written = noise(65_536, 3);
            assertEquals(BlkStatus.OK, guest.disk().write(0, written));
            final byte[] read = new byte[written.length];
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));
            assertArrayEquals(written, read);
        }
    }

    @Test
    void aDriverMayStartAgain() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            for (int i = 0; i < 3; i++) {
                final byte[] written = noise(4096, i);
                assertEquals(BlkStatus.OK, guest.disk().write(4096L * i, written));
                guest.driver().restart();
                final byte[] read = new byte[4096];
                assertEquals(BlkStatus.OK, guest.disk().read(4096L * i, read));
                assertArrayEquals(written, read);
            }
        }
    }

    @Test
    void aQueueGoesOnWhereItStopped() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(BlkStatus.OK, guest.disk().write(4096L * i, noise(4096, i)));
                final int base = guest.transport().pauseQueue(0);
                assertEquals(guest.driver().has(VirtioFeature.RING_PACKED) ? base >>> 16 : i + 1, base & 0xffff);
                guest.transport().resumeQueue(0, base);
            }
        }
    }

    private static boolean marked(final MemoryRegion bits, final long address) {
        final long page = address >>> 12;
        return ((bits.getByte((int) (page >>> 3)) >>> (page & 7)) & 1) == 1;
    }

    @Test
    void pagesThatTheDeviceWritesAreLogged() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS);
                MemoryFile bitmap = MemoryFile.create("log", 65_536);
                NativeMemory bits = bitmap.map(0, 65_536)) {
            final GuestBuffer data = guest.driver().queue(0).data(0);
            guest.transport().logWrites(bitmap);
            assertEquals(BlkStatus.OK, guest.disk().write(0, noise(65_536, 4)));
            assertFalse(marked(bits.region(), data.address()), "what is only read from memory is not dirty");
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[8192]));
            assertTrue(marked(bits.region(), data.address()));
            assertTrue(marked(bits.region(), data.address() + 8191));
            assertFalse(marked(bits.region(), data.address() + 16_384));
        }
    }

    @Test
    void memoryAboveTheHoleIsUsed() throws PosixException {
        final SharedMemory memory = SharedMemory.create(5L << 30);
        memory.ram().allocatePages(1 << 30);
        memory.ram().allocatePages(1 << 30);
        try (VhostUserGuest guest = VhostUserGuest.start(path(), memory, OPTIONS.with(more), pause())) {
            final byte[] written = noise(65_536, 5);
            assertEquals(BlkStatus.OK, guest.disk().write(0, written));
            final byte[] read = new byte[written.length];
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));
            assertArrayEquals(written, read);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Waiting.class,
            names = {"POLL", "INTERRUPT"})
    void everyBlockOfFourQueuesIsVerified(final Waiting waiting) throws PosixException {
        final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                .jobs(4)
                .depth(8)
                .waiting(waiting)
                .range(0, VhostServed.SIZE)
                .count(4_000)
                .verification(Verification.ofFreshMedium(new BlockStamp(4096, 7), 0, VhostServed.SIZE))
                .build();
        try (VhostUserGuest guest = guest(OPTIONS);
                Workload workload = new Workload(spec, guest.targets(), SystemClock.INSTANCE)) {
            final WorkloadResult result = workload.run();
            assertEquals(4_000, result.operations(), result::toString);
            assertEquals(0, result.failed(), result::toString);
            assertEquals(0, result.verification().mismatches(), result::toString);
            assertTrue(result.verification().unitsVerified() > 100, result::toString);
        }
    }
}
