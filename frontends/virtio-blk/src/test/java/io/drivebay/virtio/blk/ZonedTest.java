package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneErrors;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B15: what a guest sees of a zoned medium. The rules of zones are the medium's, and tested with it. */
final class ZonedTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;
    private static final int INVALID = 3;
    private static final int CAPACITY = Machine.DISK_BYTES / 512;
    private static final ZoneLayout ZONES = new ZoneLayout(65536, 2, 3, 8192, 4096);
    private static final long FEATURES = Machine.VERSION_1 | Machine.INDIRECT | Machine.FLUSH | Machine.ZONED;

    private final Machine machine = machine(ZONES);
    private final GuestRing ring = machine.start(FEATURES, 16);
    private final Buffer status = machine.status();

    private static Machine machine(final ZoneLayout zones) {
        return new Machine(BlkOptions.of("vda"), new HeldDisk(Machine.DISK_BYTES).zoned(zones), 256);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private Used run(final Buffer... buffers) {
        return machine.run(ring, buffers);
    }

    private int command(final int type, final long sector) {
        final Buffer answer = machine.status();
        run(machine.header(type, sector), answer);
        return machine.statusIn(answer);
    }

    // ---- features ----

    @Test
    void zonesAreOfferedWithoutDiscardsAndZeros() {
        final long offered = machine.device.offeredFeatures();

        assertEquals(Machine.ZONED, offered & (Machine.ZONED | Machine.DISCARD | Machine.WRITE_ZEROES));
    }

    @Test
    void aDriverThatDoesNotAcceptZonesIsRefused() {
        assertEquals(3, machine.negotiate(FEATURES & ~Machine.ZONED));
        assertEquals(3 | Machine.FEATURES_OK, machine.negotiate(FEATURES));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 18, 20, 22, 24, 26})
    void withoutZonesTheirCommandsAreUnsupported(final int type) {
        try (Machine other = new Machine(BlkOptions.of("vdb"))) {
            final GuestRing otherRing = other.start(Machine.USUAL, 16);
            final Buffer answer = other.status();
            otherRing.offer(other.header(type, 0), answer);

            other.kickAndRun();

            assertEquals(UNSUPPORTED, other.statusIn(answer));
        }
    }

    @Test
    void aMediumThatIsDividedInAnotherWayDoesNotFit() throws BlockException {
        final ZoneLayout larger = new ZoneLayout(131072, 2, 3, 8192, 4096);
        final HeldDisk other = new HeldDisk(Machine.DISK_BYTES).zoned(larger);

        final BlockException refusal =
                assertThrows(BlockException.class, () -> machine.device.checkMedium(machine.node("other", other)));

        assertTrue(String.valueOf(refusal.getMessage()).contains("zones"), refusal.getMessage());
    }

    // ---- commands ----

    @ParameterizedTest
    @CsvSource({"18, ZONE_OPEN", "20, ZONE_CLOSE", "22, ZONE_FINISH", "24, ZONE_RESET"})
    void aCommandReachesItsZone(final int type, final String operation) {
        assertEquals(OK, command(type, 128));

        assertEquals(List.of(operation + " 65536+512 0"), machine.disk.seen());
    }

    @Test
    void aResetOfAllReachesTheWholeMedium() {
        assertEquals(OK, command(Machine.ZONE_RESET_ALL, 77));

        assertEquals(List.of("ZONE_RESET_ALL 0+" + Machine.DISK_BYTES + " 0"), machine.disk.seen());
    }

    @ParameterizedTest
    @ValueSource(longs = {CAPACITY, -1, Long.MAX_VALUE})
    void aCommandBeyondTheMediumIsInvalid(final long sector) {
        assertEquals(INVALID, command(Machine.ZONE_OPEN, sector));
        assertTrue(machine.disk.seen().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"22, 3", "29, 4", "109, 5", "75, 6", "5, 1"})
    void everyRuleThatIsBrokenHasItsStatus(final int errno, final int expected) {
        machine.disk.failOnce(Status.INVALID, errno);

        assertEquals(expected, command(Machine.ZONE_OPEN, 0));
    }

    @Test
    void aWriteOffTheWritePointerIsToldToo() {
        machine.disk.failOnce(Status.INVALID, ZoneErrors.UNALIGNED);

        run(machine.header(Machine.OUT, 0), Buffer.readable(DATA, 512), status);

        assertEquals(4, machine.statusIn(status));
    }

    // ---- reports ----

    @Test
    void aReportHasTheFormOfTheSpecification() {
        machine.ram.fill(DATA, 256, (byte) 0xee);

        final Used used = run(machine.header(Machine.ZONE_REPORT, 130), Buffer.writable(DATA, 256), status);

        assertEquals(OK, machine.statusIn(status));
        assertEquals(128, used.length());
        assertEquals(1, machine.ram.getLong(DATA), "nr_zones");
        assertTrue(machine.ram.isZero(DATA + 8, 56), "reserved");
        assertEquals(96, machine.ram.getLong(DATA + 64), "z_cap");
        assertEquals(128, machine.ram.getLong(DATA + 72), "z_start");
        assertEquals(192, machine.ram.getLong(DATA + 80), "z_wp");
        assertEquals(2, machine.ram.getByte(DATA + 88), "z_type");
        assertEquals(14, machine.ram.getByte(DATA + 89), "z_state");
        assertTrue(machine.ram.isZero(DATA + 90, 38), "reserved");
        assertEquals((byte) 0xee, machine.ram.getByte(DATA + 128));
    }

    @Test
    void aReportWithoutRoomForItsHeaderIsInvalid() {
        final Used used = run(machine.header(Machine.ZONE_REPORT, 0), Buffer.writable(DATA, 63), status);

        assertEquals(INVALID, machine.statusIn(status));
        assertEquals(0, used.length());
    }

    @Test
    void aReportFromBeyondTheMediumIsInvalid() {
        run(machine.header(Machine.ZONE_REPORT, CAPACITY), Buffer.writable(DATA, 256), status);

        assertEquals(INVALID, machine.statusIn(status));
    }

    // ---- appends ----

    @Test
    void anAppendTellsItsFirstSector() {
        final Buffer answer = Buffer.writable(DATA + 8192, 9);

        final Used used = run(machine.header(Machine.ZONE_APPEND, 128), Buffer.readable(DATA, 4096), answer);

        assertEquals(OK, machine.statusIn(answer));
        assertEquals(129, machine.ram.getLong(DATA + 8192));
        assertEquals(9, used.length());
        assertEquals(List.of("ZONE_APPEND 65536+4096 0"), machine.disk.seen());
    }

    @Test
    void theFirstSectorMayBeCutAnywhere() {
        final Used used = run(
                machine.header(Machine.ZONE_APPEND, 128),
                Buffer.readable(DATA, 4096),
                Buffer.writable(DATA + 8192, 3),
                Buffer.writable(DATA + 8200, 5),
                status);

        assertEquals(OK, machine.statusIn(status));
        assertEquals(129, machine.ram.getByte(DATA + 8192) & 0xff);
        assertTrue(machine.ram.isZero(DATA + 8200, 5));
        assertEquals(9, used.length());
    }

    @Test
    void anAppendWithoutRoomForItsFirstSectorFails() {
        run(machine.header(Machine.ZONE_APPEND, 128), Buffer.readable(DATA, 4096), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertTrue(machine.disk.seen().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"128, 12288", "128, 0", "2048, 4096", "2047, 4096"})
    void anAppendBeyondItsLimitsIsInvalid(final long sector, final int length) {
        final Buffer answer = Buffer.writable(DATA + 32768, 9);
        final Buffer[] withData = {machine.header(Machine.ZONE_APPEND, sector), Buffer.readable(DATA, length), answer};
        final Buffer[] without = {machine.header(Machine.ZONE_APPEND, sector), answer};

        run(length == 0 ? without : withData);

        assertEquals(INVALID, machine.statusIn(answer));
        assertTrue(machine.disk.seen().isEmpty());
    }

    @Test
    void aMediumWithoutAppendsDoesNotSupportThem() {
        try (Machine other = machine(new ZoneLayout(65536, 0, 0, 0, 4096))) {
            final GuestRing otherRing = other.start(FEATURES, 16);
            final Buffer answer = Buffer.writable(DATA + 8192, 9);
            otherRing.offer(other.header(Machine.ZONE_APPEND, 0), Buffer.readable(DATA, 4096), answer);

            other.kickAndRun();

            assertEquals(UNSUPPORTED, other.statusIn(answer));
        }
    }
}
