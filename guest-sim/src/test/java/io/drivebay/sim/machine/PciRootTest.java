package io.drivebay.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.MsiTarget;
import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciIdentity;
import io.drivebay.backend.guest.pci.RegisterFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions behind ports 0xcf8 and 0xcfc, and where they answer. */
final class PciRootTest {
    private static final int ADDRESS = 0xcf8;
    private static final int DATA = 0xcfc;

    private final Machine machine = new Machine(1 << 20);

    /* A function with a window of ports, one of memory, and registers that remember. */
    private static final class TestFunction implements PciFunction {
        private final PciHeader header = new PciHeader(PciIdentity.of(0x1b36, 5, 0xff_00_00), 7);
        private final InterruptLine pin;
        private final MsiTarget messages;

        TestFunction(final InterruptLine pin, final MsiTarget messages) {
            this.pin = pin;
            this.messages = messages;
            header.portBase(0, new Memory(32));
            header.memoryBase(1, new Memory(4096));
            header.interruptPin(1, pin);
        }

        @Override
        public PciHeader header() {
            return header;
        }

        @Override
        public void reset() {
            header.reset();
        }
    }

    private static final class Memory implements MmioDevice {
        private final RegisterFile bytes;
        private final int size;

        Memory(final int size) {
            this.size = size;
            bytes = new RegisterFile(size);
            for (int i = 0; i < size; i++) {
                bytes.field(i, 1, 0, 0xff);
            }
        }

        @Override
        public int windowBytes() {
            return size;
        }

        @Override
        public long read(final int offset, final int widthBytes) {
            return bytes.read(offset, widthBytes);
        }

        @Override
        public void write(final int offset, final int widthBytes, final long value) {
            bytes.write(offset, widthBytes, value);
        }
    }

    private void select(final int device, final int function, final int register) {
        machine.ports().write(ADDRESS, 4, 0x8000_0000L | device << 11 | function << 8 | register);
    }

    private long config(final int device, final int register, final int widthBytes) {
        select(device, 0, register);
        return machine.ports().read(DATA, widthBytes);
    }

    private void config(final int device, final int register, final int widthBytes, final long value) {
        select(device, 0, register);
        machine.ports().write(DATA, widthBytes, value);
    }

    @Test
    void functionsAreReadThroughTheDataPortsInAnyWidth() {
        final int device = machine.plugPci(TestFunction::new).device();
        select(device, 0, 0);

        assertEquals(0x0005_1b36L, machine.ports().read(DATA, 4));
        assertEquals(0x0005, machine.ports().read(DATA + 2, 2));
        assertEquals(0x1b, machine.ports().read(DATA + 1, 1));
        assertEquals(0x8000_0000L | device << 11, machine.ports().read(ADDRESS, 4));
    }

    @Test
    void theAddressNeedNotBeAligned() {
        final int device = machine.plugPci(TestFunction::new).device();

        assertEquals(0x0005, config(device, 2, 2));
        assertEquals(0x1b, config(device, 1, 1));
        config(device, 0x3c, 1, 9);
        assertEquals(9, config(device, 0x3c, 1));
        config(device, 5, 1, 0);
        assertEquals(0, config(device, 4, 2));
    }

    @Test
    void whereThereIsNoFunctionReadsReturnAllOnes() {
        final int device = machine.plugPci(TestFunction::new).device();

        assertEquals(0xffff_ffffL, config(device + 1, 0, 4));
        assertEquals(0xffff, config(31, 2, 2));
        select(device, 1, 0);
        assertEquals(0xff, machine.ports().read(DATA, 1));
        machine.ports().write(DATA, 4, 1);
        machine.ports().write(ADDRESS, 4, 0x8001_0000L | device << 11);
        assertEquals(0xffff_ffffL, machine.ports().read(DATA, 4));
    }

    @Test
    void nothingIsConfiguredUnlessTheAddressIsEnabled() {
        final int device = machine.plugPci(TestFunction::new).device();
        machine.ports().write(ADDRESS, 4, device << 11 | 0x3c);

        machine.ports().write(DATA, 1, 7);

        assertEquals(0xff, machine.ports().read(DATA, 1));
        assertEquals(0, config(device, 0x3c, 1));
    }

    @Test
    void theAddressTakesWholeAccessesOnly() {
        machine.ports().write(ADDRESS, 4, 0x8000_1234L);

        machine.ports().write(ADDRESS, 1, 0xff);
        machine.ports().write(ADDRESS, 2, 0xffff);
        machine.ports().write(ADDRESS + 1, 1, 0xff);

        assertEquals(0x8000_1234L, machine.ports().read(ADDRESS, 4));
        assertEquals(0xff, machine.ports().read(ADDRESS + 1, 1));
    }

