package io.drivebay.sim.differential;

import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.machine.PcAccess;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Programs that walk through the registers of a virtio-blk function at 00:04.0, whose windows lie where {@link #place}
 * puts them. Registers only: no queue is given memory.
 */
final class VirtioPrograms {
    private static final int FUNCTION = 0x8000_0000 | 4 << 11;
    private static final int PORTS = 0xc000;
    private static final long MSIX = 0xe000_0000L;
    private static final long MODERN = 0xe100_0000L;
    private static final int SEEDED_STEPS = 300;

    /** Field, width: the common configuration structure (virtio 1.2, 4.1.4.3). */
    private static final int[][] COMMON = {
        {0, 4}, {4, 4}, {8, 4}, {12, 4}, {16, 2}, {18, 2}, {20, 1}, {21, 1}, {22, 2}, {24, 2}, {26, 2}, {28, 2},
        {30, 2}, {32, 4}, {36, 4}, {40, 4}, {44, 4}, {48, 4}, {52, 4}
    };

    /** Port, width: the legacy header (4.1.4.10). */
    private static final int[][] LEGACY = {{0, 4}, {4, 4}, {8, 4}, {12, 2}, {14, 2}, {18, 1}, {19, 1}};

    private static final int[] VALUES = {0, 1, 2, 3, 4, 0x10, 0x40, 0x100, 0x200, 0xffff, 0x12345678, -1};

    private VirtioPrograms() {}

    static Map<String, Program> all(final int seeds) {
        final Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("configuration space", VirtioPrograms::configurationSpace);
        programs.put("base addresses", VirtioPrograms::baseAddresses);
        programs.put("common", VirtioPrograms::common);
        programs.put("common one by one", VirtioPrograms::commonOneByOne);
        programs.put("queues", VirtioPrograms::queues);
        programs.put("status", VirtioPrograms::status);
        programs.put("vectors", VirtioPrograms::vectors);
        programs.put("device configuration", VirtioPrograms::deviceConfiguration);
        programs.put("configuration access", VirtioPrograms::configurationAccess);
        programs.put("legacy", VirtioPrograms::legacy);
        programs.put("message table", VirtioPrograms::messageTable);
        for (int seed = 1; seed <= seeds; seed++) {
            final int number = seed;
            programs.put("seed " + seed, seen -> random(seen, number));
        }
        return programs;
    }

    // ---- accesses ----

    private static int config(final PcAccess pc, final int offset) {
        pc.outl(0xcf8, FUNCTION | offset);
        return pc.inl(0xcfc);
    }

    private static void config(final PcAccess pc, final int offset, final int value) {
        pc.outl(0xcf8, FUNCTION | offset);
        pc.outl(0xcfc, value);
    }

    private static int get(final Recorder seen, final long address, final int width) {
        final byte[] bytes = new byte[width];
        seen.pc.read(address, bytes, 0, width);
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[i] & 0xff) << (8 * i);
        }
        return value;
    }

    private static void set(final Recorder seen, final long address, final int width, final int value) {
        final byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        seen.pc.write(address, bytes, 0, width);
    }

    /**
     * Puts the windows where the programs expect them, and resets the device and, which QEMU's reset does not, the
     * selectors and the driver's features: the beginning of every program.
     */
    static void place(final Recorder seen) {
        config(seen.pc, 0x04, 0);
        config(seen.pc, 0x10, PORTS);
        config(seen.pc, 0x14, (int) MSIX);
        config(seen.pc, 0x20, (int) MODERN);
        config(seen.pc, 0x24, 0);
        config(seen.pc, 0x98, 0);
        config(seen.pc, 0x04, 7);
        set(seen, MODERN + 20, 1, 0);
        for (int half = 1; half >= 0; half--) {
            set(seen, MODERN, 4, half);
            set(seen, MODERN + 8, 4, half);
            set(seen, MODERN + 12, 4, 0);
        }
        set(seen, MODERN + 22, 2, 0);
    }

    private static void seeCommon(final Recorder seen, final String when) {
        for (final int[] field : COMMON) {
            seen.see(when + " common " + field[0], get(seen, MODERN + field[0], field[1]));
        }
    }

    // ---- programs ----

    private static void configurationSpace(final Recorder seen) {
        for (int offset = 0; offset < 0x100; offset += 4) {
            seen.see(String.format("%02x", offset), config(seen.pc, offset));
        }
        for (int offset = 0; offset < 0x100; offset += 4) {
            if (offset < 0x84 || offset >= 0x98) {
                final int before = config(seen.pc, offset);
                config(seen.pc, offset, -1);
                seen.see(String.format("%02x after ones", offset), config(seen.pc, offset));
                config(seen.pc, offset, 0);
                seen.see(String.format("%02x after zeros", offset), config(seen.pc, offset));
                config(seen.pc, offset, before);
            }
        }
        place(seen);
        for (int port = 0xcfc; port <= 0xcff; port++) {
            seen.pc.outl(0xcf8, FUNCTION);
            seen.see("byte " + (port & 3), seen.pc.inb(port));
        }
        seen.pc.outl(0xcf8, FUNCTION | 2);
        seen.see("word 2", seen.pc.inw(0xcfc));
    }

    private static void baseAddresses(final Recorder seen) {
        for (final int base : new int[] {0xe200_0000, 0xe300_4000, 0, (int) MODERN}) {
            config(seen.pc, 0x20, base);
            seen.see("base " + Integer.toHexString(base), config(seen.pc, 0x20));
            seen.see("queues there", get(seen, Integer.toUnsignedLong(base & ~15) + 18, 2));
        }
        for (final int command : new int[] {0, 1, 2, 3, 7}) {
            config(seen.pc, 0x04, command);
            seen.see("command", config(seen.pc, 0x04) & 0xffff);
            seen.see("memory", get(seen, MODERN + 18, 2));
            seen.see("port", seen.pc.inw(PORTS + 12));
        }
    }

    private static void common(final Recorder seen) {
        seeCommon(seen, "reset");
        for (int half = 0; half < 4; half++) {
            set(seen, MODERN, 4, half);
            seen.see("device features " + half, get(seen, MODERN + 4, 4));
        }
        for (int half = 0; half < 3; half++) {
            set(seen, MODERN + 8, 4, half);
            set(seen, MODERN + 12, 4, 0x11 << half);
            seen.see("driver features " + half, get(seen, MODERN + 12, 4));
        }
    }

    private static void commonOneByOne(final Recorder seen) {
        for (final int[] field : COMMON) {
            place(seen);
            set(seen, MODERN + field[0], field[1], field[0] == 20 ? 1 : 3);
            seeCommon(seen, "after " + field[0]);
        }
    }

    private static void queues(final Recorder seen) {
        for (final int queue : new int[] {0, 1, 2, 1023, 0xffff}) {
            set(seen, MODERN + 22, 2, queue);
            seeCommon(seen, "queue " + queue);
            set(seen, MODERN + 24, 2, 64);
            set(seen, MODERN + 32, 4, 0x1000);
            set(seen, MODERN + 36, 4, 0x2);
            seeCommon(seen, "queue " + queue + " written");
        }
    }

    private static void status(final Recorder seen) {
        for (final int status : new int[] {1, 3, 2, 0, 1, 3, 0x83, 0}) {
            set(seen, MODERN + 20, 1, status);
            seen.see("after " + status, get(seen, MODERN + 20, 1));
        }
        set(seen, MODERN + 20, 1, 3);
        set(seen, MODERN + 8, 4, 1);
        set(seen, MODERN + 12, 4, 1);
        set(seen, MODERN + 20, 1, 11);
        seen.see("features ok", get(seen, MODERN + 20, 1));
        set(seen, MODERN + 20, 1, 15);
        seen.see("driver ok", get(seen, MODERN + 20, 1));
        seen.see("isr", get(seen, MODERN + 0x1000, 1));
        seen.see("by ports", seen.pc.inb(PORTS + 18));
        set(seen, MODERN + 20, 1, 0);
        seen.see("reset", get(seen, MODERN + 20, 1));
    }

    private static void vectors(final Recorder seen) {
        for (final int vector : new int[] {0, 1, 2, 3, 0xffff, 0}) {
            set(seen, MODERN + 16, 2, vector);
            seen.see("configuration " + vector, get(seen, MODERN + 16, 2));
            set(seen, MODERN + 22, 2, 0);
            set(seen, MODERN + 26, 2, vector);
            seen.see("queue " + vector, get(seen, MODERN + 26, 2));
        }
        set(seen, MODERN + 20, 1, 0);
        seen.see("configuration after reset", get(seen, MODERN + 16, 2));
        seen.see("queue after reset", get(seen, MODERN + 26, 2));
    }

    private static void deviceConfiguration(final Recorder seen) {
        for (int offset = 0; offset < 64; offset += 4) {
            seen.see("long " + offset, get(seen, MODERN + 0x2000 + offset, 4));
        }
        for (int offset = 0; offset < 64; offset++) {
            seen.see("byte " + offset, get(seen, MODERN + 0x2000 + offset, 1));
        }
    }

    private static void configurationAccess(final Recorder seen) {
        final int[][] aims = {
            {4, 0, 4}, {4, 18, 2}, {4, 20, 1}, {4, 22, 2}, {4, 0x1000, 1}, {4, 0x2000, 4}, {4, 0x2000, 1}, {4, 20, 3}
        };
        for (final int[] aim : aims) {
            config(seen.pc, 0x88, aim[0]);
            config(seen.pc, 0x8c, aim[1]);
            config(seen.pc, 0x90, aim[2]);
            config(seen.pc, 0x94, 1);
            seen.see("at " + aim[1] + "+" + aim[2], config(seen.pc, 0x94));
            seeCommon(seen, "then");
        }
    }

    private static void legacy(final Recorder seen) {
        for (final int status : new int[] {0, 1, 3}) {
            seen.pc.outb(PORTS + 18, status);
            for (final int[] field : LEGACY) {
                seen.see("status " + status + " port " + field[0], in(seen.pc, PORTS + field[0], field[1]));
            }
        }
        for (int offset = 20; offset < 84; offset++) {
            seen.see("port " + offset, seen.pc.inb(PORTS + offset));
        }
        for (final int queue : new int[] {0, 1, 7}) {
            seen.pc.outw(PORTS + 14, queue);
            seen.see("queue " + queue, seen.pc.inw(PORTS + 14));
            seen.see("queue " + queue + " size", seen.pc.inw(PORTS + 12));
            seen.see("queue " + queue + " address", seen.pc.inl(PORTS + 8));
        }
        seen.pc.outl(PORTS + 4, 0x200);
        seen.see("features", seen.pc.inl(PORTS + 4));
        seen.pc.outb(PORTS + 18, 0);
        seen.see("features after reset", seen.pc.inl(PORTS + 4));
    }

    private static int in(final PcAccess pc, final int port, final int width) {
        return switch (width) {
            case 1 -> pc.inb(port);
            case 2 -> pc.inw(port);
            default -> pc.inl(port);
        };
    }

    private static void messageTable(final Recorder seen) {
        for (int offset = 0; offset < 32; offset += 4) {
            seen.see("table " + offset, get(seen, MSIX + offset, 4));
            set(seen, MSIX + offset, 4, -1);
            seen.see("table " + offset + " after ones", get(seen, MSIX + offset, 4));
        }
        for (int offset = 0; offset < 8; offset += 4) {
            set(seen, MSIX + 0x800 + offset, 4, -1);
            seen.see("waiting " + offset, get(seen, MSIX + 0x800 + offset, 4));
        }
        for (final int control : new int[] {0xffff, 0x8000, 0x4000, 0}) {
            config(seen.pc, 0x98, control << 16);
            seen.see("control " + control, config(seen.pc, 0x98));
            seen.see("port 20 then", seen.pc.inw(PORTS + 20));
        }
        set(seen, MSIX + 12, 4, 1);
        set(seen, MSIX + 28, 4, 1);
    }

    /** Right values only: what the two do with wrong ones differs, and is the written programs' business. */
    private static void random(final Recorder seen, final long seed) {
        final SeededRandom random = new SeededRandom(seed);
        int status = 0;
        for (int step = 0; step < SEEDED_STEPS; step++) {
            final int[] field = COMMON[random.below(COMMON.length)];
            final long address = MODERN + field[0];
            if (random.percent(50)) {
                seen.see("common " + field[0], get(seen, address, field[1]));
                continue;
            }
            switch (field[0]) {
                case 20 -> {
                    status = random.percent(30) ? 0 : status | 1 << random.below(2);
                    if (status == 0) {
                        place(seen);
                    } else {
                        set(seen, address, 1, status);
                    }
                }
                case 22 -> set(seen, address, 2, 0);
                case 24 -> set(seen, address, 2, 1 << random.below(9));
                case 28 -> seen.see("common 28", get(seen, address, 2));
                default -> set(seen, address, field[1], VALUES[random.below(VALUES.length)]);
            }
        }
        seeCommon(seen, "end");
    }
}
