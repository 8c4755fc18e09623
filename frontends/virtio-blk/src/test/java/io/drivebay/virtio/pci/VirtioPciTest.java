package io.drivebay.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** X2, X3: the modern interface of a PCI function, register by register. */
final class VirtioPciTest {
    private static final int NO_VECTOR = 0xffff;
    private static final int CONFIG_VECTOR = 16;
    private static final int QUEUE_VECTOR = 26;
    private static final int NOTIF_DATA = 56;
    private static final int QUEUE_RESET = 58;

    private final PciGuest guest = PciGuest.of(Form.MODERN);

    @AfterEach
    void close() {
        guest.close();
    }

    private void kick() {
        guest.kick(0);
    }

    private void grow() throws BlockException {
        grow(guest.machine);
    }

    private static void grow(final Machine machine) throws BlockException {
        machine.whileDrained(() -> machine.layer.changeMedium(
                machine.backend, machine.node("larger", new HeldDisk(2 * Machine.DISK_BYTES))));
    }

    // ---- what it is ----

    @ParameterizedTest
    @CsvSource({
        "MODERN,       10421af4, 01000001, 11001af4",
        "TRANSITIONAL, 10011af4, 01000000, 00021af4",
        "LEGACY,       10011af4, 01000000, 00021af4"
    })
    void everyFormSaysWhatItIs(final Form form, final String id, final String classCode, final String subsystem) {
        try (PciGuest other = PciGuest.of(form)) {
            assertEquals(Integer.parseUnsignedInt(id, 16), other.config(0, 4));
            assertEquals(Integer.parseUnsignedInt(classCode, 16), other.config(8, 4));
            assertEquals(Integer.parseUnsignedInt(subsystem, 16), other.config(0x2c, 4));
            assertEquals(1, other.config(0x3d, 1));
        }
    }

    @Test
    void capabilitiesPointIntoTheWindow() {
        final List<String> found = new ArrayList<>();
        int at = guest.config(0x34, 1);
        while (at != 0) {
            if (guest.config(at, 1) == 9) {
                found.add(guest.config(at + 3, 1) + " " + guest.config(at + 2, 1) + " bar" + guest.config(at + 4, 1)
                        + " " + Integer.toHexString(guest.config(at + 8, 4)) + "+"
                        + Integer.toHexString(guest.config(at + 12, 4)));
            } else {
                found.add("id " + guest.config(at, 1));
            }
            at = guest.config(at + 1, 1);
        }

        assertEquals(
                List.of(
                        "1 16 bar4 0+1000",
                        "3 16 bar4 1000+1000",
                        "4 16 bar4 2000+1000",
                        "2 20 bar4 3000+1000",
                        "5 20 bar0 0+0",
                        "id 17"),
                found);
        assertEquals(4, guest.config(0x80, 4));
    }

    @Test
    void aFunctionWithoutVectorsHasNoMessages() {
        try (PciGuest other = new PciGuest(PciOptions.of(Form.MODERN).withVectors(0), BlkOptions.of("vdb"))) {
            other.config(0x14, 4, -1);
            assertEquals(0, other.config(0x14, 4));
            assertEquals(0, other.config(0x84 + 1, 1));
            other.set(CONFIG_VECTOR, 2, 0);
            assertEquals(NO_VECTOR, other.get(CONFIG_VECTOR, 2));
        }
    }

    // ---- the common structure ----

    @Test
    void featuresAreReadByHalvesAndBeyondThemThereIsNothing() {
        assertEquals(0, guest.get(0, 4));
        assertTrue((guest.get(4, 4) & 1 << 9) != 0);
        guest.set(0, 4, 1);
        assertEquals(1, guest.get(4, 4) & 1);
        guest.set(0, 4, 2);
        assertEquals(0, guest.get(4, 4));
        guest.set(0, 4, -1);
        assertEquals(0, guest.get(4, 4));
    }

    @Test
    void theDriversChoiceIsReadBack() {
        guest.negotiate(Machine.VERSION_1 | Machine.FLUSH);

        assertEquals(1, guest.get(12, 4));
        guest.set(8, 4, 0);
        assertEquals(1 << 9, guest.get(12, 4));
        guest.set(8, 4, 7);
        assertEquals(0, guest.get(12, 4));
    }

