package io.drivebay.sim.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver's end of a packed ring, with the device's end written by hand. */
final class PackedRingTest {
    private static final int SIZE = 8;
    private static final int SLOTS = 4;
    private static final int AVAIL = 0x80;
    private static final int USED = 0x8000;
    private static final int NEXT = 1;
    private static final int WRITE = 2;

    private final GuestRam ram = new GuestRam(1 << 20);
    private final PackedRing ring = new PackedRing(ram, SIZE, true, SLOTS, 2);
    private final GuestBuffer descriptors = ram.at(ring.addresses().descriptors(), 16 * SIZE);
    private final GuestBuffer driverArea = ram.at(ring.addresses().driverArea(), 4);
    private final GuestBuffer deviceArea = ram.at(ring.addresses().deviceArea(), 4);

    @BeforeEach
    void describeChains() {
        for (int slot = 0; slot < SLOTS; slot++) {
            ring.describe(slot, 0, 0x1000L * slot, 16, NEXT);
            ring.describe(slot, 1, 0x1000L * slot + 16, 1, WRITE);
        }
    }

    private int flags(final int index) {
        return descriptors.region().getShort(descriptors.offset() + 16 * index + 14) & 0xffff;
    }

    private int id(final int index) {
        return descriptors.region().getShort(descriptors.offset() + 16 * index + 12) & 0xffff;
    }

    private void use(final int index, final int id, final int length, final int flags) {
        final int at = descriptors.offset() + 16 * index;
        descriptors.region().putInt(at + 8, length);
        descriptors.region().putShort(at + 12, (short) id);
        descriptors.region().putShortRelease(at + 14, (short) flags);
    }

    private void deviceWants(final int offsetAndWrap, final int flags) {
        deviceArea.region().putInt(deviceArea.offset(), offsetAndWrap | flags << 16);
    }

    private int driverWants() {
        return driverArea.region().getInt(driverArea.offset());
    }

    private boolean offer(final int... slots) {
        for (final int slot : slots) {
            ring.offer(slot);
        }
        return ring.publish();
    }

    /** Offers and takes chains until the ring stands at a descriptor, in the first round. */
    private void moveTo(final int index) {
        for (int at = 0; at < index; at += 2) {
            offer(0);
            use(at, 0, 1, AVAIL | USED | WRITE);
            ring.take(0);
        }
    }

    @Test
    void theFirstDescriptorBecomesAvailableWhenPublished() {
        ring.offer(2);
        assertEquals(0, flags(0));
        assertEquals(AVAIL | WRITE, flags(1));

        ring.publish();

        assertEquals(AVAIL | NEXT, flags(0));
        assertEquals(2, id(1));
    }

    @Test
    void aSecondRoundHasTheOtherFlag() {
        moveTo(SIZE);

        offer(1);

        assertEquals(USED | NEXT, flags(0));
        assertEquals(USED | WRITE, flags(1));
    }

    @Test
    void usedBuffersAreTakenInTheOrderOfTheRing() {
        offer(0, 1, 2);
        use(2, 0, 1, AVAIL | USED | WRITE);
        assertEquals(0, ring.used());

        use(0, 2, 1, AVAIL | USED | WRITE);

        assertEquals(1, ring.used());
        assertEquals(2 | 1L << 32, ring.peekUsed());
        ring.take(2);
        assertEquals(0L | 1L << 32, ring.peekUsed());
        ring.take(0);
        assertEquals(0, ring.used());
    }

    @Test
    void aLengthWithoutTheWriteFlagMeansNothing() {
        offer(0);
        use(0, 0, 77, AVAIL | USED);

        assertEquals(0L, ring.peekUsed());
    }

    @Test
    void anEmptyRingOfZerosIsNotUsedInTheSecondRound() {
        moveTo(SIZE);
        use(0, 0, 0, 0);

        assertEquals(0, ring.used());
    }

    @Test
    void anIdIsASlotOrNothing() {
        assertEquals(3, ring.slotOf(3));
        assertEquals(-1, ring.slotOf(SLOTS));
        assertEquals(-1, ring.slotOf(0xffff));
    }

    @ParameterizedTest
    @CsvSource({
        // chains offered before, offset and wrap counter, flags, notified
        "0, 0, 0, true",
        "0, 0, 1, false",
        "0, 0x8000, 2, true",
        "0, 0x8001, 2, true",
        "0, 0x8002, 2, false",
        "0, 0, 2, false",
        "6, 0x8006, 2, true",
        "6, 0, 2, false",
        "6, 0x8005, 2, false",
        "0, 0x8002, 3, true"
    })
    void theDeviceIsNotifiedWhenItsDescriptorIsAmongTheNewOnes(
            final int before, final String offsetAndWrap, final int flags, final boolean notified) {
        moveTo(before);
        deviceWants(Integer.decode(offsetAndWrap), flags);

        assertEquals(notified, offer(0));
    }

    @Test
    void nothingNewIsNoReasonToNotify() {
        deviceWants(0, 0);

        assertFalse(ring.publish());
    }

    @Test
    void interruptsAreForbiddenUntilTheDriverSleeps() {
        assertEquals(1 << 16, driverWants());

        assertTrue(ring.enableInterrupts());
        assertEquals(2 << 16 | 0x8000, driverWants());

        ring.disableInterrupts();
        assertEquals(1 << 16, driverWants());
    }

    @Test
    void aDriverThatWouldSleepSeesWhatCameMeanwhile() {
        offer(0);
        use(0, 0, 1, AVAIL | USED | WRITE);

        assertFalse(ring.enableInterrupts());
    }
}
