package io.drivebay.ide.atapi;

import static io.drivebay.ide.kit.PcGuest.BASE;
import static io.drivebay.ide.kit.PcGuest.BUFFER;
import static io.drivebay.ide.kit.PcGuest.CONTROL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.kit.CdGuest;
import io.drivebay.ide.kit.CdGuest.Outcome;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import io.drivebay.ide.kit.PcGuest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packet protocol: phases, byte counts, DMA, errors, and media that leave in the middle. */
final class AtapiTransferTest {
    private final FaultyDisk disc = FaultyDisk.tagged(1 << 20, 0xaa);
    private final CdGuest cd = new CdGuest(Host.with(disc), Deviation.STANDARD);
    private final PcGuest pc = cd.pc;

    AtapiTransferTest() {
        cd.ready();
    }

    private static int[] read10(final int lba, final int count) {
        return new int[] {0x28, 0, 0, 0, lba >> 8, lba, 0, count >> 8, count, 0, 0, 0};
    }

    // ---- phases ----

    @Test
    void resetShowsTheSignatureOfAPacketDeviceWhichIsNotReady() {
        pc.out(CONTROL, 4);
        assertEquals(0x80, pc.in(CONTROL));
        pc.out(CONTROL, 0);
        assertEquals(
                List.of(0x00, 1, 1, 0x14, 0xeb),
                List.of(pc.status(), pc.in(BASE + 2), pc.in(BASE + 3), pc.in(BASE + 4), pc.in(BASE + 5)));
    }

    @Test
    void aPacketIsAskedForWithoutAnInterruptAndEndsWithOne() {
        final int before = pc.rises();
        pc.out(BASE + 1, 0);
        pc.out(BASE + 7, 0xa0);
        assertEquals(List.of(0x58, 1, 0), List.of(pc.in(CONTROL), pc.in(BASE + 2) & 7, pc.rises() - before));
        for (int i = 0; i < 6; i++) {
            pc.out16(BASE, 0);
        }
        pc.run();
        assertEquals(List.of(0x50, 3, 1), List.of(pc.in(CONTROL), pc.in(BASE + 2) & 7, pc.rises() - before));
    }

    @Test
    void dataIsOfferedWithDirectionByteCountAndInterrupt() {
        cd.send(false, 0x12, 0, 0, 0, 36);
        assertEquals(
                List.of(0x58, 2, 36, 0, true),
                List.of(pc.in(CONTROL), pc.in(BASE + 2) & 7, pc.in(BASE + 4), pc.in(BASE + 5), pc.level()));
        assertEquals(0x50, cd.finish().status());
    }

    @Test
    void overlapIsRefused() {
        pc.out(BASE + 1, 2);
        pc.command(0xa0);
        assertEquals(List.of(0x41, 4), List.of(pc.status(), pc.in(BASE + 1)));
    }

    @Test
    void i3DiskCommandsAbortWithTheSignature() {
        pc.command(0xec);
        assertEquals(
                List.of(0x41, 4, 0x14, 0xeb), List.of(pc.status(), pc.in(BASE + 1), pc.in(BASE + 4), pc.in(BASE + 5)));
        pc.command(0x30);
        assertEquals(0x41, pc.status());
    }

    @Test
    void identifyPacketDeviceIsACdDrive() {
        pc.command(0xa1);
        assertEquals(List.of(0x58, 0x85c0), List.of(pc.status(), pc.in16(BASE)));
    }

    @Test
    void i1DeviceResetWorksInTheMiddleOfATransfer() {
        disc.hold = true;
        cd.send(false, read10(0, 1));
        pc.out(BASE + 7, 0x08);
        assertEquals(0x80, pc.in(CONTROL));
        disc.release();
        assertEquals(List.of(0, 0x14, 0xeb), List.of(pc.status(), pc.in(BASE + 4), pc.in(BASE + 5)));
        assertEquals("6/29/00", cd.ready());
    }

    // ---- byte counts ----

    private List<Integer> pieces(final int limit, final int... packet) {
        cd.byteCountLimit = limit;
        cd.send(false, packet);
        final List<Integer> pieces = new ArrayList<>();
        while ((pc.status() & 0x08) != 0) {
            final int piece = pc.in(BASE + 4) | pc.in(BASE + 5) << 8;
            pieces.add(piece);
            for (int i = 0; i < piece; i += 2) {
                pc.in16(BASE);
            }
            pc.run();
        }
        return pieces;
    }

    @Test
    void aByteCountLimitOfZeroAbortsWhereThereIsData() {
        cd.byteCountLimit = 0;
        final Outcome outcome = cd.packet(0x12, 0, 0, 0, 36);
        assertEquals(List.of(0x41, 4), List.of(outcome.status(), outcome.error()));
        assertEquals(0x50, cd.packet(0x00).status());
    }

