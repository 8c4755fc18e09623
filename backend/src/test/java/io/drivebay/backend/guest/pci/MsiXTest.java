package io.drivebay.backend.guest.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PCI 3.0, 6.8.2: vectors, masks, and messages that wait. */
final class MsiXTest {
    private static final int CONTROL = 0x42;
    private static final int ENABLE = 0x8000;
    private static final int MASK_ALL = 0x4000;
    private static final int MASTER = 4;
    private static final int PENDING = 0x800;

    private final List<String> messages = new ArrayList<>();
    private final PciHeader header = new PciHeader(PciIdentity.of(1, 2, 3), MASTER);
    private final MsiX msix = MsiX.add(header, 1, 3, this::message);

    private void message(final long address, final int data) {
        messages.add(Long.toHexString(address) + "=" + data);
    }

    private void vector(final int vector, final long address, final int data, final int control) {
        msix.write(vector * 16, 4, address & 0xffff_ffffL);
        msix.write(vector * 16 + 4, 4, address >>> 32);
        msix.write(vector * 16 + 8, 4, data);
        msix.write(vector * 16 + 12, 4, control);
    }

    private static long windowBytes(final PciHeader header, final int base) {
        return Objects.requireNonNull(header.window(base)).bytes();
    }

    private void enable() {
        header.write(4, 2, MASTER);
        header.write(CONTROL, 2, ENABLE);
    }

    @Test
    void theCapabilitySaysHowManyVectorsThereAreAndWhere() {
        assertEquals(0x11, header.read(0x40, 1));
        assertEquals(2, header.read(CONTROL, 2));
        assertEquals(1, header.read(0x44, 4));
        assertEquals(PENDING | 1, header.read(0x48, 4));
        assertEquals(4096, windowBytes(header, 1));
    }

    @Test
    void vectorsBeginMaskedAndTheTableKeepsWhatIsWritten() {
        assertEquals(1, msix.read(12, 4));

        vector(1, 0x1_fee0_0007L, 0x4021, -1);

        assertEquals(0x1_fee0_0004L, msix.read(16, 8));
        assertEquals(0x4021, msix.read(24, 4));
        assertEquals(1, msix.read(28, 4));
        assertEquals(0, msix.read(8, 4));
    }

    @Test
    void aVectorSendsItsMessage() {
        enable();
        vector(2, 0x1_fee0_1000L, 77, 0);

        msix.raise(2);
        msix.raise(2);

        assertEquals(List.of("1fee01000=77", "1fee01000=77"), messages);
        assertEquals(0, msix.read(PENDING, 8));
    }

    @Test
    void aMaskedVectorWaitsAndSendsOneMessageWhenItIsUnmasked() {
        enable();
        vector(1, 0xfee0_0000L, 5, 1);
        msix.raise(1);
        msix.raise(1);
        assertEquals(2, msix.read(PENDING, 8));
        assertEquals(List.of(), messages);

        msix.write(16 + 12, 4, 0);

        assertEquals(List.of("fee00000=5"), messages);
        assertEquals(0, msix.read(PENDING, 4));
    }

    @Test
    void theFunctionsMaskHoldsAllVectors() {
        enable();
        vector(0, 0x1000, 1, 0);
        vector(2, 0x2000, 2, 0);
        header.write(CONTROL, 2, ENABLE | MASK_ALL);
        msix.raise(0);
        msix.raise(2);
        assertEquals(5, msix.read(PENDING, 1));

        header.write(CONTROL, 2, ENABLE);

        assertEquals(List.of("1000=1", "2000=2"), messages);
    }

    @Test
    void messagesWaitUntilTheFunctionMayMasterTheBus() {
        header.write(CONTROL, 2, ENABLE);
        vector(0, 0x1000, 1, 0);
        msix.raise(0);
        assertEquals(List.of(), messages);

        header.write(4, 2, MASTER);

        assertEquals(List.of("1000=1"), messages);
    }

    @Test
    void nothingIsSentWhileMessagesAreNotEnabled() {
        header.write(4, 2, MASTER);
        vector(0, 0x1000, 1, 0);

        msix.raise(0);

        assertFalse(msix.enabled());
        assertEquals(List.of(), messages);
        assertEquals(0, msix.read(PENDING, 8));
    }

    @Test
    void vectorsThatDoNotExistAreNotRaised() {
        enable();

        msix.raise(3);
        msix.raise(-1);
        msix.raise(0xffff);

        assertTrue(msix.enabled());
        assertEquals(List.of(), messages);
    }

    @Test
    void theWaitingBitsAreNotTheGuestsToWrite() {
        enable();
        msix.write(PENDING, 8, -1);

        assertEquals(0, msix.read(PENDING, 8));
    }

    @Test
    void aResetMasksEverything() {
        enable();
        vector(0, 0x1000, 1, 0);
        vector(1, 0x1000, 1, 1);
        msix.raise(1);

        header.reset();
        msix.reset();
        enable();
        msix.raise(0);

        assertEquals(List.of(), messages);
        assertEquals(1, msix.read(PENDING, 8));
        assertEquals(0, msix.read(0, 8));
    }

    @Test
    void manyVectorsHaveALargerWindow() {
        final PciHeader other = new PciHeader(PciIdentity.of(1, 2, 3), MASTER);
        final MsiX many = MsiX.add(other, 0, 2048, this::message);

        assertEquals(0x8000, other.read(0x48, 4));
        assertEquals(0x10000, windowBytes(other, 0));
        assertEquals(1, many.read(2047 * 16 + 12, 4));
        assertThrows(IllegalArgumentException.class, () -> MsiX.add(other, 2, 2049, this::message));
        assertThrows(IllegalArgumentException.class, () -> MsiX.add(other, 2, 0, this::message));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyAccessInAnyOrderSendsWhatWasRaisedAndNothingElse(final long seed) {
        final Random random = new Random(seed);
        int raised = 0;
        for (int i = 0; i < 20_000; i++) {
            final int width = 1 << random.nextInt(4);
            switch (random.nextInt(6)) {
                case 0 -> msix.write(random.nextInt(0x1100) - 64, width, random.nextLong());
                case 1 -> msix.read(random.nextInt(0x1100) - 64, width);
                case 2 -> header.write(random.nextInt(0x110) - 8, Math.min(4, width), random.nextInt());
                case 3 -> header.read(random.nextInt(0x110) - 8, Math.min(4, width));
                case 4 -> {
                    enable();
                    vector(random.nextInt(3), random.nextLong(), i, random.nextInt(2));
                }
                default -> {
                    msix.raise(random.nextInt(5) - 1);
                    raised++;
                }
            }
        }
        final int sent = messages.size();
        assertTrue(sent > 0 && sent <= raised, sent + " of " + raised);
        enable();
        for (int vector = 0; vector < 3; vector++) {
            vector(vector, 0x1000, vector, 0);
        }
        assertEquals(0, msix.read(PENDING, 8));
    }
}