    @Test
    void windowsAreFoundWhereverTheGuestMovesThem() {
        final int device = machine.plugPci(TestFunction::new).device();
        config(device, 0x10, 4, 0xc000);
        config(device, 0x14, 4, 0xe000_0000L);
        assertEquals(0xffff, machine.ports().read(0xc004, 2));
        config(device, 4, 2, 3);

        machine.ports().write(0xc004, 2, 0xbeef);
        machine.bus().write(0xe000_0010L, 8, 0x0102_0304_0506_0708L);
        config(device, 0x10, 4, 0xc100);
        config(device, 0x14, 4, 0xe010_0000L);

        assertEquals(0xbeef, machine.ports().read(0xc104, 2));
        assertEquals(0x0102_0304_0506_0708L, machine.bus().read(0xe010_0010L, 8));
        assertEquals(0xffff, machine.ports().read(0xc004, 2));
        assertEquals(-1, machine.bus().read(0xe000_0010L, 8));
    }

    @Test
    void devicesShareFourInterruptLinesInTurn() {
        final List<Machine.Slot> slots = new ArrayList<>();
        final List<TestFunction> functions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            slots.add(machine.plugPci((pin, messages) -> {
                functions.add(new TestFunction(pin, messages));
                return functions.get(functions.size() - 1);
            }));
        }
        functions.get(0).pin.set(true);
        functions.get(4).pin.set(true);
        functions.get(0).pin.set(false);

        assertTrue(slots.get(0).interrupt().asserted());
        assertFalse(slots.get(1).interrupt().asserted());
        assertEquals(1, slots.get(4).interrupt().raised());
        functions.get(4).pin.set(false);
        assertFalse(slots.get(0).interrupt().asserted());
    }

    @Test
    void messagesRaiseTheInterruptThatExpectsThem() {
        final GuestInterrupt one = new GuestInterrupt();
        final GuestInterrupt two = new GuestInterrupt();
        final MessageInterrupts.Message first = machine.messages().expect(one);
        final MessageInterrupts.Message second = machine.messages().expect(two);
        final List<TestFunction> functions = new ArrayList<>();
        machine.plugPci((pin, messages) -> {
            functions.add(new TestFunction(pin, messages));
            return functions.get(0);
        });

        functions.get(0).messages.send(second.address(), second.data());
        functions.get(0).messages.send(second.address(), second.data());
        functions.get(0).messages.send(first.address() + 4, first.data());
        functions.get(0).messages.send(first.address(), -1);

        assertEquals(
                List.of(0L, 2L, 2L),
                List.of(one.raised(), two.raised(), machine.messages().stray()));
        assertFalse(two.asserted());
    }

    @Test
    void aResetReachesEveryFunction() {
        final int device = machine.plugPci(TestFunction::new).device();
        config(device, 0x10, 4, 0xc000);
        config(device, 4, 2, 3);

        machine.pci().reset();

        assertEquals(0, machine.ports().read(ADDRESS, 4));
        assertEquals(0, config(device, 4, 2));
        assertEquals(0xff, machine.ports().read(0xc000, 1));
    }

    @Test
    void aFunctionThatIsUnpluggedIsGone() {
        final int device = machine.plugPci(TestFunction::new).device();
        config(device, 0x10, 4, 0xc000);
        config(device, 4, 2, 3);

        machine.pci().unplug(device, 0);

        assertEquals(0xffff_ffffL, config(device, 0, 4));
        assertEquals(0xff, machine.ports().read(0xc000, 1));
        assertEquals(device, machine.plugPci(TestFunction::new).device());
    }

    @Test
    void twoFunctionsCannotHaveOnePlace() {
        machine.pci().plug(3, 2, new TestFunction(level -> {}, machine.messages()));

        assertThrows(
                IllegalArgumentException.class,
                () -> machine.pci().plug(3, 2, new TestFunction(level -> {}, machine.messages())));
    }

    @Test
    void aRouterSendsLinesWhereItsRegistersSay() {
        final List<String> levels = new ArrayList<>();
        final PirqRouter router = new PirqRouter(irq -> level -> levels.add(irq + " " + level));
        final InterruptLine line = router.lines().get(2);
        line.set(true);
        assertEquals(List.of(), levels);

        router.route(2, 11);
        router.route(2, 10);
        router.route(2, PirqRouter.DISABLED);
        line.set(false);

        assertEquals(List.of("11 true", "11 false", "10 true", "10 false"), levels);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyAccessAnywhereIsAnswered(final long seed) {
        machine.plugPci(TestFunction::new);
        machine.plugPci(TestFunction::new);
        final Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            final int width = 1 << random.nextInt(3);
            final int port = random.nextBoolean() ? ADDRESS + random.nextInt(8) : random.nextInt(0x10000);
            switch (random.nextInt(6)) {
                case 0 -> machine.ports().read(port, width);
                case 1 -> machine.ports().write(port, width, random.nextLong());
                case 2 -> select(random.nextInt(4), random.nextInt(2), random.nextInt(256));
                case 3 -> machine.ports().write(DATA + random.nextInt(4), width, random.nextLong());
                case 4 -> machine.bus().read(random.nextLong(), 8);
                default -> machine.bus().write(random.nextInt(), width, random.nextLong());
            }
        }
        assertEquals(0x1b36, config(1, 0, 2));
    }
}
