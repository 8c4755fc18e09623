package io.drivebay.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ports of the legacy interface, B16, and a transitional function whose driver may choose. */
final class VirtioPciLegacyTest {
    private static final int FLUSH = 1 << 9;
    private static final int CONFIG_WCE = 1 << 11;
    private static final int ANY_LAYOUT = 1 << 27;
    private static final int WRITEBACK = 20 + 32;

    private final PciGuest guest = PciGuest.of(Form.TRANSITIONAL);

    @AfterEach
    void close() {
        guest.close();
    }

    private void kick() {
        guest.out(16, 2, 0);
    }

    private void write(final GuestRing ring) {
        ring.offer(guest.machine.header(Machine.OUT, 0), Buffer.readable(Machine.BUFFERS, 512), guest.machine.status());
        kick();
        guest.run();
        assertTrue(ring.poll() != null);
    }

    @Test
    void theWindowIsOfPorts() {
        guest.config(0x10, 4, -1);

        assertEquals(0xffff_ff81, guest.config(0x10, 4));
    }

    @Test
    void aModernFunctionHasNoPortsAndALegacyOneNoStructures() {
        try (PciGuest modern = PciGuest.of(Form.MODERN);
                PciGuest legacy = PciGuest.of(Form.LEGACY)) {
            assertEquals(0, modern.config(0x10, 4));
            assertEquals(0, legacy.config(0x20, 4));
            assertEquals(0x11, legacy.config(legacy.config(0x34, 1), 1));
            legacy.readSector(legacy.legacyStart(0), () -> legacy.out(16, 2, 0));
        }
    }

    @Test
    void itOffersWhatFitsIntoThirtyTwoBitsAndAnyLayout() {
        final int offered = guest.in(0, 4);

        assertEquals(FLUSH | CONFIG_WCE | ANY_LAYOUT, offered & (FLUSH | CONFIG_WCE | ANY_LAYOUT));
        assertEquals((int) guest.machine.device.offeredFeatures() | ANY_LAYOUT, offered);
    }

    @Test
    void aZonedDiskIsADiskLikeOthersToALegacyDriver() {
        final HeldDisk zoned = new HeldDisk(Machine.DISK_BYTES).zoned(new ZoneLayout(65536, 2, 3, 8192, 4096));
        try (PciGuest other = new PciGuest(PciOptions.of(Form.TRANSITIONAL), BlkOptions.of("vdb"), zoned)) {
            assertEquals(0, other.in(0, 4) & Machine.ZONED);
            assertEquals(Machine.ZONED, other.get(4, 4) & Machine.ZONED);

            final GuestRing ring = other.legacyStart(FLUSH | (int) Machine.ZONED);

            assertEquals(FLUSH, other.in(4, 4));
            assertEquals(1, other.in(WRITEBACK, 1));
            other.readSector(ring, () -> other.out(16, 2, 0));
            final Buffer status = other.machine.status();
            ring.offer(other.machine.header(Machine.ZONE_OPEN, 0), status);
            other.out(16, 2, 0);
            other.run();
            assertEquals(2, other.machine.statusIn(status));
        }
    }

    @Test
    void whatWasNotOfferedIsLeftOutOfTheChoice() {
        guest.out(4, 4, FLUSH | ANY_LAYOUT | 1 << 24);

        assertEquals(FLUSH | ANY_LAYOUT, guest.in(4, 4));
    }

    @Test
    void aQueueIsOnePieceAtAPagesNumber() {
        guest.out(18, 1, 3);
        guest.out(14, 2, 1);
        assertEquals(1, guest.in(14, 2));
        assertEquals(PciGuest.SIZE, guest.in(12, 2));
        assertEquals(0, guest.in(8, 4));

        final GuestRing ring = guest.legacyQueue(1);

        assertEquals(ring.descriptors() >> 12, guest.in(8, 4));
        guest.readSector(ring, () -> guest.out(16, 2, 1));
        guest.out(8, 4, 0);
        assertEquals(0, guest.in(8, 4));
        guest.out(14, 2, 2);
        assertEquals(0, guest.in(12, 2));
        guest.out(8, 4, 1);
        assertEquals(0, guest.in(8, 4));
    }

    @Test
    void aRequestIsServedAndToldByThePin() {
        final GuestRing ring = guest.legacyStart(FLUSH);

        guest.readSector(ring, this::kick);

        assertTrue(guest.pin);
        assertEquals(1, guest.in(19, 1));
        assertFalse(guest.pin);
        assertEquals(7, guest.in(18, 1));
    }

