package io.drivebay.sim.ide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.sim.ide.AtaDriver.Mode;
import io.drivebay.sim.ide.AtaDriver.Result;
import io.drivebay.sim.kit.TestMachine;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A driver from the standard meets the model from the standard. */
final class AtaDriverTest {
    private final TestMachine machine =
            TestMachine.ofSeed(1).medium("H", 4 << 20).damage("H", 1000, 1);
    private AtaDriver disk;

    @BeforeEach
    void begin() throws Exception {
        disk = machine.disk("hd0", "H").guest();
        disk.setMultiple(8);
    }

    @AfterEach
    void end() {
        machine.close();
    }

    private static byte[] pattern(final int sectors) {
        final byte[] bytes = new byte[sectors * AtaDriver.SECTOR];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatIsWrittenIsRead(final Mode mode) {
        final byte[] bytes = pattern(19);

        assertTrue(disk.write(mode, 100, bytes).ok());

        assertArrayEquals(bytes, disk.read(mode, 100, 19));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void moreThan256SectorsGoByTheExtendedCommand(final Mode mode) {
        final byte[] bytes = pattern(300);

        assertEquals(0x24, AtaDriver.transfer(Mode.PIO, false, 0, 300).opcode());
        assertTrue(disk.write(mode, 2000, bytes).ok());

        assertArrayEquals(bytes, disk.read(mode, 2000, 300));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aBadSectorIsNamedAndWhatCameBeforeItHasCome(final Mode mode) {
        disk.read(mode, 990, 20);

        assertEquals(new Result(false, 0x40, 1000), disk.result());
    }

    @Test
    void aBadSectorIsNamedIn48BitsToo() {
        disk.read(Mode.DMA, 800, 300);

        assertEquals(new Result(false, 0x40, 1000), disk.result());
    }

    @Test
    void beyondTheEndIsRefused() {
        disk.read(Mode.PIO, 8191, 2);

        assertFalse(disk.result().ok());
    }

    @Test
    void identifyTellsSizeModelAndModes() {
        final int[] identity = disk.identify();

        assertEquals(8192, AtaDriver.sectors(identity));
        assertEquals("Drivebay drive", AtaDriver.model(identity));
        assertEquals(0x0100 | 8, identity[59] & 0x1ff);
    }

    @Test
    void trimmedSectorsReadAsZerosAndTheirNeighboursDoNot() {
        disk.write(Mode.DMA, 50, pattern(10));

        assertTrue(disk.trim(52, 4).ok());

        assertArrayEquals(new byte[4 * AtaDriver.SECTOR], disk.read(Mode.DMA, 52, 4));
        assertFalse(Arrays.equals(new byte[AtaDriver.SECTOR], disk.read(Mode.DMA, 56, 1)));
    }

    @Test
    void theDiskSaysThatItIsWell() {
        assertTrue(disk.smartHealthy());
    }

    @Test
    void featuresAndFlushAndVerifyEndWell() {
        assertTrue(disk.setFeatures(0x03, 0x45).ok());
        assertTrue(disk.setFeatures(0x82, 0).ok());
        assertTrue(disk.flush().ok());
        assertTrue(disk.verify(0, 256).ok());
        assertEquals(0x04, disk.setFeatures(0x7e, 0).error());
    }

    @Test
    void addressesOfMoreThan28BitsTakeExtendedCommands() {
        final AtaCommand command = AtaDriver.transfer(Mode.DMA, true, (1L << 28) - 1, 2);

        assertTrue(command.extended());
        assertEquals(0x35, command.opcode());
        assertEquals(
                0xc8, AtaDriver.transfer(Mode.DMA, false, (1L << 28) - 2, 2).opcode());
    }
}
