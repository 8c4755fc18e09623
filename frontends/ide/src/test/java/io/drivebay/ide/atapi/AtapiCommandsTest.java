package io.drivebay.ide.atapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.kit.CdGuest;
import io.drivebay.ide.kit.CdGuest.Outcome;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The MMC commands of a data-only drive, one by one. */
final class AtapiCommandsTest {
    private static final int BLOCKS = 512;

    private final FaultyDisk disc = FaultyDisk.tagged(BLOCKS * 2048, 0xaa);
    private final CdGuest cd = ready(new CdGuest(Host.with(disc), Deviation.STANDARD));

    private static CdGuest ready(final CdGuest guest) {
        guest.ready();
        return guest;
    }

    private static CdGuest dvd() {
        return ready(new CdGuest(Host.with(new FaultyDisk(4L << 30)), Deviation.STANDARD));
    }

    private static CdGuest quirky() {
        return new CdGuest(Host.with(FaultyDisk.tagged(BLOCKS * 2048, 1)), Deviation.QEMU_QUIRKS);
    }

    private String refusal(final int... packet) {
        final Outcome outcome = cd.packet(packet);
        return outcome.ok() ? "ok" : cd.sense();
    }

    private static List<Integer> bytes(final Outcome outcome, final int from, final int to) {
        return IntStream.range(from, to).mapToObj(outcome::at).toList();
    }

    // ---- the table ----