    @Test
    void aNotificationHoldsWhatTheDeviceAsksFor() {
        assertEquals(11, guest.negotiate(Machine.USUAL | Machine.NOTIF_CONFIG_DATA));
        final GuestRing ring = guest.enable(1, 16);
        guest.set(20, 1, 15);
        final int data = guest.get(NOTIF_DATA, 2);
        guest.set(NOTIF_DATA, 2, data + 1);

        guest.readSector(ring, () -> guest.function.writeMemory(PciGuest.NOTIFY + 4, 2, data));

        assertEquals(data, guest.get(NOTIF_DATA, 2));
        guest.set(22, 2, 2);
        assertEquals(0, guest.get(NOTIF_DATA, 2));
    }

    @Test
    void aDriverWithoutVersion1IsRefused() {
        assertEquals(3, guest.negotiate(Machine.FLUSH));
    }

    @Test
    void aQueueThatDoesNotExistHasSizeZero() {
        assertEquals(2, guest.get(18, 2));
        guest.set(22, 2, 1);
        assertEquals(PciGuest.SIZE, guest.get(24, 2));

        guest.set(22, 2, 2);

        assertEquals(2, guest.get(22, 2));
        assertEquals(0, guest.get(24, 2));
        assertEquals(NO_VECTOR, guest.get(QUEUE_VECTOR, 2));
        guest.set(24, 2, 16);
        guest.set(QUEUE_VECTOR, 2, 0);
        guest.set(32, 4, 0x1000);
        guest.set(28, 2, 1);
        assertEquals(0, guest.get(24, 2) | guest.get(28, 2) | guest.get(32, 4));
        assertEquals(NO_VECTOR, guest.get(QUEUE_VECTOR, 2));
    }

    @Test
    void addressesAreWrittenByIndependentHalves() {
        guest.set(36, 4, 0x1234);
        guest.set(32, 4, 0x5000);
        guest.set(44, 4, 1);
        guest.set(48, 8, 0x0000_0002_0000_3000L);

        assertEquals(0x5000, guest.get(32, 4));
        assertEquals(0x1234, guest.get(36, 4));
        assertEquals(0x1234_0000_5000L, guest.function.readMemory(PciGuest.MODERN + 32, 8));
        assertEquals(1, guest.get(44, 4));
        assertEquals(2, guest.get(52, 4));
        assertEquals(0x3000, guest.get(48, 4));
    }

    @Test
    void everyQueueHasItsOwnPlaceToBeNotified() {
        guest.set(22, 2, 1);
        assertEquals(1, guest.get(30, 2));
        guest.set(22, 2, 0);
        assertEquals(0, guest.get(30, 2));
    }

    @ParameterizedTest
    @CsvSource({"20, 4", "20, 2", "16, 4", "16, 1", "17, 1", "0, 2", "2, 2", "30, 4", "56, 4", "300, 1", "24, 1"})
    void fieldsAreAccessedInTheirOwnWidthOnly(final int field, final int widthBytes) {
        guest.set(field, widthBytes, -1);

        assertEquals(0, guest.get(field, widthBytes));
        assertEquals(0, guest.get(20, 1));
    }

    @Test
    void aQueueIsEnabledUntilTheReset() {
        final GuestRing ring = guest.start(16);
        assertEquals(16, guest.get(24, 2));
        assertEquals(1, guest.get(28, 2));

        guest.set(28, 2, 0);
        guest.set(24, 2, 8);
        guest.set(32, 4, 0x7777);

        assertEquals(1, guest.get(28, 2));
        assertEquals(16, guest.get(24, 2));
        guest.readSector(ring, this::kick);
        guest.set(20, 1, 0);
        assertEquals(0, guest.get(20, 1));
        assertEquals(0, guest.get(28, 2));
        assertEquals(PciGuest.SIZE, guest.get(24, 2));
        assertEquals(0, guest.get(32, 4));
    }

    @Test
    void aQueueIsResetAloneAndSetUpAnew() {
        guest.negotiate(Machine.USUAL | Machine.RING_RESET);
        final GuestRing ring = guest.enable(0, 16);
        guest.set(20, 1, 15);
        guest.machine.disk.hold(true);
        ring.offer(guest.machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), guest.machine.status());
        guest.kick(0);
        guest.run();

        guest.set(QUEUE_RESET, 2, 1);
        assertEquals(1, guest.get(QUEUE_RESET, 2));
        guest.machine.disk.hold(false);
        guest.machine.disk.releaseAll();
        guest.run();

