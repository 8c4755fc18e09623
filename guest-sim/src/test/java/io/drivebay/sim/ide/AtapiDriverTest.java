package io.drivebay.sim.ide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.sim.kit.CdDrive;
import io.drivebay.sim.kit.TestMachine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver from the standards meets the model from the standards. */
final class AtapiDriverTest {
    private static final int BLOCK = AtapiDriver.BLOCK;

    private final TestMachine machine = TestMachine.ofSeed(1).medium("A", 1 << 20);
    private AtapiDriver cd;

    @BeforeEach
    void begin() throws Exception {
        final CdDrive drive = machine.cd("cd0", "A");
        cd = drive.guest();
        assertEquals("6/29/00", drive.ready());
    }

    @AfterEach
    void end() {
        machine.close();
    }

    @Test
    void allWaysOfReadingReturnTheSameBlocks() {
        final byte[] dma = cd.read10(20, 5, true);

        assertEquals(5 * BLOCK, dma.length);
        assertArrayEquals(dma, cd.read10(20, 5, false));
        assertArrayEquals(dma, cd.read12(20, 5));
        final byte[] raw = cd.readCd(21, 1);
        assertEquals(2352, raw.length);
        assertArrayEquals(Arrays.copyOfRange(dma, BLOCK, 2 * BLOCK), Arrays.copyOfRange(raw, 16, 16 + BLOCK));
    }

    @Test
    void aRawSectorBeginsWithSyncAndItsAddress() {
        final byte[] raw = cd.readCd(16, 1);

        assertArrayEquals(
                new byte[] {0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0x00, 0x02, 0x16, 1}, Arrays.copyOf(raw, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 4096, 3000, 511 * 2, 65534})
    void aByteCountLimitCutsTheDataAndLosesNone(final int limit) {
        cd.begin(AtapiDriver.cdb10(0x28, 8, 40), limit);

        final byte[] data = cd.channel().finish().data();

        assertArrayEquals(cd.read10(8, 40, true), data);
        assertEquals((40 * BLOCK + limit - 1) / limit, pieces(limit));
    }

    private int pieces(final int limit) {
        cd.begin(AtapiDriver.cdb10(0x28, 8, 40), limit);
        return cd.channel().finish().pieces();
    }

    @Test
    void theTableOfContentsHasOneTrackAndTheLeadOut() {
        final byte[] toc = cd.toc(0, false, 0);

        assertEquals(18, AtapiDriver.number(toc, 0, 2));
        assertArrayEquals(new byte[] {1, 1}, Arrays.copyOfRange(toc, 2, 4));
        assertEquals(0xaa, toc[14] & 0xff);
        assertEquals(512, AtapiDriver.number(toc, 16, 4));
    }

    @Test
    void capacityAndProfileAreThoseOfTheDisc() {
        assertEquals(512, cd.blocks());
        assertEquals(0x0008, cd.profile());
    }

    @Test
    void theConfigurationListsFeaturesInOrder() {
        final byte[] data = cd.configuration(0);

        assertTrue(data.length > 12 && AtapiDriver.number(data, 0, 4) == data.length - 4);
        int last = -1;
        for (int at = 8; at < data.length; at += 4 + data[at + 3]) {
            final int feature = (int) AtapiDriver.number(data, at, 2);
            assertTrue(feature > last);
            last = feature;
        }
        assertTrue(last >= 0x1d);
    }

    @Test
    void inquiryTellsACdDrive() {
        final byte[] data = cd.inquiry();

        assertEquals(5, data[0]);
        assertEquals("Drivebay", new String(data, 8, 8, StandardCharsets.US_ASCII));
    }

    @Test
    void aModePageThatIsSelectedIsSensed() {
        final byte[] page = Arrays.copyOfRange(cd.modeSense(0x01), 8, 20);
        page[3] = 9;

        assertTrue(cd.modeSelect(page));

        assertEquals(9, cd.modeSense(0x01)[11]);
    }

    @Test
    void anUnknownPacketIsRefusedByItsField() {
        cd.packet(0xd1);

        assertFalse(cd.ok());
        assertEquals(5, cd.senseKey());
        assertEquals(new Sense(5, 0x20, 0, -1), cd.sense());
    }

    @Test
    void senseTextNamesTheBlock() {
        cd.read10(600, 1, false);

        assertEquals("5/21/00@600", cd.sense().toString());
    }

    @Test
    void eventsAreReadOnce() {
        cd.eject();

        assertEquals(new MediaEvent(MediaEvent.Event.REMOVAL, true, false), cd.event());
        assertEquals(new MediaEvent(MediaEvent.Event.NONE, true, false), cd.event());
    }
}
