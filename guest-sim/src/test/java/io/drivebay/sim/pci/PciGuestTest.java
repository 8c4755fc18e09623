package io.drivebay.sim.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.MsiX;
import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciIdentity;
import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.Machine;
import io.drivebay.sim.machine.MessageInterrupts;
import io.drivebay.sim.pci.PciHandle.Bar;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What firmware and drivers find out about functions, and how they set them up. */
final class PciGuestTest {
    private final Machine machine = new Machine(1 << 20);
    private final PciConfigAccess access = new PciConfigAccess(machine.ports());

    private record Window(int windowBytes) implements MmioDevice {
        @Override
        public long read(final int offset, final int widthBytes) {
            return (long) windowBytes + offset;
        }

        @Override
        public void write(final int offset, final int widthBytes, final long value) {}
    }

    private record Function(PciHeader header) implements PciFunction {
        static Function of(final int deviceId) {
            return new Function(new PciHeader(PciIdentity.of(0x1b36, deviceId, 0xff_00_00), 7));
        }

        @Override
        public void reset() {
            header.reset();
        }
    }

    private PciHandle plug(final Function function) {
        final Machine.Slot slot = machine.plugPci((pin, messages) -> function);
        return access.scan().stream()
                .filter(found -> found.device() == slot.device())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void allFunctionsAreFoundAndNoOthers() {
        final Function first = Function.of(1);
        first.header().multifunction();
        machine.pci().plug(3, 0, first);
        machine.pci().plug(3, 5, Function.of(2));
        machine.pci().plug(7, 0, Function.of(3));
        machine.pci().plug(7, 1, Function.of(4));

        final List<PciHandle> found = access.scan();

        assertEquals("[00:03.0 1b36:0001, 00:03.5 1b36:0002, 00:07.0 1b36:0003]", found.toString());
    }

    @Test
    void windowsAreSizedWithoutMovingThem() {
        final Function function = Function.of(1);
        function.header().portBase(0, new Window(20));
        function.header().memoryBase(1, new Window(4096));
        function.header().memoryBase64(4, new Window(0x4000));
        final PciHandle handle = plug(function);
        handle.write(0x10, 4, 0xd000);
        handle.enable(PciHandle.IO);

        assertEquals(
                List.of(new Bar(0, true, false, 32), new Bar(1, false, false, 4096), new Bar(4, false, true, 0x4000)),
                handle.bars());

        assertEquals(0xd000, handle.address(0));
        assertEquals(20, machine.ports().read(0xd000, 2));
    }

    @Test
    void everyWindowGetsAPlaceOfItsOwn() {
        final Function first = Function.of(1);
        first.header().portBase(0, new Window(20));
        first.header().memoryBase(1, new Window(64));
        final Function second = Function.of(2);
        second.header().portBase(0, new Window(64));
        second.header().memoryBase64(4, new Window(0x4000));
        final PciHandle one = plug(first);
        final PciHandle two = plug(second);

        PciResources.ofPc().assign(List.of(one, two));

        assertEquals(
                List.of(0xc000L, 0xe000_0000L, 0xc040L, 0xe000_4000L),
                List.of(one.address(0), one.address(1), two.address(0), two.address(4)));
        assertEquals(20 + 1, machine.ports().read(0xc001, 1));
        assertEquals(0x4000, machine.bus().read(0xe000_4000L, 4));
    }

    @Test
    void capabilitiesAreFoundByIdInTheListsOrder() {
        final Function function = Function.of(1);
        final int first = function.header().capability(9, 16);
        function.header().capability(5, 12);
        final int third = function.header().capability(9, 20);
        final PciHandle handle = plug(function);

        assertEquals(List.of(first, third), handle.capabilities(9));
        assertEquals(List.of(), handle.capabilities(0x10));
    }

    @Test
    void aListThatGoesInCirclesEnds() {
        final Function function = Function.of(1);
        final int at = function.header().capability(9, 16);
        function.header().registers().set(at + 1, 1, at);

        assertFalse(plug(function).capabilities(9).isEmpty());
    }

    @Test
    void messagesAreSetUpMaskedAndSent() {
        final Function function = Function.of(1);
        final MsiX msix = MsiX.add(function.header(), 2, 2, machine.messages());
        final PciHandle handle = plug(function);
        PciResources.ofPc().assign(handle);
        handle.enable(PciHandle.MASTER);
        final MsiXTable table = tableOf(handle);
        final GuestInterrupt interrupt = new GuestInterrupt();
        final MessageInterrupts.Message message = machine.messages().expect(interrupt);
        table.set(1, message.address(), message.data());
        table.enable();
        table.mask(1, true);

        msix.raise(1);
        assertTrue(table.pending(1));
        assertEquals(0, interrupt.raised());
        table.mask(1, false);

        assertFalse(table.pending(1));
        assertEquals(1, interrupt.raised());
        assertEquals(2, table.vectors());
        table.disable();
        msix.raise(1);
        assertEquals(1, interrupt.raised());
    }

    private MsiXTable tableOf(final PciHandle handle) {
        return Objects.requireNonNull(MsiXTable.find(handle, machine.bus()));
    }

    @Test
    void aFunctionWithoutMessagesHasNoTable() {
        assertNull(MsiXTable.find(plug(Function.of(1)), machine.bus()));
    }
}
