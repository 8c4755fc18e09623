package io.drivebay.backend.guest.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration space of type 0; offsets and bits are the PCI specification's, typed again. */
final class PciHeaderTest {
    private static final int COMMAND = 4;
    private static final int STATUS = 6;
    private static final int BAR0 = 0x10;
    private static final int BAR1 = 0x14;
    private static final int BAR2 = 0x18;
    private static final int BAR4 = 0x20;
    private static final int IO = 1;
    private static final int MEMORY = 2;
    private static final int INTX_OFF = 0x400;

    private final PciHeader header =
            new PciHeader(new PciIdentity(0x1234, 0x5678, 9, 0x01_02_03, 0x4321, 0x8765), IO | MEMORY | 4 | INTX_OFF);
    private final Scratchpad pad = new Scratchpad(20);
    private final PciFunction function = new PciFunction() {
        @Override
        public PciHeader header() {
            return header;
        }

        @Override
        public void reset() {
            header.reset();
        }
    };

    private PciWindow window(final int index) {
        return Objects.requireNonNull(header.window(index));
    }

    @Test
    void itSaysWhatItIs() {
        assertEquals(0x5678_1234, function.readConfig(0, 4));
        assertEquals(0x0102_0309, function.readConfig(8, 4));
        assertEquals(0x8765_4321, function.readConfig(0x2c, 4));
        assertEquals(0, function.readConfig(0x0e, 1));
        header.multifunction();
        assertEquals(0x80, function.readConfig(0x0e, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x02, 0x08, 0x0a, 0x0e, 0x2c, 0x34, 0x3d, 0x40, 0xfc})
    void whatIsNotDeclaredWritableStays(final int offset) {
        final int before = function.readConfig(offset, 4);

        function.writeConfig(offset, 2, 0xffff);

        assertEquals(before, function.readConfig(offset, 4));
    }

    @Test
    void accessesMayLieAnywhereAndReachBeyondTheEnd() {
        assertEquals(0x7812, function.readConfig(1, 2));
        assertEquals(0x0056_7812, function.readConfig(1, 4));
        assertEquals(0, function.readConfig(0xff, 4));
        assertEquals(0, function.readConfig(256, 4));
        function.writeConfig(0xff, 4, -1);
        function.writeConfig(-1, 4, -1);
        assertEquals(0x5678_1234, function.readConfig(0, 4));
    }

    @Test
    void theInterruptLineRegisterIsTheGuestsScratch() {
        function.writeConfig(0x3c, 1, 11);
        assertEquals(11, function.readConfig(0x3c, 1));
    }

    @Test
    void aPortBaseIsSizedByWritingOnes() {
        header.portBase(0, pad);

        function.writeConfig(BAR0, 4, -1);

        assertEquals(0xffff_ffe1, function.readConfig(BAR0, 4));
    }

    @Test
    void aMemoryBaseIsAtLeastSixteenBytes() {
        header.memoryBase(1, new Scratchpad(1));

        function.writeConfig(BAR1, 4, -1);

        assertEquals(0xffff_fff0, function.readConfig(BAR1, 4));
    }

    @Test
    void aWindowThatIsAPowerOfTwoKeepsItsSize() {
        header.memoryBase(1, new Scratchpad(4096));

        function.writeConfig(BAR1, 4, -1);

        assertEquals(0xffff_f000, function.readConfig(BAR1, 4));
    }

    @Test
    void aBaseOfSixtyFourBitsTakesTwoRegisters() {
        header.memoryBase64(4, new Scratchpad(0x4000));

        function.writeConfig(BAR4, 4, -1);
        function.writeConfig(BAR4 + 4, 4, -1);

        assertEquals(0xffff_c00c, function.readConfig(BAR4, 4));
        assertEquals(-1, function.readConfig(BAR4 + 4, 4));
    }

    @Test
    void portsAreDecodedWhenEnabledOnlyAndWhereTheBaseSays() {
        header.portBase(0, pad);
        function.writeConfig(BAR0, 4, 0xc000);
        assertFalse(function.decodes(0xc000));

        function.writeConfig(COMMAND, 2, IO);

        assertTrue(function.decodes(0xc000));
        assertTrue(function.decodes(0xc01f));
        assertFalse(function.decodes(0xc020));
        assertFalse(function.decodes(0xbfff));
        assertFalse(function.decodesMemory(0xc000));
        assertEquals(3, function.readPort(0xc003, 1));
        function.writeConfig(BAR0, 4, 0xd000);
        assertFalse(function.decodes(0xc000));
        function.writePort(0xd002, 2, 0xabcd);
        assertEquals(List.of("read 3 1", "write 2 2 abcd"), pad.accesses);
    }

    @Test
    void memoryIsDecodedWhenEnabledOnlyAndMayLieAboveFourGigabytes() {
        header.memoryBase64(4, pad);
        function.writeConfig(BAR4, 4, 0x1000);
        function.writeConfig(BAR4 + 4, 4, 0x12);
        assertFalse(function.decodesMemory(0x12_0000_1000L));

        function.writeConfig(COMMAND, 2, MEMORY);

        assertTrue(function.decodesMemory(0x12_0000_101fL));
        assertFalse(function.decodesMemory(0x12_0000_1020L));
        function.writeMemory(0x12_0000_1008L, 8, -1);
        assertEquals(4, function.readMemory(0x12_0000_1004L, 4));
        assertEquals(List.of("write 8 8 ffffffffffffffff", "read 4 4"), pad.accesses);
    }

    @ParameterizedTest
    @CsvSource({"0", "0xffffffff", "0x7fff0000", "0x10000"})
    void anAddressOfNothingAndOneBeyondThePortsDecodesNothing(final String base) {
        header.portBase(2, pad);
        function.writeConfig(BAR2, 4, Long.decode(base).intValue());
        function.writeConfig(COMMAND, 2, IO);

        assertTrue(window(2).base() < 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xffff_ffff, 0x1f})
    void memoryIsNotDecodedWhileItIsSized(final int base) {
        header.memoryBase(2, pad);
        function.writeConfig(BAR2, 4, base);
        function.writeConfig(COMMAND, 2, MEMORY);

        assertTrue(window(2).base() < 0);
        assertEquals(0, function.readMemory(Integer.toUnsignedLong(base), 4));
        function.writeMemory(Integer.toUnsignedLong(base), 4, 1);
        assertEquals(List.of(), pad.accesses);
    }

    @Test
    void aBaseAboveTheSignedAddressesIsNotDecoded() {
        header.memoryBase64(4, pad);
        function.writeConfig(COMMAND, 2, MEMORY);
        function.writeConfig(BAR4 + 4, 4, 0x8000_0000);

        assertFalse(function.decodesMemory(0x8000_0000_0000_0000L));
        assertFalse(function.decodesMemory(-1));
    }

    @Test
    void fixedPortsAreAlwaysDecoded() {
        header.fixedPorts(0x1f0, pad);

        assertTrue(function.decodes(0x1f0));
        assertFalse(function.decodes(0x1f0 + 20));
        assertEquals(7, function.readPort(0x1f7, 1));
    }

    @Test
    void windowsAreFoundByTheNumberOfTheirBase() {
        header.memoryBase64(4, pad);

        assertEquals(32, window(4).bytes());
        assertNull(header.window(5));
        assertNull(header.window(-1));
        assertNull(header.window(6));
    }

    @Test
    void capabilitiesAreAListThatTheStatusRegisterAnnounces() {
        assertEquals(0, function.readConfig(STATUS, 2));

        final int first = header.capability(0x11, 12);
        final int second = header.capability(0x09, 21);
        final int third = header.capability(0x09, 16);

        assertEquals(0x10, function.readConfig(STATUS, 2));
        assertEquals(first, function.readConfig(0x34, 1));
        assertEquals(0x11 | second << 8, function.readConfig(first, 2));
        assertEquals(0x09 | third << 8, function.readConfig(second, 2));
        assertEquals(0x09, function.readConfig(third, 2));
        assertEquals(List.of(0x40, 0x4c, 0x64), List.of(first, second, third));
        assertThrows(IllegalStateException.class, () -> header.capability(9, 0x90));
    }

    @Test
    void thePinFollowsUnlessItIsDisabled() {
        final List<Boolean> levels = new ArrayList<>();
        header.interruptPin(1, levels::add);
        assertEquals(1, function.readConfig(0x3d, 1));

        header.interrupt(true);
        assertEquals(8, function.readConfig(STATUS, 2));
        assertEquals(8 << 16, function.readConfig(COMMAND, 4));
        assertEquals(8, function.readConfig(STATUS, 1));
        function.writeConfig(COMMAND, 2, INTX_OFF);
        assertEquals(8, function.readConfig(STATUS, 2));
        function.writeConfig(COMMAND, 2, 0);
        header.interrupt(false);

        assertEquals(0, function.readConfig(STATUS, 2));
        assertEquals(List.of(true, false, true, false), levels);
    }

    @Test
    void aResetDecodesNothingAndTellsWhoListens() {
        header.portBase(0, pad);
        function.writeConfig(BAR0, 4, 0xc000);
        function.writeConfig(COMMAND, 2, IO);
        final List<Boolean> enabled = new ArrayList<>();
        header.onChange(() -> enabled.add(header.has(IO)));

        function.writeConfig(0x3c, 1, 1);
        function.reset();

        assertEquals(List.of(true, false), enabled);
        assertFalse(function.decodes(0xc000));
        assertEquals(1, function.readConfig(BAR0, 4));
        assertEquals(0, function.readConfig(0x3c, 1));
    }

    @Test
    void aSharedLineIsUpWhileAnySourceIs() {
        final List<Boolean> pin = new ArrayList<>();
        final SharedInterrupt shared = new SharedInterrupt(pin::add);
        final var one = shared.source();
        final var two = shared.source();

        one.set(true);
        two.set(true);
        one.set(false);
        two.set(false);

        assertEquals(List.of(true, false), pin);
    }
}
