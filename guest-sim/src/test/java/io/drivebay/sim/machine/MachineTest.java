package io.drivebay.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
    /** Registers that say where they are read and remember what was written. */
    private static final class Echo implements MmioDevice {
        private final List<String> writes = new ArrayList<>();

        @Override
        public int windowBytes() {
            return 0x100;
        }

        @Override
        public long read(final int offset, final int widthBytes) {
            return offset * 16L + widthBytes;
        }

        @Override
        public void write(final int offset, final int widthBytes, final long value) {
            writes.add(offset + "/" + widthBytes + "=" + value);
        }
    }

    @Test
    void anAccessReachesTheDeviceWhoseWindowItLiesIn() {
        final Bus bus = new Bus();
        final Echo low = new Echo();
        final Echo high = new Echo();
        bus.map(0x2000, high);
        bus.map(0x1000, low);

        bus.write(0x1004, 4, 7);
        bus.write(0x20ff, 1, 8);

        assertEquals(List.of("4/4=7"), low.writes);
        assertEquals(List.of("255/1=8"), high.writes);
        assertEquals(0x10 * 16 + 2, bus.read(0x2010, 2));
    }

    @Test
    void whereNoDeviceIsReadsAreAllOnes() {
        final Bus bus = new Bus();
        bus.map(0x1000, new Echo());

        assertEquals(0xff, bus.read(0xfff, 1));
        assertEquals(0xffff_ffffL, bus.read(0x10fe, 4));
        assertEquals(-1, bus.read(0x1100, 8));
        bus.unmap(0x1000);
        assertEquals(0xffff, bus.read(0x1000, 2));
    }

    @Test
    void windowsThatOverlapAreRefused() {
        final Bus bus = new Bus();
        bus.map(0x1000, new Echo());

        assertThrows(IllegalArgumentException.class, () -> bus.map(0x10ff, new Echo()));
        assertThrows(IllegalArgumentException.class, () -> bus.map(0xf01, new Echo()));
        assertThrows(IllegalArgumentException.class, () -> bus.unmap(0x1001));
        bus.map(0x1100, new Echo());
    }

    @Test
    void devicesGetPlacesAndLinesOfTheirOwn() {
        final Machine machine = new Machine(1 << 20);

        final Machine.Place first = machine.plug(line -> new Echo());
        final Machine.Place second = machine.plug(line -> {
            line.set(true);
            return new Echo();
        });

        assertEquals(Machine.FIRST_WINDOW, first.address());
        assertEquals(Machine.FIRST_WINDOW + 0x1000, second.address());
        assertFalse(first.interrupt().asserted());
        assertTrue(second.interrupt().asserted());
    }

    @Test
    void aLineCountsHowOftenItIsRaised() {
        final GuestInterrupt line = new GuestInterrupt();
        final int seen = line.events();

        line.set(true);
        line.set(true);
        line.set(false);
        line.set(true);

        assertEquals(2, line.raised());
        assertTrue(line.await(seen, Long.MAX_VALUE));
        assertFalse(line.await(line.events(), 0));
    }

    @Test
    void anAcknowledgementWakesWhoSleepsForTheSameLine() {
        final GuestInterrupt line = new GuestInterrupt();
        final int seen = line.events();

        line.acknowledged();

        assertTrue(line.await(seen, Long.MAX_VALUE));
    }

    @Test
    void memoryIsGivenOutAlignedAndOnce() {
        final GuestRam ram = new GuestRam(1 << 20);

        final GuestBuffer first = ram.allocate(100, 16);
        final GuestBuffer second = ram.allocatePages(5000);
        final GuestBuffer third = ram.allocate(1, 1);

        assertEquals(GuestRam.PAGE_BYTES, first.address());
        assertEquals(2 * GuestRam.PAGE_BYTES, second.address());
        assertEquals(second.address() + 5000, third.address());
        assertEquals(second.offset(), ram.at(second.address(), 5000).offset());
    }

    @Test
    void memoryThatIsUsedUpIsRefused() {
        final GuestRam ram = new GuestRam(8192);
        ram.allocatePages(4096);

        assertThrows(IllegalStateException.class, () -> ram.allocate(1, 1));
        assertThrows(IllegalArgumentException.class, () -> ram.at(8000, 1000));
        assertThrows(IllegalArgumentException.class, () -> new GuestRam(5000));
    }

    @Test
    void theWholeMemoryIsCoveredByRegions() {
        final GuestRam ram = new GuestRam((1L << 30) + 8192);

        final GuestBuffer last = ram.at(1L << 30, 8192);

        assertEquals((1L << 30) + 8192, ram.memory().bytes());
        assertEquals(0, last.offset());
        assertEquals(8192, last.region().size());
        assertTrue(last.region().size() <= MemoryRegion.MAX_BYTES);
    }
}