    @Test
    void anOddLimitCountsOnlyWhereItCoversTheRest() {
        assertEquals(List.of(10, 10, 10, 6), pieces(11, 0x12, 0, 0, 0, 36));
        assertEquals(List.of(5), pieces(5, 0x12, 0, 0, 0, 5));
    }

    @Test
    void theLargestLimitIsFffe() {
        assertEquals(List.of(0xfffe, 2), pieces(0xffff, read10(0, 32)));
        assertEquals(List.of(0x8000), pieces(0xfffe, read10(0, 16)));
    }

    @Test
    void piecesRunAcrossBlocks() {
        assertEquals(List.of(3000, 1096), pieces(3000, read10(1, 2)));
        cd.byteCountLimit = 3000;
        final Outcome outcome = cd.packet(read10(1, 2));
        assertEquals(List.of(4, 8), List.of(outcome.at(0), outcome.at(2048)));
    }

    @Test
    void allocationLengthCutsTheAnswer() {
        assertEquals(8, cd.packet(0x12, 0, 0, 0, 8).data().length);
        final Outcome none = cd.packet(0x12, 0, 0, 0, 0);
        assertEquals(List.of(0x50, 0), List.of(none.status(), none.data().length));
    }

    // ---- reading ----

    @Test
    void aLongReadByProgrammedIoIsWhole() {
        final byte[] data = cd.packet(read10(0, 100)).data();
        assertEquals(100 * 2048, data.length);
        assertEquals(List.of((byte) (99 * 4), (byte) 1), List.of(data[99 * 2048], data[99 * 2048 + 1]));
    }

    @Test
    void aReadByDmaIsOneRequestIntoGuestMemory() {
        disc.log.clear();
        final Outcome outcome = cd.dma(32 * 2048, read10(3, 32));
        assertEquals(List.of(0x50, 12, 4), List.of(outcome.status(), outcome.at(0), pc.master()));
        assertEquals(List.of("READ 12+128"), disc.log);
    }

    @Test
    void anAnswerByDmaLandsInGuestMemory() {
        final Outcome outcome = cd.dma(36, 0x12, 0, 0, 0, 36);
        assertEquals(List.of(0x50, 5, 0x80), List.of(outcome.status(), outcome.at(0), outcome.at(1)));
    }

    @Test
    void i7AShortTableEndsAReadWithoutAnInterrupt() {
        final int before = pc.rises();
        final Outcome outcome = cd.dma(2048, read10(0, 2));
        assertEquals(List.of(0x50, 0, 0), List.of(outcome.status(), pc.master(), pc.rises() - before));
    }

    @Test
    void aTableThatPointsNowhereAborts() {
        pc.descriptor(0, 0x7000_0000, 2048, true);
        cd.send(true, read10(0, 1));
        pc.startMaster(true);
        assertEquals(List.of(6, 0x41, 4), List.of(pc.master(), pc.status(), pc.in(BASE + 1)));
        pc.out(PcGuest.MASTER, 0);
        assertEquals("ok", cd.ready());
    }

