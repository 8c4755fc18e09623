package io.drivebay.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.testguest.Machine;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accesses of any width to any register in any order, from seeds: nothing is thrown, and a reset makes all well. */
final class HostilePciTest {
    private static final int ACCESSES = 20_000;
    private static final int MOST_WORK = 5_000;
    private static final int[] COMMON_FIELDS = {
        0, 4, 8, 12, 16, 18, 20, 21, 22, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56
    };
    private static final long[] VALUES = {0, 1, 2, 3, 7, 11, 15, 64, 0xff, 0xffff, 0x1000, 0x4000, -1};

    private Random random = new Random(0);

    private long value() {
        return random.nextInt(4) == 0 ? random.nextLong() : VALUES[random.nextInt(VALUES.length)];
    }

    private int width() {
        return 1 << random.nextInt(3);
    }

    private void access(final PciGuest guest) {
        switch (random.nextInt(8)) {
            case 0 -> guest.config(random.nextInt(0x110) - 8, width(), (int) value());
            case 1 -> guest.config(random.nextInt(0x110) - 8, width());
            case 2 -> guest.function.writeMemory(memory(guest), 1 << random.nextInt(4), value());
            case 3 -> guest.function.readMemory(memory(guest), 1 << random.nextInt(4));
            case 4 -> guest.function.writePort(port(guest), width(), (int) value());
            case 5 -> guest.function.readPort(port(guest), width());
            case 6 -> field(guest);
            default -> guest.machine.ram.putInt(random.nextInt(0x10000) * 4, random.nextInt(4));
        }
    }

    /* A right width in the common structure, so that something comes of it. */
    private void field(final PciGuest guest) {
        final int field = COMMON_FIELDS[random.nextInt(COMMON_FIELDS.length)];
        final long base = base(guest, 4);
        guest.function.writeMemory(base + field, field < 16 || field >= 32 ? 4 : 2, value());
        guest.function.writeMemory(base + PciGuest.STATUS, 1, value());
    }

    private static long base(final PciGuest guest, final int bar) {
        return Integer.toUnsignedLong(guest.config(0x10 + 4 * bar, 4) & ~15);
    }

    private long memory(final PciGuest guest) {
        return base(guest, random.nextBoolean() ? 4 : 1) + random.nextInt(0x4010);
    }

    private int port(final PciGuest guest) {
        return (int) (base(guest, 0) & 0xffff) + random.nextInt(0x84);
    }

    private static void runBounded(final PciGuest guest) {
        int work = 0;
        for (int done = guest.machine.context.runOnce(); done > 0; done = guest.machine.context.runOnce()) {
            work += done;
            assertTrue(work <= MOST_WORK, "too much work: " + work);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @Timeout(60)
    void anyAccessInAnyOrderIsAnswered(final long seed) {
        random = new Random(seed);
        try (PciGuest guest = PciGuest.of(Form.TRANSITIONAL)) {
            guest.machine.disk.quiet();
            for (int i = 0; i < ACCESSES; i++) {
                access(guest);
                if (i % 64 == 0) {
                    restore(guest);
                    runBounded(guest);
                }
            }
            runBounded(guest);
            guest.function.reset();
            runBounded(guest);
            restore(guest);
            guest.machine.ram.fill(0, Machine.BUFFERS, (byte) 0);
            guest.readSector(guest.start(16), () -> guest.kick(0));
        }
    }

    private static void restore(final PciGuest guest) {
        guest.config(0x10, 4, PciGuest.PORTS);
        guest.config(0x14, 4, (int) PciGuest.MSIX);
        guest.config(0x20, 4, (int) PciGuest.MODERN);
        guest.config(0x24, 4, 0);
        guest.config(PciGuest.COMMAND, 2, PciGuest.ALL_ON);
    }
}