    @Test
    void aDriverMayUseTheDeviceBeforeItSaysThatItIsReady() {
        guest.out(18, 1, 0);
        guest.out(18, 1, 3);
        final GuestRing ring = guest.legacyQueue(0);

        guest.readSector(ring, this::kick);

        assertEquals(3, guest.in(18, 1));
    }

    @Test
    void aDriverThatHasNotShownItselfIsNotServed() {
        final GuestRing ring = guest.legacyQueue(0);
        ring.offer(guest.machine.header(Machine.FLUSH_REQUEST, 0), guest.machine.status());

        kick();
        guest.run();

        assertEquals(0, ring.usedIndex());
    }

    @Test
    void theConfigurationFollowsTheHeader() {
        final int sectors = Machine.DISK_BYTES / 512;
        assertEquals(sectors, guest.in(20, 4));
        assertEquals(sectors >> 8, guest.in(21, 1));

        guest.enableMessages();

        assertEquals(sectors, guest.in(24, 4));
        assertEquals(0xffff, guest.in(20, 2));
        assertEquals(0xffff, guest.in(22, 2));
        guest.config(PciGuest.MSIX_CONTROL, 2, 0);
        assertEquals(sectors, guest.in(20, 4));
    }

    @Test
    void queuesAreMappedToVectorsWhileMessagesAreEnabled() {
        guest.enableMessages();
        final GuestRing ring = guest.legacyStart(0);
        guest.out(20, 2, 0);
        guest.out(22, 2, 2);
        guest.out(22, 2, 3);
        assertEquals(0xffff, guest.in(22, 2));
        guest.out(22, 2, 2);

        guest.readSector(ring, this::kick);

        assertEquals(2, guest.in(22, 2));
        assertEquals(List.of("fee00000=2"), guest.messages);
        guest.out(18, 1, 0);
        assertEquals(0xffff, guest.in(20, 2));
    }

    @Test
    void featuresAndStatusDoNotChangeTheCacheUntilTheDriverIsReady() {
        guest.out(18, 1, 3);
        assertEquals(1, guest.in(WRITEBACK, 1));
        guest.out(4, 4, CONFIG_WCE);
        guest.out(18, 1, 0x83);
        assertEquals(1, guest.in(WRITEBACK, 1));
        guest.out(4, 4, FLUSH);
        assertEquals(1, guest.in(WRITEBACK, 1));
        guest.out(4, 4, 0);

        guest.out(18, 1, 7);

        assertEquals(0, guest.in(WRITEBACK, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "512, 0", "2560, 0"})
    void aWriteIsStableWhenTheDriverCannotFlush(final int features, final int flags) {
        write(guest.legacyStart(features));

        assertEquals("WRITE 0+512 " + flags, guest.machine.disk.seen().get(0));
    }

    @Test
    void theChoiceIsFinalOnceThereIsAQueue() {
        guest.out(18, 1, 3);
        guest.out(4, 4, FLUSH);
        guest.legacyQueue(0);

        guest.out(4, 4, 0);

        assertEquals(FLUSH, guest.in(4, 4));
    }

    @Test
    void aResetForgetsQueuesFeaturesAndStatus() {
        guest.legacyStart(FLUSH);

        guest.out(18, 1, 0);

        assertEquals(0, guest.in(18, 1));
        assertEquals(0, guest.in(8, 4));
        assertEquals(0, guest.in(4, 4));
        guest.readSector(guest.legacyStart(FLUSH), this::kick);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "0, 1", "8, 2", "12, 4", "18, 2", "18, 4", "19, 4", "13, 1", "17, 1"})
    void fieldsAreAccessedInTheirOwnWidthOnly(final int port, final int widthBytes) {
        guest.out(port, widthBytes, -1);

        assertEquals(0, guest.in(port, widthBytes));
        assertEquals(0, guest.in(18, 1));
    }

    @Test
    void aQueueBeyondMemoryNeedsAReset() {
        guest.out(18, 1, 7);
        guest.out(14, 2, 0);

        guest.out(8, 4, -1);
        guest.run();

        assertEquals(Machine.NEEDS_RESET, guest.in(18, 1) & Machine.NEEDS_RESET);
        guest.readSector(guest.legacyStart(0), this::kick);
    }

    @Test
    void bothInterfacesOfATransitionalFunctionShowOneDevice() {
        guest.out(18, 1, 3);
        assertEquals(3, guest.get(PciGuest.STATUS, 1));

        guest.set(PciGuest.STATUS, 1, 0);

        assertEquals(0, guest.in(18, 1));
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, () -> guest.kick(0));
        assertEquals(1, guest.in(19, 1));
        assertEquals(0, guest.isr());
        assertEquals(15, guest.in(18, 1));
    }
}
