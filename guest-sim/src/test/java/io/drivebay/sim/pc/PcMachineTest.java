package io.drivebay.sim.pc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.machine.GuestRam;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PcMachineTest {
    private static final UUID NAME = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private final PcMachine machine = new PcMachine(new GuestRam(8 << 20), NAME, Deviation.STANDARD);

    private int config(final int function, final int offset) {
        machine.outl(0xcf8, 0x80000000 | function << 8 | offset);
        return machine.inl(0xcfc);
    }

    private byte[] firmware(final int item, final int bytes) {
        machine.outw(0x510, item);
        final byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) machine.inb(0x511);
        }
        return data;
    }

    private int cmos(final int index) {
        machine.outb(0x70, index);
        return machine.inb(0x71);
    }

    // ---- firmware's files ----

    @Test
    void aFileForTheFirmwareIsInItsDirectory() {
        machine.firmwareFile("etc/x", new byte[] {7, 8, 9});
        final byte[] directory = firmware(0x19, 4 + 2 * 64);
        assertEquals(2, directory[3]);
        assertArrayEquals(new byte[] {0, 0, 0, 3, 0, 0x21}, Arrays.copyOfRange(directory, 68, 74));
        assertEquals("etc/x", new String(directory, 76, 5, StandardCharsets.US_ASCII));
        assertArrayEquals(new byte[] {7, 8, 9, 0}, firmware(0x21, 4));
    }

    // ---- PCI ----

    @Test
    void theChipsetIsWhereGuestsLookForIt() {
        assertEquals(0x12378086, config(0x00, 0));
        assertEquals(0x70008086, config(0x08, 0));
        assertEquals(0x00800000, config(0x08, 0x0c));
        assertEquals(0x70108086, config(0x09, 0));
        assertEquals(-1, config(0x10, 0));
    }

    @Test
    void anAccessThatIsNotAlignedReachesTheChipsInPieces() {
        machine.outl(0xcf8, 0x80000900);

        assertEquals(0xff701080, machine.inl(0xcfd));
        assertEquals(0xff70, machine.inw(0xcff));
    }

    @Test
    void theIsaBridgeRoutesPinsToLines() {
        final InterruptLine pin = machine.pci().interruptLine(4, 1);
        pin.set(true);
        assertFalse(machine.interrupt(11));

        config(0x08, 0x60);
        machine.outb(0xcff, 11);
        assertTrue(machine.interrupt(11));

        machine.outb(0xcff, 10);
        assertFalse(machine.interrupt(11));
        assertTrue(machine.interrupt(10));

        machine.reset();
        assertFalse(machine.interrupt(10));
        assertEquals(0x80808080, config(0x08, 0x60));
    }

    @Test
    void messagesArriveInMemory() {
        machine.messages().send(0x1000, 0x12345678);
        machine.messages().send(0xfee0_0000L, 1);

        assertEquals(0x12345678, machine.readMemory(0x1000, 4));
    }

    // ---- firmware ----

    @Test
    void firmwareConfigurationTellsNameAndSizes() {
        assertArrayEquals("QEMU\0".getBytes(StandardCharsets.US_ASCII), firmware(0, 5));
        assertArrayEquals(new byte[] {1, 0, 0, 0}, firmware(1, 4));
        assertArrayEquals(
                new byte[] {0, 17, 34, 51, 68, 85, 102, 119, -120, -103, -86, -69, -52, -35, -18, -1}, firmware(2, 16));
        assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0, 0, 0, 0, 0, 0}, firmware(3, 9));
        assertArrayEquals(new byte[] {0, 0}, firmware(0x77, 2));
    }

    @Test
    void theDirectoryLeadsToTheMapOfMemory() {
        final byte[] directory = firmware(0x19, 4 + 64);

        assertArrayEquals(new byte[] {0, 0, 0, 1, 0, 0, 0, 20, 0, 0x20, 0, 0}, Arrays.copyOf(directory, 12));
        assertEquals("etc/e820", new String(directory, 12, 8, StandardCharsets.US_ASCII));
        assertArrayEquals(
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0}, firmware(0x20, 20));
    }

    @Test
    void cmosTellsSizesOfMemory() {
        assertEquals(640, cmos(0x15) | cmos(0x16) << 8);
        assertEquals(7 * 1024, cmos(0x17) | cmos(0x18) << 8);
        assertEquals(0, cmos(0x34) | cmos(0x35) << 8);
        assertEquals(0xff, machine.inb(0x70));
    }

    // ---- memory ----

    @Test
    void anAccessAcrossTheEndOfMemoryTouchesNothing() {
        machine.writeMemory((8 << 20) - 4, 8, -1);

        assertEquals(0, machine.readMemory((8 << 20) - 4, 4));
        assertEquals(0, machine.readMemory((8 << 20) - 4, 8));
    }

    @Test
    void blocksReachAcrossTheEndOfMemory() {
        machine.write((8 << 20) - 2, new byte[] {1, 2, 3, 4}, 0, 4);
        final byte[] back = {9, 9, 9, 9};
        machine.read((8 << 20) - 2, back, 0, 4);

        assertArrayEquals(new byte[] {1, 2, 0, 0}, back);
    }

    @Test
    void aWindowHasALineOfItsOwnAndCanBeTakenAway() {
        final InterruptLine[] line = new InterruptLine[1];
        final long address = machine.plugWindow(given -> {
            line[0] = given;
            return new Echo();
        });
        machine.writeMemory(address + 4, 4, 77);
        line[0].set(true);

        assertEquals(0xfeb0_0000L, address);
        assertEquals(81, machine.readMemory(address + 4, 4));
        assertTrue(machine.interrupt(5));
        machine.unplugWindow(address);
        assertEquals(0, machine.readMemory(address + 4, 4));
    }

    /** Reads what was written last, plus the offset. */
    private static final class Echo implements MmioDevice {
        private long last;

        @Override
        public int windowBytes() {
            return 16;
        }

        @Override
        public long read(final int offset, final int widthBytes) {
            return last + offset;
        }

        @Override
        public void write(final int offset, final int widthBytes, final long value) {
            last = value;
        }
    }

    // ---- interrupt lines ----

    @Test
    void aLineIsHighWhileAnySourceIs() {
        final List<String> told = new ArrayList<>();
        final InterruptLines lines = new InterruptLines();
        final InterruptLines.Watcher watcher = (line, level) -> told.add(line + (level ? " up" : " down"));
        final InterruptLine first = lines.source(3);
        final InterruptLine second = lines.source(3);
        lines.watch(watcher);

        first.set(true);
        second.set(true);
        first.set(false);
        first.set(false);
        second.set(false);
        lines.unwatch(watcher);
        second.set(true);

        assertEquals(List.of("3 up", "3 down"), told);
        assertTrue(lines.level(3));
    }
}
