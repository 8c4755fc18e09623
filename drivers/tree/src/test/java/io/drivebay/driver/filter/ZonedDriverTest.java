package io.drivebay.driver.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneErrors;
import io.drivebay.backend.request.ZoneReport;
import io.drivebay.backend.request.ZoneState;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The zones' rules (virtio 1.3, 5.2.6.2): each in the words of clause B15. */
final class ZonedDriverTest extends ZonedDisk {
    // ---- reports ----

    @Test
    void aReportTellsOfEveryZone() throws BlockException {
        open();

        final ZoneReport report = report(0, 100);

        assertEquals(ZONES, report.count());
        assertEquals(ZoneState.CONVENTIONAL, report.state(0));
        assertEquals(ZoneState.EMPTY, report.state(1));
        assertEquals(FIRST, report.start(1));
        assertEquals(FIRST, report.writePointer(1));
        assertEquals(CAPACITY, report.capacityBytes(1));
        assertEquals(ZoneState.READ_ONLY, report.state(6));
        assertEquals(ZoneState.OFFLINE, report.state(7));
    }

    @Test
    void aReportBeginsWithTheZoneThatHoldsItsOffset() throws BlockException {
        open();

        final ZoneReport report = report(3L * ZONE + 512, 2);

        assertEquals(2, report.count());
        assertEquals(3L * ZONE, report.start(0));
    }

    // ---- writes and reads ----