        assertEquals(0, guest.get(QUEUE_RESET, 2) | guest.get(28, 2));
        assertEquals(PciGuest.SIZE, guest.get(24, 2));
        assertNull(ring.poll());
        guest.readSector(guest.enable(0, 32), this::kick);
    }

    @Test
    void withoutItsFeatureAQueueIsNotResetAlone() {
        final GuestRing ring = guest.start(16);

        guest.set(QUEUE_RESET, 2, 1);

        assertEquals(0, guest.get(QUEUE_RESET, 2));
        guest.readSector(ring, this::kick);
    }

    @Test
    void aQueueIsNotEnabledBeforeTheFeaturesAreChosen() {
        guest.set(20, 1, 3);

        guest.enable(0, 16);

        assertEquals(0, guest.get(28, 2));
    }

    @Test
    void aQueueOfNoPowerOfTwoNeedsAReset() {
        guest.negotiate(Machine.USUAL);
        guest.enable(0, 16);
        guest.enable(1, 12);
        guest.run();

        assertEquals(Machine.NEEDS_RESET, guest.get(20, 1) & Machine.NEEDS_RESET);
    }

    @Test
    void theConfigurationIsReadInAnyWidth() {
        final long sectors = Machine.DISK_BYTES / 512;

        assertEquals(sectors, guest.function.readMemory(PciGuest.DEVICE, 8));
        assertEquals(sectors, guest.function.readMemory(PciGuest.DEVICE, 4));
        assertEquals(sectors >> 8, guest.function.readMemory(PciGuest.DEVICE + 1, 1));
        assertEquals(0, guest.function.readMemory(PciGuest.DEVICE + 0xff8, 8));
    }

    @Test
    void theGenerationChangesWithTheConfiguration() throws BlockException {
        guest.start(16);
        final int before = guest.get(21, 1);

        grow();

        assertTrue(before != guest.get(21, 1));
        assertEquals(2L * Machine.DISK_BYTES / 512, guest.function.readMemory(PciGuest.DEVICE, 8));
    }

    @Test
    void anyWidthOfNotificationIsOneAndWhereItIsWrittenSaysWhichQueue() {
        final GuestRing ring = guest.start(16);

        guest.readSector(ring, () -> guest.function.writeMemory(PciGuest.NOTIFY, 4, 0x0001_0001));
        guest.readSector(ring, () -> guest.function.writeMemory(PciGuest.NOTIFY + 1, 1, 0));
        guest.kick(1);
        guest.kick(1023);
        assertEquals(0, guest.function.readMemory(PciGuest.NOTIFY, 4));
    }

    // ---- interrupts ----

    @Test
    void readingTheIsrStatusClearsItAndThePin() {
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, this::kick);
        assertTrue(guest.pin);
        assertEquals(8, guest.config(6, 2) & 8);

        assertEquals(1, guest.isr());

        assertFalse(guest.pin);
        assertEquals(0, guest.isr());
        assertEquals(0, guest.config(6, 2) & 8);
        guest.readSector(ring, this::kick);
        assertTrue(guest.pin);
    }

    @Test
    void aChangedConfigurationIsInTheIsrStatus() throws BlockException {
        guest.start(16);

        grow();

        assertTrue(guest.pin);
        assertEquals(2, guest.isr());
    }

    @Test
    void theQuirkHasAChangedConfigurationSayQueueToo() throws BlockException {
        final PciOptions options = PciOptions.of(Form.MODERN).withConfigSayingQueueToo(true);
        try (PciGuest quirky = new PciGuest(options, BlkOptions.of("vdb"))) {
            quirky.start(16);
            grow(quirky.machine);
            assertEquals(3, quirky.isr());
            assertEquals(0, quirky.isr());
        }
    }

    @Test
    void thereIsNoInterruptForMerelyBecomingReady() {
        guest.start(16);

        assertEquals(0, guest.pinChanges);
        assertEquals(0, guest.isr());
    }

    @Test
    void theIsrStatusIsOneByteThatOnlyReadingChanges() {
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, this::kick);

        guest.function.writeMemory(PciGuest.ISR, 1, 0);
        assertEquals(0, guest.function.readMemory(PciGuest.ISR + 1, 1));

        assertEquals(1, guest.isr());
    }

    @Test
    void aDisabledPinStaysLowAndRisesWhenItIsEnabled() {
        final GuestRing ring = guest.start(16);
        guest.config(PciGuest.COMMAND, 2, PciGuest.ALL_ON | 0x400);
        guest.readSector(ring, this::kick);
        assertFalse(guest.pin);

        guest.config(PciGuest.COMMAND, 2, PciGuest.ALL_ON);

        assertTrue(guest.pin);
    }

    @Test
    void eachEventHasTheVectorThatTheDriverMapped() throws BlockException {
        guest.enableMessages();
        guest.negotiate(Machine.USUAL);
        guest.set(CONFIG_VECTOR, 2, 2);
        final GuestRing ring = guest.enable(0, 16);
        guest.set(QUEUE_VECTOR, 2, 1);
        guest.set(20, 1, 15);

        guest.readSector(ring, this::kick);
        grow();

        assertEquals(List.of("fee00000=1", "fee00000=2"), guest.messages);
        assertEquals(0, guest.pinChanges);
        assertEquals(2, guest.isr());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 0x7ff, NO_VECTOR})
    void aVectorThatThereIsNotReadsBackAsNone(final int vector) throws BlockException {
        guest.enableMessages();
        guest.negotiate(Machine.USUAL);
        guest.set(CONFIG_VECTOR, 2, 1);
        guest.set(CONFIG_VECTOR, 2, vector);
        assertEquals(NO_VECTOR, guest.get(CONFIG_VECTOR, 2));
        final GuestRing ring = guest.enable(0, 16);
        guest.set(QUEUE_VECTOR, 2, vector);
        assertEquals(NO_VECTOR, guest.get(QUEUE_VECTOR, 2));
        guest.set(20, 1, 15);

        guest.readSector(ring, this::kick);
        grow();

        assertEquals(List.of(), guest.messages);
    }

    @Test
    void aResetUnmapsTheVectors() {
        guest.set(CONFIG_VECTOR, 2, 0);
        guest.set(22, 2, 1);
        guest.set(QUEUE_VECTOR, 2, 2);
        assertEquals(2, guest.get(QUEUE_VECTOR, 2));

        guest.set(20, 1, 0);

        assertEquals(NO_VECTOR, guest.get(CONFIG_VECTOR, 2));
        guest.set(22, 2, 1);
        assertEquals(NO_VECTOR, guest.get(QUEUE_VECTOR, 2));
    }

    @Test
    void aPinThatWaitsGoesLowWhenMessagesAreEnabled() {
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, this::kick);
        assertTrue(guest.pin);

        guest.enableMessages();

        assertFalse(guest.pin);
        guest.config(PciGuest.MSIX_CONTROL, 2, 0);
        assertTrue(guest.pin);
    }

    @Test
    void aDeviceThatNeedsAResetTellsByConfigurationInterrupt() {
        guest.start(16);
        guest.machine.ram.putShort(guest.enable(1, 16).available() + 2, (short) 1000);

        guest.kick(1);
        guest.run();

        assertEquals(Machine.NEEDS_RESET, guest.get(20, 1) & Machine.NEEDS_RESET);
        assertEquals(2, guest.isr());
    }

    // ---- the bus ----

    @Test
    void notificationsWaitUntilTheFunctionMayMasterTheBus() {
        final GuestRing ring = guest.start(16);
        guest.config(PciGuest.COMMAND, 2, 3);
        ring.offer(guest.machine.header(Machine.FLUSH_REQUEST, 0), guest.machine.status());
        guest.kick(0);
        guest.run();
        assertNull(ring.poll());

        guest.config(PciGuest.COMMAND, 2, 7);
        guest.run();

        assertTrue(ring.poll() != null);
    }

    @Test
    void theBussResetEndsEverything() {
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, this::kick);
        guest.enableMessages();

        guest.function.reset();

        assertFalse(guest.function.decodesMemory(PciGuest.MODERN));
        assertFalse(guest.pin);
        guest.config(0x20, 4, (int) PciGuest.MODERN);
        guest.config(0x14, 4, (int) PciGuest.MSIX);
        guest.config(PciGuest.COMMAND, 2, 7);
        assertEquals(0, guest.get(20, 1));
        assertEquals(0, guest.get(28, 2));
        assertEquals(1, guest.function.readMemory(PciGuest.MSIX + 12, 4));
        guest.readSector(guest.start(16), this::kick);
    }
}