    @Test
    void theDriveHasTheseCommandsAndNoOthers() {
        final List<Integer> known = new ArrayList<>();
        for (int opcode = 0; opcode < 256; opcode++) {
            if (PacketTable.at(opcode) != null) {
                known.add(opcode);
            }
        }
        assertEquals(
                List.of(
                        0x00, 0x03, 0x12, 0x15, 0x1a, 0x1b, 0x1e, 0x23, 0x25, 0x28, 0x2b, 0x2f, 0x35, 0x42, 0x43, 0x44,
                        0x45, 0x46, 0x47, 0x48, 0x4a, 0x4b, 0x51, 0x52, 0x55, 0x5a, 0xa5, 0xa8, 0xac, 0xad, 0xb6, 0xb9,
                        0xbb, 0xbd, 0xbe),
                known);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x04, 0x2a, 0x5d, 0xa3, 0xa4, 0xa6, 0xff})
    void anUnknownCommandIsRefused(final int opcode) {
        assertEquals("5/20/00", refusal(opcode));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x15, 0x1a, 0x23, 0x2f, 0x42, 0x44, 0x45, 0x52, 0x55, 0xac, 0xb6, 0xb9})
    void theQuirkKnowsOnlyQemusCommands(final int opcode) {
        final CdGuest qemu = quirky();
        assertEquals(0x50, qemu.packet(opcode).error());
        assertEquals("5/20/00", qemu.sense());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x45, 0x47, 0x48, 0x4b, 0xa5})
    void audioIsRefusedAsADataOnlyDriveRefusesIt(final int opcode) {
        assertEquals("5/64/00", refusal(opcode));
    }

    // ---- the drive ----

    @Test
    void inquiryDescribesARemovableCdDrive() {
        final Outcome inquiry = cd.packet(0x12, 0, 0, 0, 36);
        assertEquals(List.of(0x05, 0x80, 0x05, 0x32, 31), bytes(inquiry, 0, 5));
        assertEquals("Drivebay", new String(Arrays.copyOfRange(inquiry.data(), 8, 16), StandardCharsets.US_ASCII));
        assertEquals(List.of(0x05, 0x00, 0x00, 0x03, 0x00, 0x80, 0x83), bytes(cd.packet(0x12, 1, 0, 0, 255), 0, 7));
        assertEquals(
                "DB00001",
                new String(
                        Arrays.copyOfRange(cd.packet(0x12, 1, 0x80, 0, 255).data(), 4, 11), StandardCharsets.US_ASCII));
        assertEquals(7, cd.packet(0x12, 1, 0x83, 0, 255).at(7));
        assertEquals("5/24/00", refusal(0x12, 1, 0x99, 0, 255));
    }

    @Test
    void requestSensePointsToTheBadFieldAndIsThenEmpty() {
        cd.packet(0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8);
        final Outcome sense = cd.packet(0x03, 0, 0, 0, 18);
        assertEquals(
                List.of(0x70, 0x05, 10, 0x24, 0, 0xc0, 0, 1),
                List.of(
                        sense.at(0),
                        sense.at(2),
                        sense.at(7),
                        sense.at(12),
                        sense.at(13),
                        sense.at(15),
                        sense.at(16),
                        sense.at(17)));
        assertEquals("0/00/00", cd.sense());
    }

    @Test
    void theQuirkLeavesSenseDataAndSaysF0() {
        final CdGuest qemu = quirky();
        qemu.packet(0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8);
        assertEquals(List.of("5/24/00", "5/24/00"), List.of(qemu.sense(), qemu.sense()));
        assertEquals(0xf0, qemu.packet(0x03, 0, 0, 0, 18).at(0));
    }

    @Test
    void startStopWithAPowerConditionMovesNoTray() {
        assertEquals(0x50, cd.packet(0x1b, 0, 0, 0, 0x32).status());
        assertEquals("ok", cd.ready());
    }

    @Test
    void mechanismStatusTellsOfTheDoor() {
        assertEquals(List.of(0, 0, 0, 0, 0, 1, 0, 0), bytes(cd.packet(0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8), 0, 8));
        cd.packet(0x1b, 0, 0, 0, 2);
        assertEquals(0x10, cd.packet(0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8).at(1));
    }

    // ---- features and events ----

    private static List<Integer> features(final Outcome configuration) {
        final List<Integer> codes = new ArrayList<>();
        for (int at = 8; at < configuration.data().length; at += 4 + configuration.at(at + 3)) {
            codes.add(configuration.at(at) << 8 | configuration.at(at + 1));
        }
        return codes;
    }

    @Test
    void configurationListsWhatTheDriveHas() {
        final Outcome all = cd.packet(0x46, 0, 0, 0, 0, 0, 0, 1, 0);
        assertEquals(List.of(0x00, 0x01, 0x02, 0x03, 0x10, 0x1d, 0x1e, 0x1f, 0x100, 0x105, 0x107), features(all));
        assertEquals(List.of(0, 0, 0, all.data().length - 4, 0, 0, 0, 8), bytes(all, 0, 8));
    }

    @Test
    void configurationTellsWhatIsCurrentWithACdAndWithADvd() {
        assertEquals(
                List.of(0x00, 0x01, 0x02, 0x03, 0x10, 0x1d, 0x1e, 0x100, 0x105, 0x107),
                features(cd.packet(0x46, 1, 0, 0, 0, 0, 0, 1, 0)));
        final Outcome dvd = dvd().packet(0x46, 1, 0, 0, 0, 0, 0, 1, 0);
        assertEquals(List.of(0x00, 0x01, 0x02, 0x03, 0x10, 0x1f, 0x100, 0x105, 0x107), features(dvd));
        assertEquals(0x10, dvd.at(7));
    }

    @Test
    void configurationStartsWhereAskedAndTellsOfOneFeature() {
        assertEquals(List.of(0x1f, 0x100, 0x105, 0x107), features(cd.packet(0x46, 0, 0, 0x1f, 0, 0, 0, 1, 0)));
        assertEquals(List.of(0x03), features(cd.packet(0x46, 2, 0, 3, 0, 0, 0, 1, 0)));
        assertEquals(List.of(), features(cd.packet(0x46, 2, 0, 0x28, 0, 0, 0, 1, 0)));
        assertEquals("5/24/00", refusal(0x46, 3, 0, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void theQuirkAnswersAsLinuxSawIt() {
        final CdGuest qemu = quirky();
        assertEquals(
                List.of(0, 0, 0, 0x10, 0, 0, 0, 8, 0, 0, 3, 8, 0, 0x10, 0, 0, 0, 8, 1, 0),
                bytes(qemu.packet(0x46, 0, 0, 0, 0, 0, 0, 0, 64), 0, 20));
        assertEquals(0x50, qemu.packet(0x46, 2, 0, 0x1e, 0, 0, 0, 0, 64).error());
    }

    @Test
    void eventStatusKnowsAllClassesAndSaysWhenOneIsNotThere() {
        assertEquals(List.of(0, 6, 4, 0x7e, 0, 2, 0, 0), bytes(cd.packet(0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8), 0, 8));
        assertEquals(List.of(0, 6, 1, 0x7e, 0, 0, 0, 0), bytes(cd.packet(0x4a, 1, 0, 0, 0xfe, 0, 0, 0, 8), 0, 8));
        assertEquals(List.of(0, 6, 2, 0x7e, 0, 1, 0, 0), bytes(cd.packet(0x4a, 1, 0, 0, 0x04, 0, 0, 0, 8), 0, 8));
        assertEquals(List.of(0, 2, 0x80, 0x7e), bytes(cd.packet(0x4a, 1, 0, 0, 0x01, 0, 0, 0, 8), 0, 4));
        assertEquals("5/24/00", refusal(0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8));
    }

    @Test
    void anEventComesBeforeAClassThatHasNone() {
        cd.packet(0x1b, 0, 0, 0, 2);
        assertEquals(List.of(4, 0x7e, 3, 1), bytes(cd.packet(0x4a, 1, 0, 0, 0xfe, 0, 0, 0, 8), 2, 6));
    }

    @Test
    void theQuirkKnowsOnlyMediaEvents() {
        final CdGuest qemu = quirky();
        assertEquals(List.of(4, 0x10), bytes(qemu.packet(0x4a, 1, 0, 0, 0xff, 0, 0, 0, 8), 2, 4));
        assertEquals(List.of(0x80, 0x10), bytes(qemu.packet(0x4a, 1, 0, 0, 0x04, 0, 0, 0, 8), 2, 4));
    }

    @Test
    void performanceIsTheSameFromEndToEnd() {
        final Outcome outcome = cd.packet(0xac, 0x10, 0, 0, 0, 0, 0, 0, 0, 1, 0);
        assertEquals(24, outcome.data().length);
        assertEquals(List.of(0, 0, 1, 0xff), bytes(outcome, 16, 20));
        assertEquals("5/24/00", refusal(0xac, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3));
    }

    @Test
    void streamingTakesItsDescriptor() {
        cd.send(false, 0xb6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28);
        assertEquals(List.of(0x58, 0), List.of(cd.pc.status(), cd.pc.in(0x1f2) & 7));
        for (int i = 0; i < 14; i++) {
            cd.pc.out16(0x1f0, 0);
        }
        assertEquals(0x50, cd.pc.status());
        assertEquals("5/1a/00", refusal(0xb6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4));
        assertEquals("ok", refusal(0xbb, 0, 0xff, 0xff));
    }

    // ---- the disc ----

    @Test
    void capacityIsTheLastBlockAndItsSize() {
        assertEquals(List.of(0, 0, 1, 0xff, 0, 0, 8, 0), bytes(cd.packet(0x25), 0, 8));
        assertEquals(List.of(8, 0, 0, 2, 0, 2, 0, 8, 0), bytes(cd.packet(0x23, 0, 0, 0, 0, 0, 0, 0, 12), 3, 12));
    }

    @Test
    void aRemainderOfABlockIsNotReadable() {
        final CdGuest odd = ready(new CdGuest(Host.with(new FaultyDisk(10 * 2048 + 512)), Deviation.STANDARD));
        assertEquals(9, odd.packet(0x25).at(3));
        assertEquals(0x50, odd.packet(0x28, 0, 0, 0, 0, 10, 0, 0, 1).error());
    }

    @Test
    void tocFormat0HasTheTrackAndTheLeadOut() {
        assertEquals(
                List.of(0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xaa, 0, 0, 0, 2, 0),
                bytes(cd.packet(0x43, 0, 0, 0, 0, 0, 0, 0, 64), 0, 20));
        assertEquals(List.of(0, 10, 1, 1, 0, 0x14, 0xaa), bytes(cd.packet(0x43, 0, 0, 0, 0, 0, 0xaa, 0, 64), 0, 7));
        assertEquals("5/24/00", refusal(0x43, 0, 0, 0, 0, 0, 2, 0, 64));
    }

    @Test
    void tocInMinutesSecondsFrames() {
        final Outcome toc = cd.packet(0x43, 2, 0, 0, 0, 0, 0, 0, 64);
        assertEquals(List.of(0, 0, 2, 0), bytes(toc, 8, 12));
        assertEquals(List.of(0, 0, 8, 62), bytes(toc, 16, 20));
    }

    @Test
    void tocFormats1And2And5AndNoOthers() {
        assertEquals(List.of(0, 10, 1, 1, 0, 0x14, 1), bytes(cd.packet(0x43, 0, 1, 0, 0, 0, 0, 0, 64), 0, 7));
        assertEquals(12, cd.packet(0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40).data().length);
        final Outcome raw = cd.packet(0x43, 0, 2, 0, 0, 0, 0, 0, 64);
        assertEquals(4 + 4 * 11, raw.data().length);
        assertEquals(List.of(1, 0x14, 0, 0xa2, 0, 0, 0, 0, 0, 8, 62), bytes(raw, 26, 37));
        assertEquals(List.of(0, 2, 0, 0), bytes(cd.packet(0x43, 0, 5, 0, 0, 0, 0, 0, 64), 0, 4));
        assertEquals("5/24/00", refusal(0x43, 0, 3, 0, 0, 0, 0, 0, 64));
        assertEquals("5/24/00", refusal(0x43, 0, 4, 0, 0, 0, 0, 0, 64));
    }

    @Test
    void discAndTrackInformationTellOfOneFinishedTrack() {
        final Outcome information = cd.packet(0x51, 0, 0, 0, 0, 0, 0, 0, 34);
        assertEquals(List.of(0, 32, 0x0e, 1, 1, 1, 1, 0x20), bytes(information, 0, 8));
        assertEquals(List.of(0xff, 0xff), bytes(information, 16, 18));
        final Outcome track = cd.packet(0x52, 1, 0, 0, 0, 1, 0, 0, 36);
        assertEquals(List.of(0, 34, 1, 1, 0, 4, 1), bytes(track, 0, 7));
        assertEquals(List.of(0, 0, 2, 0), bytes(track, 24, 28));
        assertEquals("5/24/00", refusal(0x52, 1, 0, 0, 0, 2, 0, 0, 36));
        assertEquals("5/24/00", refusal(0x51, 1, 0, 0, 0, 0, 0, 0, 34));
    }

    @Test
    void headerAndSubchannelTellOfADataTrack() {
        assertEquals(List.of(1, 0, 0, 0, 0, 0, 0, 16), bytes(cd.packet(0x44, 0, 0, 0, 0, 16, 0, 0, 8), 0, 8));
        assertEquals(List.of(0, 0x15, 0, 12, 1, 0x14), bytes(cd.packet(0x42, 2, 0x40, 1, 0, 0, 0, 0, 96), 0, 6));
        assertEquals("5/24/00", refusal(0x42, 2, 0x40, 0, 0, 0, 0, 0, 96));
        assertEquals("5/21/00", refusal(0x44, 0, 0, 0, 2, 0, 0, 0, 8));
    }

    @Test
    void dvdStructuresAreForDvds() {
        assertEquals("5/30/02", refusal(0xad, 0, 0, 0, 0, 0, 0, 0, 0, 20));
        final CdGuest dvd = dvd();
        final Outcome physical = dvd.packet(0xad, 0, 0, 0, 0, 0, 0, 0, 8, 4);
        assertEquals(2052, physical.data().length);
        assertEquals(List.of(8, 2, 0, 0, 1, 0x0f, 1, 0, 0, 3, 0, 0, 0, 0x22, 0xff, 0xff), bytes(physical, 0, 16));
        assertEquals(8, dvd.packet(0xad, 0, 0, 0, 0, 0, 0, 1, 8, 4).data().length);
        assertEquals(16, dvd.packet(0xad, 0, 0, 0, 0, 0, 0, 0xff, 8, 4).data().length);
        assertEquals(0x50, dvd.packet(0xad, 0, 0, 0, 0, 0, 0, 3, 8, 4).error());
    }

    @Test
    void seekAndVerifyCheckTheirAddresses() {
        assertEquals("ok", refusal(0x2b, 0, 0, 0, 1, 0xff));
        assertEquals("5/21/00", refusal(0x2b, 0, 0, 0, 2, 0));
        assertEquals("ok", refusal(0x2f, 0, 0, 0, 0, 0, 0, 2, 0));
        assertEquals("5/21/00", refusal(0x2f, 0, 0, 0, 0, 1, 0, 2, 0));
        disc.badReads.add(4L * 300);
        assertEquals("3/11/00", refusal(0x2f, 0, 0, 0, 1, 0, 0, 1, 0));
        assertEquals("ok", refusal(0x35));
    }

    // ---- raw sectors ----

    @Test
    void readCdReturnsTheWholeSectorAsTheEncoderMakesIt() {
        final byte[] whole = cd.packet(0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0xf8).data();
        final io.drivebay.backend.memory.MemoryRegion user = io.drivebay.backend.memory.MemoryRegion.allocate(2048);
        user.putBytes(0, cd.packet(0x28, 0, 0, 0, 0, 16, 0, 0, 1).data(), 0, 2048);
        final io.drivebay.backend.memory.MemoryRegion out = io.drivebay.backend.memory.MemoryRegion.allocate(2352);
        final RawSector expected = new RawSector();
        expected.build(user, 0, 16, true);
        expected.copyTo(out, 0, 0, 2352);
        final byte[] made = new byte[2352];
        out.getBytes(0, made, 0, 2352);
        assertArrayEquals(made, whole);
        assertEquals(64, whole[16]);
    }

    @Test
    void readCdReturnsThePartsSelected() {
        assertEquals(2048, cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0x10).data().length);
        assertEquals(4, cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0x20).data().length);
        assertEquals(2336, cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0x18).data().length);
        assertEquals(2352 + 294, cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0xfa).data().length);
        assertEquals(
                2352 + 296 + 16,
                cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0xfc, 2).data().length);
        assertEquals(0, cd.packet(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0).data().length);
        assertEquals("5/24/00", refusal(0xbe, 0, 0, 0, 0, 0, 0, 0, 1, 0x90));
        assertEquals("5/64/00", refusal(0xbe, 1 << 2, 0, 0, 0, 0, 0, 0, 1, 0xf8));
        assertEquals("5/21/00", refusal(0xbe, 0, 0, 0, 2, 0, 0, 0, 1, 0xf8));
    }

    @Test
    void manyRawSectorsAreTheSameByDmaAndByProgrammedIo() {
        final int[] packet = {0xbe, 0, 0, 0, 0, 3, 0, 0, 60, 0xf8, 0, 0};
        cd.byteCountLimit = 30000;
        final byte[] programmed = cd.packet(packet).data();
        cd.pc.descriptor(0, 0x20000, 0, false);
        cd.pc.descriptor(1, 0x30000, 0, false);
        cd.pc.descriptor(2, 0x40000, 60 * 2352 - 0x20000, true);
        cd.send(true, packet);
        cd.pc.startMaster(true);
        final byte[] direct = new byte[60 * 2352];
        cd.pc.ram.getBytes(0x20000, direct, 0, direct.length);
        assertEquals(List.of(0x50, 60 * 2352), List.of(cd.pc.status(), programmed.length));
        assertArrayEquals(programmed, direct);
    }

    @Test
    void readCdMsfReadsUpToItsEnd() {
        final Outcome outcome = cd.packet(0xb9, 0, 0, 0, 2, 16, 0, 2, 18, 0x10);
        assertEquals(List.of(2 * 2048, 64), List.of(outcome.data().length, outcome.at(0)));
        assertEquals("5/24/00", refusal(0xb9, 0, 0, 0, 1, 0, 0, 2, 18, 0x10));
    }

    // ---- mode pages ----

    @Test
    void modeSenseShowsPagesCurrentChangeableAndDefault() {
        final Outcome all = cd.packet(0x5a, 0, 0x3f, 0, 0, 0, 0, 0, 255);
        assertEquals(List.of(0, 8 + 12 + 16 + 12 + 10 + 22 - 2), bytes(all, 0, 2));
        assertEquals(List.of(0x01, 0x0a), bytes(all, 8, 10));
        assertEquals(List.of(0x01, 0x0a, 0x37, 0xff), bytes(cd.packet(0x5a, 0, 0x41, 0, 0, 0, 0, 0, 255), 8, 12));
        assertEquals(List.of(0x01, 0x0a, 0x00, 0x05), bytes(cd.packet(0x5a, 0, 0x81, 0, 0, 0, 0, 0, 255), 8, 12));
        assertEquals("5/39/00", refusal(0x5a, 0, 0xc1, 0, 0, 0, 0, 0, 255));
        assertEquals("5/24/00", refusal(0x5a, 0, 0x05, 0, 0, 0, 0, 0, 255));
        assertEquals(4 + 12, cd.packet(0x1a, 0, 0x01, 0, 255).data().length);
    }

    @Test
    void theCapabilitiesPageTellsOfTheLock() {
        final int free = cd.packet(0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 255).at(14);
        cd.packet(0x1e, 0, 0, 0, 1);
        assertEquals(
                List.of(0, 2),
                List.of(free & 2, cd.packet(0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 255).at(14) & 2));
    }

    private int select(final int... page) {
        final int[] list = new int[8 + page.length];
        System.arraycopy(page, 0, list, 8, page.length);
        cd.send(false, 0x55, 0x10, 0, 0, 0, 0, 0, 0, list.length);
        for (int i = 0; i < list.length; i += 2) {
            cd.pc.out16(0x1f0, list[i] | list[i + 1] << 8);
        }
        return cd.pc.status();
    }

    @Test
    void modeSelectChangesWhatMayChange() {
        assertEquals(0x50, select(1, 10, 0x20, 9, 0, 0, 0, 0, 0, 0, 0, 0));
        assertEquals(List.of(0x20, 9), bytes(cd.packet(0x5a, 0, 0x01, 0, 0, 0, 0, 0, 255), 10, 12));
    }

    @Test
    void modeSelectRefusesWhatMayNotChangeAndKeepsAll() {
        assertEquals(0x41, select(1, 10, 0x20, 9, 7, 0, 0, 0, 0, 0, 0, 0));
        assertEquals("5/26/00", cd.sense());
        assertEquals(0x41, select(1, 4, 0, 0, 0, 0));
        assertEquals("5/26/00", cd.sense());
        assertEquals(0x41, select(1, 10, 0x20, 9));
        assertEquals("5/1a/00", cd.sense());
        assertEquals(List.of(0x00, 5), bytes(cd.packet(0x5a, 0, 0x01, 0, 0, 0, 0, 0, 255), 10, 12));
        assertEquals("5/24/00", refusal(0x55, 0x11, 0, 0, 0, 0, 0, 0, 20));
    }

    @Test
    void modeSelect6ByDma() {
        final byte[] list = {0, 0, 0, 0, 1, 10, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0};
        cd.pc.ram.putBytes(0x10000, list, 0, list.length);
        cd.pc.descriptor(0, 0x10000, list.length, true);
        cd.send(true, 0x15, 0x10, 0, 0, list.length);
        cd.pc.startMaster(false);
        assertEquals(0x50, cd.pc.status());
        assertEquals(7, cd.packet(0x5a, 0, 0x01, 0, 0, 0, 0, 0, 255).at(11));
    }
}