    @Test
    void aReadOfNothingSucceedsAndOneBeyondTheEndIsRefused() {
        assertEquals(0x50, cd.packet(read10(0, 0)).status());
        assertEquals(0x50, cd.packet(read10(511, 2)).error());
        assertEquals("5/21/00", cd.sense());
        assertEquals(
                0x50,
                cd.packet(0xa8, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
                        .error());
        assertEquals("5/21/00", cd.sense());
    }

    @Test
    void read12Reads() {
        assertEquals(40, cd.packet(0xa8, 0, 0, 0, 0, 10, 0, 0, 0, 1).at(0));
    }

    // ---- errors ----

    @Test
    void r16AReadErrorNamesTheFailingBlock() {
        disc.badReads.add(4L * 77);
        assertEquals(0x30, cd.packet(read10(70, 20)).error());
        final Outcome sense = cd.packet(0x03, 0, 0, 0, 18);
        assertEquals(
                List.of(0xf0, 3, 77, 0x11, 0),
                List.of(sense.at(0), sense.at(2), sense.at(6), sense.at(12), sense.at(13)));
        assertEquals(List.of(ErrorAction.REPORT), cd.host.errors);
    }

    @Test
    void r16AReadErrorByDmaNamesTheFailingBlockToo() {
        disc.badReads.add(4L * 19 + 1);
        assertEquals(
                List.of(0x41, 0x30), List.of(cd.dma(64 * 2048, read10(0, 64)).status(), pc.in(BASE + 1)));
        assertEquals(19, cd.packet(0x03, 0, 0, 0, 18).at(6));
    }

    @Test
    void r16QemuCallsAReadErrorABadAddress() {
        final CdGuest quirky =
                new CdGuest(Host.with(FaultyDisk.tagged(1 << 20, 1)), EnumSet.of(Deviation.READ_ERROR_IS_BAD_ADDRESS));
        quirky.ready();
        final FaultyDisk bad = FaultyDisk.tagged(1 << 20, 2);
        bad.badReads.add(0L);
        quirky.host.change(bad);
        quirky.ready();
        quirky.packet(read10(0, 1));
        assertEquals("5/21/00", quirky.sense());
    }

    @Test
    void e5AReadByDmaThatWasStoppedGoesOnWithTheMachine() {
        cd.host.policy(OnError.STOP, OnError.STOP);
        disc.badReads.add(4L);
        pc.descriptor(0, BUFFER, 2 * 2048, true);
        cd.send(true, read10(0, 2));
        pc.startMaster(true);
        assertEquals(1, pc.master());
        disc.badReads.clear();
        cd.host.resume();
        assertEquals(List.of(4, 0x50, 4), List.of(pc.master(), pc.status(), (int) pc.ram.getByte(BUFFER + 2048)));
    }

    @Test
    void e5APieceOfProgrammedIoThatWasStoppedGoesOnWithTheMachine() {
        cd.host.policy(OnError.STOP, OnError.STOP);
        disc.badReads.add(9L);
        cd.send(false, read10(0, 3));
        assertEquals(0x80, pc.in(CONTROL) & 0x88);
        disc.badReads.clear();
        cd.host.resume();
        final byte[] data = cd.finish().data();
        assertEquals(List.of(3 * 2048, (byte) 8), List.of(data.length, data[2 * 2048]));
    }

    @Test
    void e5AReadThatWasStoppedDoesNotGoOnOnAnotherDisc() {
        cd.host.policy(OnError.STOP, OnError.STOP);
        disc.badReads.add(0L);
        cd.send(false, read10(0, 1));
        cd.change(false);
        cd.host.resume();
        assertEquals(0x41, cd.finish().status());
        assertEquals("6/28/00", cd.sense());
        assertEquals(0xbb, cd.tagOf(0));
    }

    @Test
    void e4ADeviceResetDropsAReadThatWasStopped() {
        cd.host.policy(OnError.STOP, OnError.STOP);
        disc.badReads.add(0L);
        cd.send(false, read10(0, 1));
        pc.out(BASE + 7, 0x08);
        disc.badReads.clear();
        disc.log.clear();
        cd.host.resume();
        assertEquals(List.of(), disc.log);
    }

    @Test
    void e1AnIgnoredReadErrorLooksLikeSuccess() {
        cd.host.policy(OnError.IGNORE, OnError.IGNORE);
        disc.badReads.add(0L);
        assertEquals(0x50, cd.packet(read10(0, 1)).status());
        assertEquals(List.of("read error IGNORE"), cd.host.events);
    }

    // ---- media that leave ----

    @Test
    void vt9AReadInFlightAtRemovalEndsOnTheOldMedium() {
        disc.hold = true;
        pc.descriptor(0, BUFFER, 2048, true);
        cd.send(true, read10(5, 1));
        pc.startMaster(true);
        cd.host.context.execute(disc::release);
        cd.host.remove();
        assertEquals(List.of(4, 0x50, 20), List.of(pc.master(), pc.status(), (int) pc.ram.getByte(BUFFER)));
        pc.out(PcGuest.MASTER, 0);
        assertEquals("2/3a/01", cd.ready());
    }

    @Test
    void aProgrammedReadNeverGoesOnOnTheNextMedium() {
        cd.byteCountLimit = 2048;
        cd.send(false, read10(0, 64));
        final FaultyDisk next = FaultyDisk.tagged(1 << 20, 0xbb);
        cd.host.change(next);
        final Outcome rest = cd.finish();
        assertEquals(List.of(0x41, 0x60), List.of(rest.status(), rest.error()));
        assertEquals(List.of("6/28/00", "ok", 0xbb), List.of(cd.sense(), cd.ready(), cd.tagOf(0)));
        assertEquals(List.of("READ 0+4"), next.log);
    }

    @Test
    void aReadThatADrainHeldBackNeverReadsTheNextMedium() throws BlockException {
        pc.descriptor(0, BUFFER, 2048, true);
        final BlockLayer.Drain drain = cd.host.layer.drain(cd.host.backend);
        cd.send(true, read10(0, 1));
        pc.startMaster(true);
        final FaultyDisk next = FaultyDisk.tagged(1 << 20, 0xbb);
        cd.host.change(next);
        drain.close();
        pc.run();
        assertEquals(List.of(4, 0x41, 0x60), List.of(pc.master(), pc.status(), pc.in(BASE + 1)));
        assertEquals(List.of(), next.log);
    }

    @Test
    void theTrayOpensInTheMiddleOfAProgrammedRead() {
        cd.byteCountLimit = 2048;
        cd.send(false, read10(0, 64));
        cd.host((media, drive) -> media.openTray(drive, false));
        final Outcome rest = cd.finish();
        assertEquals(List.of(0x41, 0x20), List.of(rest.status(), rest.error()));
        assertEquals("2/3a/02", cd.sense());
    }

    @Test
    void aRingOfTwoHoldsBackAndLosesNothing() {
        final Host host = new Host(2);
        host.insert(disc);
        final CdGuest tight = new CdGuest(host, Deviation.STANDARD);
        tight.ready();
        assertEquals(100 * 2048, tight.packet(read10(0, 100)).data().length);
        assertArrayEquals(
                cd.packet(read10(0, 100)).data(), tight.packet(read10(0, 100)).data());
    }

    // ---- hostile guests ----

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void anyByteToAnyPortLeavesADriveThatStillWorks(final long seed) {
        final Random random = new Random(seed);
        final FaultyDisk medium = FaultyDisk.tagged(1 << 20, 1);
        medium.quiet = true;
        medium.badReads.add(100L);
        final CdGuest victim =
                new CdGuest(Host.with(medium), seed % 2 == 0 ? Deviation.QEMU_QUIRKS : Deviation.STANDARD);
        for (int i = 0; i < 12_000; i++) {
            step(victim, medium, random);
        }
        medium.release();
        victim.pc.run();
        victim.host((media, drive) -> media.openTray(drive, true));
        victim.pc.out(CONTROL, 4);
        victim.pc.out(CONTROL, 0);
        victim.pc.run();
        victim.byteCountLimit = 0xfffe;
        victim.pc.out(BASE + 6, 0xa0);
        assertEquals(5, victim.packet(0x12, 0, 0, 0, 36).at(0));
        final int[] outcomes = new int[4];
        Arrays.setAll(outcomes, i -> victim.ready().equals("ok") ? 1 : 0);
        assertEquals(1, outcomes[3]);
    }

    private static void step(final CdGuest victim, final FaultyDisk medium, final Random random) {
        final PcGuest pc = victim.pc;
        switch (random.nextInt(14)) {
            case 0, 1 -> pc.out(BASE + random.nextInt(8), random.nextInt(256));
            case 2 -> pc.out(BASE + 7, 0xa0);
            case 3 -> pc.out16(BASE, random.nextInt(65536));
            case 4, 5 -> victim.send(random.nextBoolean(), randomPacket(random));
            case 6 -> {
                for (int i = 0; i < 64; i++) {
                    pc.in16(BASE);
                }
            }
            case 7 -> pc.out(PcGuest.MASTER + random.nextInt(8), random.nextInt(256));
            case 8 -> pc.descriptor(random.nextInt(4), random.nextInt(), random.nextInt(65536), random.nextBoolean());
            case 9 -> pc.startMaster(random.nextBoolean());
            case 10 -> victim.byteCountLimit = random.nextInt(65536);
            case 11 -> pc.out(CONTROL, random.nextInt(32) == 0 ? random.nextInt(256) : 0);
            case 12 -> {
                if (!medium.hold) {
                    victim.host((media, drive) -> {
                        if (random.nextBoolean()) {
                            media.openTray(drive, random.nextBoolean());
                        } else {
                            media.closeTray(drive);
                        }
                    });
                }
            }
            default -> {
                medium.hold = random.nextInt(8) == 0;
                if (!medium.hold) {
                    medium.release();
                }
                pc.run();
            }
        }
    }

    private static int[] randomPacket(final Random random) {
        final int[] known = {
            0x00, 0x03, 0x12, 0x15, 0x1a, 0x1b, 0x1e, 0x23, 0x25, 0x28, 0x2b, 0x2f, 0x42, 0x43, 0x44, 0x46, 0x4a, 0x51,
            0x52, 0x55, 0x5a, 0xa8, 0xac, 0xad, 0xb6, 0xb9, 0xbd, 0xbe
        };
        final int[] packet = new int[12];
        Arrays.setAll(packet, i -> random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(4));
        packet[0] = random.nextInt(4) == 0 ? random.nextInt(256) : known[random.nextInt(known.length)];
        return packet;
    }
}
