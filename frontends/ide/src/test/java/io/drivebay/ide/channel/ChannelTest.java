package io.drivebay.ide.channel;

import static io.drivebay.ide.kit.PcGuest.BASE;
import static io.drivebay.ide.kit.PcGuest.BUFFER;
import static io.drivebay.ide.kit.PcGuest.CONTROL;
import static io.drivebay.ide.kit.PcGuest.MASTER;
import static io.drivebay.ide.kit.PcGuest.TABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import io.drivebay.ide.kit.PcGuest;
import io.drivebay.ide.pci.IdeFunction;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelTest {
    private static final int ACTIVE = 1;
    private static final int ERROR = 2;
    private static final int INTERRUPT = 4;

    private final FaultyDisk medium = FaultyDisk.tagged(4 << 20, 1);
    private final Host host = Host.with(medium);
    private final PcGuest guest = guest(Deviation.STANDARD);

    private PcGuest guest(final Set<Deviation> deviations) {
        final PcGuest made = new PcGuest(host, deviations);
        plug(made, host, 0);
        return made;
    }

    private static AtaDisk plug(final PcGuest guest, final Host host, final int unit) {
        try {
            final AtaDisk disk = AtaDisk.attach(
                    DiskOptions.of(DriveOptions.of("hd" + unit)), host.backend, guest.primary.socket(unit));
            guest.primary.plug(unit, disk);
            host.run();
            return disk;
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- ports and interrupt ----

    @Test
    void theCommandBlockStandsAt1f0AndTheControlBlockAt3f6() {
        assertEquals(List.of(0x50, 0x50), List.of(guest.in(0x1f7), guest.in(0x3f6)));
        assertEquals(List.of(0, 0), List.of(guest.in(0x177), guest.in(0x376)));
        assertFalse(guest.function.decodes(0x1f8));
    }

    @Test
    void i1AlternateStatusLeavesTheInterruptAndStatusTakesItBack() {
        guest.at(0, 0, 1);
        guest.command(0xec);
        assertTrue(guest.level());
        guest.in(CONTROL);
        assertTrue(guest.level());
        guest.status();
        assertFalse(guest.level());
    }

    @Test
    void i1NienGatesTheLineAndReleasesItWhenCleared() {
        guest.out(CONTROL, 2);
        guest.at(0, 0, 1);
        guest.command(0xec);
        assertEquals(List.of(), guest.line);
        guest.out(CONTROL, 0);
        assertEquals(List.of(true), guest.line);
    }

    @Test
    void i1SrstShowsBusyUntilItIsClearedThenTheSignature() {
        guest.at(0, 0x123456, 9);
        guest.out(CONTROL, 4);
        assertEquals(0x80, guest.in(CONTROL));
        guest.out(CONTROL, 0);
        assertEquals(
                List.of(0x50, 1, 1, 0, 0, 1),
                List.of(
                        guest.status(),
                        guest.in(BASE + 2),
                        guest.in(BASE + 3),
                        guest.in(BASE + 4),
                        guest.in(BASE + 5),
                        guest.in(BASE + 1)));
    }

    @Test
    void i2AnAbsentDriveShowsZeroAndTakesNoCommand() {
        guest.at(1, 0, 1);
        guest.command(0xec);
        assertEquals(List.of(0, 0), List.of(guest.status(), guest.in(BASE + 2)));
        assertEquals(0, guest.rises());
        guest.at(0, 0, 1);
        guest.command(0xec);
        assertEquals(0x58, guest.status());
    }

    @Test
    void hobIsSetByDeviceControlAndClearedByTheNextWrite() {
        guest.out(BASE + 2, 0x11);
        guest.out(BASE + 2, 0x22);
        guest.out(CONTROL, 0x80);
        assertEquals(0x11, guest.in(BASE + 2));
        guest.out(BASE + 3, 0);
        assertEquals(0x22, guest.in(BASE + 2));
    }

    @Test
    void bothDrivesHearParametersAndOneCommand() {
        final FaultyDisk other = FaultyDisk.tagged(2 << 20, 2);
        plug(guest, Host.with(other), 1);
        guest.at(0, 5, 3);
        guest.out(BASE + 6, 0xf0);
        assertEquals(List.of(3, 5), List.of(guest.in(BASE + 2), guest.in(BASE + 3)));
        guest.command(0x90);
        assertEquals(List.of(1, 0xa0), List.of(guest.in(BASE + 1), guest.in(BASE + 6)));
        assertTrue(guest.level());
    }

    @Test
    void theLineFollowsTheSelectedDrive() {
        plug(guest, Host.with(FaultyDisk.tagged(2 << 20, 2)), 1);
        guest.at(0, 0, 1);
        guest.command(0xe5);
        assertTrue(guest.level());
        guest.out(BASE + 6, 0xf0);
        assertFalse(guest.level());
        guest.out(BASE + 6, 0xe0);
        assertTrue(guest.level());
    }

    // ---- the bus master ----

    @Test
    void i7AReadMovesSectorsAndEndsTheMasterWithAnInterrupt() {
        guest.descriptor(0, BUFFER, 512, false);
        guest.descriptor(1, BUFFER + 0x2000, 512, true);
        guest.at(0, 9, 2);
        guest.command(0xc8);
        assertEquals(0x58, guest.in(CONTROL));
        guest.startMaster(true);
        assertEquals(INTERRUPT, guest.master());
        assertEquals(0x50, guest.status());
        assertEquals(
                List.of(9, 10), List.of((int) guest.ram.getByte(BUFFER), (int) guest.ram.getByte(BUFFER + 0x2000)));
        guest.out(MASTER, 0);
        guest.out(MASTER + 2, INTERRUPT);
        assertEquals(0, guest.master());
    }

    @Test
    void i7TheMasterMayBeStartedBeforeTheCommand() {
        guest.descriptor(0, BUFFER, 512, true);
        guest.startMaster(false);
        assertEquals(ACTIVE, guest.master());
        guest.ram.putByte(BUFFER, (byte) 77);
        guest.at(0, 3, 1);
        guest.command(0xca);
        assertEquals(List.of(INTERRUPT, 77), List.of(guest.master(), (int) medium.sector(3)[0]));
    }

    @Test
    void i7LengthZeroIs64KibAndBitZeroIsIgnored() {
        guest.descriptor(0, BUFFER + 1, 0, true);
        guest.at(0, 0, 128);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(INTERRUPT, guest.master());
        assertEquals(127, guest.ram.getByte(BUFFER + 127 * 512));
    }

    @Test
    void i7AShortListEndsTheMasterWithoutAnInterrupt() {
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 0, 2);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(List.of(0, 0x50, 0), List.of(guest.master(), guest.in(CONTROL), guest.rises()));
    }

    @Test
    void i7ALongListLeavesTheMasterActive() {
        guest.descriptor(0, BUFFER, 1024, true);
        guest.at(0, 0, 1);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(ACTIVE | INTERRUPT, guest.master());
        guest.out(MASTER, 0);
        assertEquals(INTERRUPT, guest.master());
    }

    @Test
    void i7StoppingCancelsWithoutAnInterrupt() {
        medium.hold = true;
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 0, 1);
        guest.command(0xc8);
        guest.startMaster(true);
        guest.out(MASTER, 0);
        assertEquals(List.of(0, 0x80), List.of(guest.master(), guest.in(CONTROL)));
        medium.release();
        assertEquals(List.of(0x50, 0), List.of(guest.in(CONTROL), guest.rises()));
    }

    @Test
    void theQuirkLetsATransferGoOnThatTheGuestStopped() {
        final PcGuest quirky = quirky(Deviation.STOPPED_DMA_GOES_ON);
        medium.hold = true;
        quirky.descriptor(0, BUFFER, 1024, true);
        quirky.at(0, 9, 1);
        quirky.command(0xc8);
        quirky.startMaster(true);
        quirky.out(MASTER, 0);
        assertEquals(List.of(ACTIVE, 0x58), List.of(quirky.master(), quirky.in(CONTROL)));
        medium.release();
        assertEquals(List.of(INTERRUPT, 0x50, 9), List.of(quirky.master(), quirky.status(), (int)
                quirky.ram.getByte(BUFFER)));
    }

    @Test
    void aQuirkyTransferThatWasStoppedAndStartedAgainEndsOnce() {
        final PcGuest quirky = quirky(Deviation.STOPPED_DMA_GOES_ON);
        medium.hold = true;
        quirky.descriptor(0, BUFFER, 1024, true);
        quirky.at(0, 9, 1);
        quirky.command(0xc8);
        quirky.startMaster(true);
        quirky.out(MASTER, 0);
        quirky.startMaster(true);
        medium.release();
        assertEquals(List.of(ACTIVE | INTERRUPT, 1), List.of(quirky.master(), quirky.rises()));
    }

    @Test
    void aResetStopsAQuirkyMasterForGood() {
        final PcGuest quirky = quirky(Deviation.STOPPED_DMA_GOES_ON);
        medium.hold = true;
        quirky.descriptor(0, BUFFER, 512, true);
        quirky.at(0, 9, 1);
        quirky.command(0xc8);
        quirky.startMaster(true);
        quirky.out(MASTER, 0);
        quirky.out(CONTROL, 4);
        quirky.out(CONTROL, 0);
        medium.release();
        assertEquals(List.of(0, 0x50, 0), List.of(quirky.master(), quirky.in(CONTROL), quirky.rises()));
    }

    @Test
    void i7StatusBitsOneAndTwoAreClearedByWritingOneAndFiveAndSixAreStorage() {
        guest.out(MASTER + 2, 0xff);
        assertEquals(0x60, guest.master());
        guest.out(MASTER + 2, 0);
        assertEquals(0, guest.master());
    }

    @Test
    void aDescriptorThatPointsNowhereSetsTheErrorBitAndAborts() {
        guest.descriptor(0, 0x7fff_0000, 512, true);
        guest.at(0, 0, 1);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(List.of(ERROR | INTERRUPT, 0x41, 4), List.of(guest.master(), guest.status(), guest.in(BASE + 1)));
        assertEquals(List.of(), medium.log);
    }

    @Test
    void aTableThatPointsNowhereSetsTheErrorBitAndAborts() {
        guest.at(0, 0, 1);
        guest.command(0xca);
        guest.out32(MASTER + 4, 0xfff0_0000);
        guest.out(MASTER, 1);
        assertEquals(List.of(ERROR | INTERRUPT, 0x41), List.of(guest.master(), guest.status()));
    }

    @Test
    void aTableThatNeverEndsIsOver512DescriptorsLong() {
        for (int i = 0; i < 600; i++) {
            guest.descriptor(i, BUFFER, 2, false);
        }
        guest.at(0, 0, 0);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(List.of(0, 0x50), List.of(guest.master(), guest.in(CONTROL)));
        assertEquals(List.of("READ 0+2"), medium.log);
    }

    @Test
    void aTransferMayOverwriteItsOwnTable() {
        guest.descriptor(0, TABLE & ~0xfff, 1024, true);
        guest.at(0, 0, 2);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(List.of(INTERRUPT, 0x50), List.of(guest.master(), guest.status()));
    }

    @Test
    void i7WithoutBusMasteringNothingMoves() {
        guest.function.writeConfig(4, 2, 1);
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 9, 1);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(List.of(ERROR | INTERRUPT, 0x41), List.of(guest.master(), guest.status()));
        assertEquals(List.of(0, List.of()), List.of((int) guest.ram.getByte(BUFFER), medium.log));
    }

    private PcGuest quirky(final Deviation deviation) {
        guest.primary.plug(0, null);
        final Host other = Host.with(medium);
        final PcGuest quirky = new PcGuest(other, EnumSet.of(deviation));
        plug(quirky, other, 0);
        return quirky;
    }

    @Test
    void theQuirkPretendsThatADmaWithoutBusMasteringSucceeds() {
        final PcGuest quirky = quirky(Deviation.DMA_WITHOUT_MASTERING_SUCCEEDS);
        quirky.function.writeConfig(4, 2, 1);
        quirky.at(0, 9, 1);
        quirky.command(0xc8);
        quirky.startMaster(true);
        assertEquals(List.of(ACTIVE | INTERRUPT, 0x50), List.of(quirky.master(), quirky.status()));
        assertEquals(List.of(), medium.log);
    }

    @Test
    void i8APartlyFailingReadAnnouncesNoSuccess() {
        medium.badReads.add(3L);
        guest.descriptor(0, BUFFER, 4096, true);
        guest.at(0, 0, 8);
        guest.command(0xc8);
        guest.startMaster(true);
        assertEquals(
                List.of(INTERRUPT, 0x41, 0x40, 3),
                List.of(guest.master(), guest.status(), guest.in(BASE + 1), guest.in(BASE + 3)));
    }

    // ---- drain and change with a transfer in flight ----

    @Test
    void aDrainBetweenCommandAndStartHoldsTheTransferBack() throws BlockException {
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 4, 1);
        guest.command(0xc8);
        final BlockLayer.Drain drain = host.layer.drain(host.backend);
        guest.startMaster(true);
        assertEquals(ACTIVE, guest.master());
        drain.close();
        guest.run();
        assertEquals(List.of(INTERRUPT, 4), List.of(guest.master(), (int) guest.ram.getByte(BUFFER)));
    }

    @Test
    void aTransferThatADrainHeldBackNeverReadsTheNextMedium() throws BlockException {
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 4, 1);
        guest.command(0xc8);
        final BlockLayer.Drain drain = host.layer.drain(host.backend);
        guest.startMaster(true);
        final FaultyDisk next = FaultyDisk.tagged(4 << 20, 2);
        host.change(next);
        drain.close();
        guest.run();
        assertEquals(List.of(INTERRUPT, 0x41), List.of(guest.master(), guest.status()));
        assertEquals(List.of(), next.log);
    }

    // ---- configuration space ----

    @Test
    void theFunctionIsAPiix3() {
        assertEquals(0x7010_8086, guest.function.readConfig(0, 4));
        assertEquals(0x0101_8000, guest.function.readConfig(8, 4));
        guest.function.writeConfig(0x20, 4, -1);
        assertEquals(0xffff_fff1, guest.function.readConfig(0x20, 4));
        assertEquals(0, guest.function.readConfig(0x10, 4));
    }

    @Test
    void nativeModeStandsWhereItsBaseAddressesSay() {
        final IdeFunction function = new IdeFunction(IdeFunction.Model.NATIVE, guest.primary, guest.secondary);
        function.writeConfig(0x10, 4, 0x8000);
        function.writeConfig(0x14, 4, 0x8010);
        assertFalse(function.decodes(0x8000));
        function.writeConfig(4, 2, 1);
        assertEquals(
                List.of(true, true, false, false),
                List.of(
                        function.decodes(0x8007),
                        function.decodes(0x8012),
                        function.decodes(0x8014),
                        function.decodes(0x1f0)));
        assertEquals(0x50, function.readPort(0x8012, 1));
        assertEquals(0, function.readPort(0x8010, 1));
    }

    @Test
    void aHardwareResetForgetsEverythingInFlight() {
        medium.hold = true;
        guest.descriptor(0, BUFFER, 512, true);
        guest.at(0, 0, 1);
        guest.command(0xc8);
        guest.startMaster(true);
        guest.function.reset();
        medium.release();
        assertEquals(List.of(0x50, 0, 0), List.of(guest.in(CONTROL), guest.rises(), guest.function.readConfig(4, 2)));
    }

    // ---- hostile guests ----

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void anyByteToAnyPortLeavesAMachineThatStillWorks(final long seed) {
        final Random random = new Random(seed);
        medium.quiet = true;
        for (int i = 0; i < 15_000; i++) {
            step(random);
        }
        medium.release();
        guest.run();
        guest.out(CONTROL, 4);
        guest.out(CONTROL, 0);
        guest.run();
        guest.at(0, 0, 1);
        guest.command(0xec);
        assertEquals(List.of(0x58, 0x40), List.of(guest.status(), guest.in16(BASE)));
    }

    private void step(final Random random) {
        switch (random.nextInt(8)) {
            case 0, 1 -> guest.out(BASE + random.nextInt(8), random.nextInt(256));
            case 2 -> guest.out16(BASE, random.nextInt(65536));
            case 3 -> guest.in16(BASE);
            case 4 -> guest.out(MASTER + random.nextInt(16), random.nextInt(256));
            case 5 -> guest.ram.putInt(random.nextInt(1 << 18) * 4, random.nextInt());
            case 6 -> guest.out(CONTROL, random.nextInt(64) == 0 ? random.nextInt(256) : 0);
            default -> {
                medium.hold = random.nextInt(8) == 0;
                if (!medium.hold) {
                    medium.release();
                }
                guest.run();
            }
        }
    }
}
