package io.drivebay.ide.ata;

import static io.drivebay.ide.kit.Registers.COMMAND;
import static io.drivebay.ide.kit.Registers.COUNT;
import static io.drivebay.ide.kit.Registers.DATA_REQUEST;
import static io.drivebay.ide.kit.Registers.DEVICE;
import static io.drivebay.ide.kit.Registers.ERROR;
import static io.drivebay.ide.kit.Registers.FAILED;
import static io.drivebay.ide.kit.Registers.HIGH;
import static io.drivebay.ide.kit.Registers.LOW;
import static io.drivebay.ide.kit.Registers.MID;
import static io.drivebay.ide.kit.Registers.READY;
import static io.drivebay.ide.kit.Registers.STATUS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.kit.DiskGuest;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import io.drivebay.ide.kit.TestSocket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AtaDiskTest {
    private static final long MIB = 1 << 20;

    private final FaultyDisk medium = FaultyDisk.tagged(8 * MIB, 0xa5);
    private final DiskGuest guest = new DiskGuest(Host.with(medium), DiskOptions.of(DriveOptions.of("hd0")));

    private static byte[] pattern(final int sectors) {
        final byte[] data = new byte[sectors * 512];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + i / 512);
        }
        return data;
    }

    // ---- registers ----

    @Test
    void powerOnShowsTheSignatureOfADisk() {
        assertEquals(
                List.of(1, 1, 0, 0, 0xa0, 1, READY),
                List.of(
                        guest.in(COUNT),
                        guest.in(LOW),
                        guest.in(MID),
                        guest.in(HIGH),
                        guest.in(DEVICE),
                        guest.in(ERROR),
                        guest.in(STATUS)));
    }

    @Test
    void aParameterIsTwoDeepAndTheOlderOneIsReadWithHob() {
        guest.out(COUNT, 0x12);
        guest.out(COUNT, 0x34);
        guest.out(HIGH, 0x56);
        guest.out(HIGH, 0x78);
        assertEquals(
                List.of(0x34, 0x12, 0x78, 0x56),
                List.of(guest.in(COUNT), guest.inPrevious(COUNT), guest.in(HIGH), guest.inPrevious(HIGH)));
    }

    @Test
    void i1StatusReadTakesTheInterruptBackAndAParameterReadDoesNot() {
        guest.out(COMMAND, 0xec);
        assertTrue(guest.disk.interruptPending());
        guest.in(STATUS);
        assertTrue(guest.disk.interruptPending());
        guest.status();
        assertEquals(false, guest.disk.interruptPending());
    }

    @Test
    void i1CommandsAndParametersAreIgnoredWhileTheDiskIsAtWork() {
        medium.hold = true;
        guest.at(5, 1).out(COMMAND, 0x20);
        guest.out(COUNT, 0x77);
        guest.out(COMMAND, 0xec);
        guest.host.run();
        assertEquals(List.of(0xd0, 1), List.of(guest.in(STATUS), guest.in(COUNT)));
        medium.release();
        assertEquals(DATA_REQUEST, guest.status());
        assertEquals(5, guest.take(1)[0]);
    }

    @Test
    void anUnknownCommandAborts() {
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xb1), guest.in(ERROR)));
    }

    @Test
    void nopAborts() {
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x00), guest.in(ERROR)));
    }

    @Test
    void packetCommandsAbortOnADisk() {
        assertEquals(FAILED, guest.command(0xa0));
        assertEquals(FAILED, guest.command(0xa1));
        assertEquals(FAILED, guest.command(0x08));
    }

    // ---- programmed I/O ----

    @Test
    void readSectorsInterruptsBeforeEachSector() {
        guest.at(3, 2).out(COMMAND, 0x20);
        assertEquals(0xd0, guest.in(STATUS));
        guest.host.run();
        assertEquals(DATA_REQUEST, guest.status());
        assertEquals(3, guest.take(1)[0]);
        assertEquals(List.of(2, DATA_REQUEST), List.of(guest.socket.interrupts, guest.status()));
        assertEquals(4, guest.take(1)[0]);
        assertEquals(List.of(2, READY), List.of(guest.socket.interrupts, guest.status()));
    }

    @Test
    void afterReadSectorsTheRegistersShowWhatComesNext() {
        guest.at(3, 2).command(0x20);
        guest.take(2);
        assertEquals(List.of(5L, 0L), List.of(guest.address(), (long) guest.in(COUNT)));
    }

    @Test
    void readMultipleInterruptsBeforeEachBlock() {
        guest.command(0xc6, 0, 4);
        final int before = guest.socket.interrupts;
        guest.at(10, 6).command(0xc4);
        final byte[] data = guest.take(6);
        assertEquals(List.of(10, 15), List.of((int) data[0], (int) data[5 * 512]));
        assertEquals(List.of(2, READY), List.of(guest.socket.interrupts - before, guest.status()));
    }

    @Test
    void readMultipleWithoutMultipleModeAborts() {
        guest.command(0xc6, 0, 0);
        guest.at(10, 6);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xc4), guest.in(ERROR)));
    }

    @Test
    void setMultipleTakesPowersOfTwoUpToSixteen() {
        assertEquals(FAILED, guest.command(0xc6, 0, 3));
        assertEquals(FAILED, guest.command(0xc6, 0, 32));
        assertEquals(READY, guest.command(0xc6, 0, 8));
        assertEquals(0x0108, guest.identify()[59]);
    }

    @Test
    void writeSectorsWantsTheFirstSectorWithoutAnInterruptAndEndsWithOne() {
        guest.at(100, 2);
        final int before = guest.socket.interrupts;
        guest.out(COMMAND, 0x30);
        assertEquals(List.of(DATA_REQUEST, 0), List.of(guest.in(STATUS), guest.socket.interrupts - before));
        final byte[] data = pattern(2);
        guest.give(Arrays.copyOf(data, 512));
        assertEquals(List.of(DATA_REQUEST, 1), List.of(guest.status(), guest.socket.interrupts - before));
        guest.give(Arrays.copyOfRange(data, 512, 1024));
        assertEquals(List.of(READY, 2), List.of(guest.status(), guest.socket.interrupts - before));
        assertEquals(
                List.of(true, true),
                List.of(
                        Arrays.equals(Arrays.copyOf(data, 512), medium.sector(100)),
                        Arrays.equals(Arrays.copyOfRange(data, 512, 1024), medium.sector(101))));
    }

    @Test
    void writeMultipleFuaCarriesTheFlag() {
        guest.command(0xc6, 0, 2);
        guest.atLong(200, 2).command(0xce);
        guest.give(pattern(2));
        assertEquals("WRITE 200+2 FUA", medium.log.get(medium.log.size() - 1));
    }

    @Test
    void i4CountZeroIs256() {
        guest.at(0, 0).command(0x20);
        assertEquals((byte) 255, guest.take(256)[255 * 512]);
        assertEquals(READY, guest.status());
    }

    @Test
    void i4LongCountZeroIs65536() {
        final FaultyDisk large = new FaultyDisk(1L << 41);
        final DiskGuest big = new DiskGuest(Host.with(large), DiskOptions.of(DriveOptions.of("hd1")));
        large.quiet = false;
        big.atLong(0xa234_5678L, 0).command(0x42);
        assertEquals(READY, big.status());
        assertEquals(65536 / 256, large.log.size());
        assertEquals("READ " + 0xa234_5678L + "+256", large.log.get(0));
    }

    @Test
    void longAddressesAreComposedFromBothDepths() {
        final FaultyDisk large = new FaultyDisk(1L << 41);
        final DiskGuest big = new DiskGuest(Host.with(large), DiskOptions.of(DriveOptions.of("hd1")));
        large.sector(0xa1_b2c3_d4L)[7] = 42;
        big.atLong(0xa1_b2c3_d4L, 1).command(0x24);
        assertEquals(42, big.take(1)[7]);
        assertEquals(
                List.of(0xd5, 0xc3, 0xb2, 0xa1), List.of(big.in(LOW), big.in(MID), big.in(HIGH), big.inPrevious(LOW)));
    }

    @Test
    void chsAddressesFollowTheTranslation() {
        final int cylinder = 2;
        final int head = 3;
        final int sector = 4;
        guest.out(COUNT, 1);
        guest.out(LOW, sector);
        guest.out(MID, cylinder);
        guest.out(HIGH, 0);
        guest.out(DEVICE, head);
        guest.command(0x20);
        final int lba = (cylinder * 16 + head) * 63 + sector - 1;
        final byte[] data = guest.take(1);
        assertEquals(lba, (data[0] & 0xff) | (data[1] & 0xff) << 8);
        assertEquals(List.of(5, 2, 3), List.of(guest.in(LOW), guest.in(MID), guest.in(DEVICE) & 15));
    }

    @Test
    void i13SectorZeroIsNoAddress() {
        guest.out(COUNT, 1);
        guest.out(LOW, 0);
        guest.out(DEVICE, 0);
        assertEquals(List.of(FAILED, 0x10), List.of(guest.command(0x20), guest.in(ERROR)));
    }

    @Test
    void i13InitializeDeviceParametersSetsTheTranslation() {
        guest.out(COUNT, 32);
        guest.out(DEVICE, 7);
        assertEquals(READY, guest.command(0x91));
        final int[] words = guest.identify();
        assertEquals(List.of(64, 8, 32), List.of(words[54], words[55], words[56]));
    }

    // ---- ranges and errors ----

    @Test
    void i5AReadBeyondTheEndAbortsAndMovesNothing() {
        guest.at(8 * MIB / 512 - 1, 2);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x20), guest.in(ERROR)));
        assertEquals(List.of(), medium.log);
    }

    @Test
    void i5VerifyIsCheckedToo() {
        guest.at(8 * MIB / 512, 1);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x40), guest.in(ERROR)));
    }

    @Test
    void seekAndRecalibrateCheckWhatTheyCan() {
        assertEquals(READY, guest.at(8 * MIB / 512 - 1, 0).command(0x70));
        assertEquals(READY, guest.command(0x17));
        assertEquals(List.of(FAILED, 0x10), List.of(guest.at(8 * MIB / 512, 0).command(0x7f), guest.in(ERROR)));
    }

    @Test
    void verifyReadsEverySector() {
        medium.badReads.add(77L);
        guest.at(70, 20);
        assertEquals(List.of(FAILED, 0x40), List.of(guest.command(0x40), guest.in(ERROR)));
        assertEquals(77, guest.address());
    }

    @Test
    void i6AnErrorInTheMiddleOfAReadShowsTheFailingSector() {
        medium.badReads.add(52L);
        guest.at(50, 4).command(0x20);
        guest.take(2);
        assertEquals(List.of(FAILED, 0x40), List.of(guest.status(), guest.in(ERROR)));
        assertEquals(List.of(52L, 2L), List.of(guest.address(), (long) guest.in(COUNT)));
    }

    @Test
    void aDmaReadFindsTheFailingSectorByHalving() {
        medium.badReads.add(213L);
        guest.at(100, 200);
        assertEquals(List.of(FAILED, 0x40), List.of(guest.command(0xc8), guest.in(ERROR)));
        assertEquals(List.of(213L, 87L), List.of(guest.address(), (long) guest.in(COUNT)));
        assertEquals("failed", guest.socket.ended);
        assertTrue(medium.log.size() < 40);
    }

    @Test
    void aFailingWriteAborts() {
        medium.badWrites.add(300L);
        guest.at(300, 1).command(0x30);
        guest.give(pattern(1));
        assertEquals(List.of(FAILED, 4), List.of(guest.status(), guest.in(ERROR)));
    }

    // ---- DMA ----

    @Test
    void readDmaPutsSectorsIntoGuestMemory() {
        guest.at(7, 3);
        assertEquals(READY, guest.command(0xc8));
        assertEquals(
                List.of(7, 9, "finished"),
                List.of(
                        (int) guest.socket.memory.getByte(0),
                        (int) guest.socket.memory.getByte(1024),
                        guest.socket.ended));
        assertEquals(List.of("READ 7+3"), medium.log);
    }

    @Test
    void writeDmaFuaIsOneRequestWithTheFlag() {
        guest.socket.memory.putByte(512, (byte) 99);
        guest.atLong(20, 2);
        assertEquals(READY, guest.command(0x3d));
        assertEquals(List.of("WRITE 20+2 FUA"), medium.log);
        assertEquals(99, medium.sector(21)[0]);
    }

    @Test
    void i7AListThatIsTooShortEndsWithoutAnInterrupt() {
        guest.socket.memoryBytes = 1000;
        guest.at(0, 4);
        final int before = guest.socket.interrupts;
        assertEquals(READY, guest.command(0xc8));
        assertEquals(List.of(0, "exhausted"), List.of(guest.socket.interrupts - before, guest.socket.ended));
        assertEquals(List.of("READ 0+1"), medium.log);
    }

    @Test
    void aTableThatPointsNowhereAborts() {
        guest.socket.memoryMissing = true;
        guest.at(0, 4);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xc8), guest.in(ERROR)));
        assertEquals(List.of(), medium.log);
    }

    @Test
    void vt10StoppingTheMasterWaitsForTheRequestAndTellsNobody() {
        medium.hold = true;
        guest.at(0, 4).out(COMMAND, 0xc8);
        guest.host.run();
        final int before = guest.socket.interrupts;
        guest.disk.dmaStopped();
        assertEquals(0x80, guest.in(STATUS));
        medium.release();
        assertEquals(List.of(READY, 0), List.of(guest.in(STATUS), guest.socket.interrupts - before));
        assertEquals(DATA_REQUEST, guest.command(0xec));
    }

    // ---- resets ----

    @Test
    void softResetKeepsBusyUntilTheRequestInFlightHasEnded() {
        medium.hold = true;
        guest.at(0, 1).out(COMMAND, 0x20);
        guest.host.run();
        guest.disk.reset(io.drivebay.ide.device.IdeDevice.Reset.SOFTWARE_BEGIN);
        guest.disk.reset(io.drivebay.ide.device.IdeDevice.Reset.SOFTWARE_END);
        assertEquals(0x80, guest.in(STATUS));
        medium.release();
        assertEquals(List.of(READY, 1, 0), List.of(guest.in(STATUS), guest.in(ERROR), guest.in(MID)));
        assertEquals(false, guest.disk.interruptPending());
    }

    @Test
    void diagnosticsShowTheSignatureAndInterrupt() {
        guest.out(MID, 0x77);
        final int before = guest.socket.interrupts;
        assertEquals(READY, guest.command(0x90));
        assertEquals(List.of(1, 0, 1), List.of(guest.in(ERROR), guest.in(MID), guest.socket.interrupts - before));
    }

    // ---- attaching ----

    @Test
    void i14AReadOnlyMediumIsRefused() throws BlockException {
        final Host host = new Host();
        host.layer.insertMedium(host.backend, host.node(new FaultyDisk(MIB), NodeOptions.DEFAULTS.withReadOnly(true)));
        assertThrows(
                BlockException.class,
                () -> AtaDisk.attach(DiskOptions.of(DriveOptions.of("hd1")), host.backend, new TestSocket()));
    }

    @Test
    void i14AReadOnlyMediumIsRefusedWhereAWritableOneWas() {
        final BlockException refusal = assertThrows(
                BlockException.class,
                () -> guest.host.layer.changeMedium(
                        guest.host.backend,
                        guest.host.node(new FaultyDisk(MIB), NodeOptions.DEFAULTS.withReadOnly(true))));
        assertEquals(BlockException.Kind.WRONG_STATE, refusal.kind());
    }

    @Test
    void aResizedDiskShowsItsNewCapacity() {
        medium.length = 16 * MIB;
        guest.host.context.run(guest.host.backend::childResized);
        assertEquals(16 * MIB / 512, guest.identify()[60]);
    }

    @Test
    void anEmptyBackendIsRefused() {
        final BlockException refusal = assertThrows(
                BlockException.class,
                () -> AtaDisk.attach(DiskOptions.of(DriveOptions.of("hd1")), new Host().backend, new TestSocket()));
        assertEquals(BlockException.Kind.WRONG_STATE, refusal.kind());
    }

    @Test
    void aMediumThatWasSwappedUnderACommandEndsTheCommand() {
        guest.at(0, 2).command(0x20);
        guest.host.change(FaultyDisk.tagged(8 * MIB, 0x5a));
        guest.take(1);
        assertEquals(List.of(FAILED, 4), List.of(guest.status(), guest.in(ERROR)));
        guest.at(0, 1).command(0x20);
        assertEquals((byte) 0x5a, guest.take(1)[2]);
    }
}