    @Test
    void writesFollowTheWritePointer() throws BlockException {
        open();

        assertEquals(Status.OK, write(FIRST, BLOCK).status());
        assertEquals(Status.OK, write(FIRST + BLOCK, 2 * BLOCK).status());

        assertEquals(FIRST + 3 * BLOCK, report(FIRST, 1).writePointer(0));
        assertEquals(ZoneState.IMPLICITLY_OPEN, state(FIRST));
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "0, 512", "-4096, 4096"})
    void aWriteElsewhereIsUnaligned(final int fromPointer, final int length) throws BlockException {
        open();
        write(FIRST, BLOCK);

        assertRefused(ZoneErrors.UNALIGNED, write(FIRST + BLOCK + fromPointer, length));
    }

    @Test
    void aWriteIntoAnotherZoneOrBeyondTheCapacityIsInvalid() throws BlockException {
        open();

        assertRefused(ZoneErrors.INVALID, write(FIRST, ZONE + BLOCK));
        assertRefused(ZoneErrors.INVALID, write(FIRST, CAPACITY + BLOCK));
        assertRefused(ZoneErrors.INVALID, write(ZONE - 512, 1024));
        assertEquals(ZoneState.EMPTY, state(FIRST));
    }

    @Test
    void aZoneThatIsWrittenToItsCapacityIsFull() throws BlockException {
        open();

        write(FIRST, CAPACITY);

        assertEquals(ZoneState.FULL, state(FIRST));
        assertRefused(ZoneErrors.INVALID, write(FIRST + CAPACITY, BLOCK));
    }

    @Test
    void aConventionalZoneIsWrittenAnywhere() throws BlockException {
        open();

        assertEquals(Status.OK, write(5 * 512, 512).status());
        assertEquals(Status.OK, write(0, 512).status());

        assertEquals(ZoneState.CONVENTIONAL, state(0));
    }

    @Test
    void whatWasNotWrittenReadsAsZerosWhateverLiesBelow() throws BlockException {
        open();
        write(FIRST, 2 * BLOCK);
        command(Operation.ZONE_RESET, FIRST);
        write(FIRST, BLOCK);
        final byte[] read = new byte[2 * BLOCK];

        assertEquals(Status.OK, disk.read(FIRST, read).status());

        assertArrayEquals(bytes(BLOCK, 7), Arrays.copyOf(read, BLOCK));
        assertArrayEquals(new byte[BLOCK], Arrays.copyOfRange(read, BLOCK, 2 * BLOCK));
        Arrays.fill(read, (byte) 1);
        assertEquals(Status.OK, disk.read(FIRST + BLOCK, read).status());
        assertArrayEquals(new byte[2 * BLOCK], read);
    }

    @Test
    void aReadAcrossSequentialZonesIsInvalid() throws BlockException {
        open();

        assertRefused(ZoneErrors.INVALID, disk.read(2 * ZONE - 512, new byte[1024]));
        assertRefused(ZoneErrors.INVALID, disk.read(ZONE - 512, new byte[1024]));
    }

    @Test
    void aReadOnlyZoneIsReadAndNotWritten() throws BlockException {
        open();

        assertEquals(Status.OK, disk.read(READ_ONLY, new byte[512]).status());
        assertRefused(ZoneErrors.INVALID, write(READ_ONLY, BLOCK));
        assertRefused(ZoneErrors.INVALID, append(READ_ONLY, BLOCK));
        assertRefused(ZoneErrors.INVALID, command(Operation.ZONE_RESET, READ_ONLY));
    }

    @ParameterizedTest
    @EnumSource(names = {"ZONE_OPEN", "ZONE_CLOSE", "ZONE_FINISH", "ZONE_RESET"})
    void nothingCanBeDoneWithAnOfflineOrAConventionalZone(final Operation operation) throws BlockException {
        open();

        assertRefused(ZoneErrors.INVALID, command(operation, OFFLINE));
        assertRefused(ZoneErrors.INVALID, command(operation, 0));
        assertRefused(ZoneErrors.INVALID, disk.read(OFFLINE, new byte[512]));
        assertRefused(ZoneErrors.INVALID, write(OFFLINE, BLOCK));
    }

    @Test
    void writtenZerosAreAWrite() throws BlockException {
        open();

        assertEquals(
                Status.OK, disk.run(Operation.WRITE_ZEROES, FIRST, BLOCK, 0).status());
        assertRefused(ZoneErrors.UNALIGNED, disk.run(Operation.WRITE_ZEROES, FIRST, BLOCK, 0));

        assertEquals(FIRST + BLOCK, report(FIRST, 1).writePointer(0));
    }

    // ---- appends ----

    @Test
    void anAppendSaysWhereItWent() throws BlockException {
        open();
        append(FIRST, BLOCK);

        final BlockRequest second = append(FIRST, 2 * BLOCK);

        assertEquals(Status.OK, second.status());
        assertEquals(FIRST + BLOCK, second.appendedAt());
        assertEquals(Operation.ZONE_APPEND, second.operation());
        final byte[] read = new byte[3 * BLOCK];
        disk.read(FIRST, read);
        assertArrayEquals(bytes(3 * BLOCK, 9), read);
    }

    @Test
    void anAppendMustBeginAtAZoneAndKeepToItsLimits() throws BlockException {
        open();

        assertRefused(ZoneErrors.INVALID, append(FIRST + BLOCK, BLOCK));
        assertRefused(ZoneErrors.INVALID, append(0, BLOCK));
        assertRefused(ZoneErrors.INVALID, append(FIRST, 3 * BLOCK));
        assertRefused(ZoneErrors.UNALIGNED, append(FIRST, 512));
    }

    @Test
    void anAppendBeyondTheCapacityIsInvalid() throws BlockException {
        open();
        write(FIRST, CAPACITY - BLOCK);

        assertRefused(ZoneErrors.INVALID, append(FIRST, 2 * BLOCK));
        assertEquals(Status.OK, append(FIRST, BLOCK).status());
        assertEquals(ZoneState.FULL, state(FIRST));
    }

    // ---- states ----

    @ParameterizedTest
    @CsvSource({
        // by what it came to its state; the command; what comes of it, or nothing where that is refused
        "EMPTY, ZONE_OPEN, EXPLICITLY_OPEN",
        "EMPTY, ZONE_CLOSE,",
        "EMPTY, ZONE_FINISH, FULL",
        "EMPTY, ZONE_RESET, EMPTY",
        "IMPLICITLY_OPEN, ZONE_OPEN, EXPLICITLY_OPEN",
        "IMPLICITLY_OPEN, ZONE_CLOSE, CLOSED",
        "IMPLICITLY_OPEN, ZONE_FINISH, FULL",
        "IMPLICITLY_OPEN, ZONE_RESET, EMPTY",
        "EXPLICITLY_OPEN, ZONE_OPEN, EXPLICITLY_OPEN",
        "EXPLICITLY_OPEN, ZONE_CLOSE, EMPTY",
        "EXPLICITLY_OPEN, ZONE_FINISH, FULL",
        "EXPLICITLY_OPEN, ZONE_RESET, EMPTY",
        "CLOSED, ZONE_OPEN, EXPLICITLY_OPEN",
        "CLOSED, ZONE_CLOSE, CLOSED",
        "CLOSED, ZONE_FINISH, FULL",
        "CLOSED, ZONE_RESET, EMPTY",
        "FULL, ZONE_OPEN,",
        "FULL, ZONE_CLOSE,",
        "FULL, ZONE_FINISH, FULL",
        "FULL, ZONE_RESET, EMPTY"
    })
    void commandsChangeStates(final ZoneState from, final Operation operation, final ZoneState to)
            throws BlockException {
        open();
        bringTo(from);

        final BlockRequest request = command(operation, FIRST);

        assertEquals(to == null ? Status.INVALID : Status.OK, request.status());
        assertEquals(to == null ? from : to, state(FIRST));
    }

    private void bringTo(final ZoneState state) {
        switch (state) {
            case IMPLICITLY_OPEN -> write(FIRST, BLOCK);
            case EXPLICITLY_OPEN -> command(Operation.ZONE_OPEN, FIRST);
            case CLOSED -> {
                write(FIRST, BLOCK);
                command(Operation.ZONE_CLOSE, FIRST);
            }
            case FULL -> write(FIRST, CAPACITY);
            default -> {}
        }
    }

    @Test
    void aFinishedZoneKeepsWhatWasWrittenAndReadsAsZerosAfterIt() throws BlockException {
        open();
        write(FIRST, BLOCK);
        command(Operation.ZONE_FINISH, FIRST);
        final byte[] read = new byte[2 * BLOCK];

        disk.read(FIRST, read);

        assertArrayEquals(bytes(BLOCK, 7), Arrays.copyOf(read, BLOCK));
        assertArrayEquals(new byte[BLOCK], Arrays.copyOfRange(read, BLOCK, 2 * BLOCK));
    }

    @Test
    void aResetOfAllLeavesOnlyWhatCannotBeReset() throws BlockException {
        open();
        write(FIRST, CAPACITY);
        write(2 * ZONE, BLOCK);

        assertEquals(
                Status.OK,
                disk.run(Operation.ZONE_RESET_ALL, 0, (long) ZONES * ZONE, 0).status());

        assertEquals(ZoneState.EMPTY, state(FIRST));
        assertEquals(ZoneState.EMPTY, state(2 * ZONE));
        assertEquals(ZoneState.READ_ONLY, state(READ_ONLY));
    }

    @Test
    void aCommandInTheMiddleOfAZoneIsInvalid() throws BlockException {
        open();

        assertRefused(ZoneErrors.INVALID, command(Operation.ZONE_OPEN, FIRST + 512));
    }

    // ---- resources ----

    @Test
    void aZoneOpenedByAWriteMakesRoomForAnother() throws BlockException {
        open();
        write(FIRST, BLOCK);
        write(2 * ZONE, BLOCK);

        assertEquals(Status.OK, write(3 * ZONE, BLOCK).status());

        assertEquals(ZoneState.CLOSED, state(FIRST));
        assertEquals(ZoneState.IMPLICITLY_OPEN, state(2 * ZONE));
    }

    @Test
    void zonesOpenedByCommandsUseUpWhatCanBeOpen() throws BlockException {
        open();
        command(Operation.ZONE_OPEN, FIRST);
        command(Operation.ZONE_OPEN, 2 * ZONE);

        assertRefused(ZoneErrors.OPEN_ZONES, command(Operation.ZONE_OPEN, 3 * ZONE));
        assertRefused(ZoneErrors.OPEN_ZONES, write(3 * ZONE, BLOCK));
        assertEquals(Status.OK, write(FIRST, BLOCK).status());
    }

    @Test
    void zonesThatAreNeitherEmptyNorFullUseUpWhatCanBeActive() throws BlockException {
        open();
        write(FIRST, BLOCK);
        write(2 * ZONE, BLOCK);
        write(3 * ZONE, BLOCK);

        assertRefused(ZoneErrors.ACTIVE_ZONES, write(4 * ZONE, BLOCK));
        assertRefused(ZoneErrors.ACTIVE_ZONES, command(Operation.ZONE_OPEN, 4 * ZONE));
        command(Operation.ZONE_FINISH, FIRST);
        assertEquals(Status.OK, write(4 * ZONE, BLOCK).status());
    }

    // ---- what it is made of ----

    @Test
    void aFilterOnTopPassesZonesOn() throws BlockException {
        disk.open(Map.of("driver", "throttle", "limits.iops-total", 100_000, "file", options()));

        assertEquals(Status.OK, append(FIRST, BLOCK).status());
        assertEquals(
                ZONE,
                disk.root().driver().zones() == null
                        ? 0
                        : disk.root().driver().zones().zoneBytes());
    }

    @Test
    void anotherDiskKnowsNoZones() throws BlockException {
        disk.open(Map.of("driver", "memory", "size", 1 << 20));

        assertEquals(Status.NOT_SUPPORTED, command(Operation.ZONE_RESET, 0).status());
        assertEquals(Status.NOT_SUPPORTED, append(0, BLOCK).status());
    }

    @ParameterizedTest
    @CsvSource({
        "zone-size, 65535",
        "zone-size, 256",
        "zone-capacity, 131072",
        "zone-capacity, 512",
        "conventional-zones, 9",
        "max-open-zones, 4",
        "max-append-size, 65536",
        "write-granularity, 1000",
        "offline-zone, 8"
    })
    void optionsThatMakeNoSenseAreRefusedByName(final String option, final long value) {
        final Map<String, Object> options = options();
        options.put(option, value);

        final BlockException refusal = assertThrows(BlockException.class, () -> disk.open(options));

        assertEquals(Kind.INVALID_OPTION, refusal.kind());
        assertTrue(String.valueOf(refusal.getMessage()).contains("'" + option + "'"), refusal.getMessage());
    }
}
