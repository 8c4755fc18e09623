package io.drivebay.sim.differential;

import static io.drivebay.sim.differential.IdeGuest.BUFFER;
import static io.drivebay.sim.differential.IdeGuest.COUNT;
import static io.drivebay.sim.differential.IdeGuest.DEVICE;
import static io.drivebay.sim.differential.IdeGuest.ERROR;
import static io.drivebay.sim.differential.IdeGuest.HIGH;
import static io.drivebay.sim.differential.IdeGuest.LOW;
import static io.drivebay.sim.differential.IdeGuest.MID;
import static io.drivebay.sim.differential.IdeGuest.STATUS;

import io.drivebay.sim.machine.PcAccess;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Programs written to walk through everything that guests do with a PC's chipset and an IDE disk. */
final class Programs {
    /** Commands that would sleep, or are of their own program below. */
    private static final Set<Integer> NOT_SWEPT = Set.of(0x08, 0x99, 0xe6, 0xa0, 0xf1, 0xf2, 0xf4, 0xf6);

    private Programs() {}

    /** All of them, by name, in the order in which they are to run. */
    static Map<String, Program> all() {
        final Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("configuration space", Programs::configurationSpace);
        programs.put("configuration ports", Programs::configurationPorts);
        programs.put("sizes of memory", Programs::sizesOfMemory);
        programs.put("base address", Programs::baseAddress);
        programs.put("task file", Programs::taskFile);
        programs.put("wide accesses", Programs::wideAccesses);
        programs.put("absent units", Programs::absentUnits);
        programs.put("identify disk", seen -> identify(seen, 0, 0xec));
        programs.put("identify disc drive", seen -> identify(seen, 1, 0xa1));
        programs.put("identify a disc drive as a disk", seen -> identify(seen, 1, 0xec));
        programs.put("soft reset", Programs::softReset);
        programs.put("diagnostics", Programs::diagnostics);
        programs.put("read sectors", Programs::readSectors);
        programs.put("write sectors", Programs::writeSectors);
        programs.put("long addresses", Programs::longAddresses);
        programs.put("multiple", Programs::multiple);
        programs.put("cylinders, heads and sectors", Programs::chs);
        programs.put("dma", Programs::dma);
        programs.put("dma tables", Programs::dmaTables);
        programs.put("bus master registers", Programs::masterRegisters);
        programs.put("features", Programs::features);
        programs.put("smart", Programs::smart);
        programs.put("interrupt enable", Programs::interruptEnable);
        programs.put("power", Programs::power);
        programs.put("disk opcodes", seen -> sweep(seen, 0));
        programs.put("disc drive opcodes", seen -> sweep(seen, 1));
        return programs;
    }

    // ---- chipset ----

    private static int config(final PcAccess pc, final int function, final int offset) {
        pc.outl(0xcf8, 0x80000000 | function << 8 | offset);
        return pc.inl(0xcfc);
    }

    private static void configurationSpace(final Recorder seen) {
        for (final int function : new int[] {0x00, 0x08, 0x09, 0x10, 0xf8, 0x01}) {
            for (int offset = 0; offset < 0x100; offset += 4) {
                seen.see(
                        String.format("%02x.%d %02x", function >> 3, function & 7, offset),
                        config(seen.pc, function, offset));
            }
        }
        for (final int offset : new int[] {0x00, 0x04, 0x08, 0x0c, 0x10, 0x20, 0x2c, 0x34, 0x3c}) {
            final int before = config(seen.pc, 0x09, offset);
            seen.pc.outl(0xcfc, -1);
            seen.see(String.format("01.1 %02x after ones", offset), seen.pc.inl(0xcfc));
            seen.pc.outl(0xcfc, 0);
            seen.see(String.format("01.1 %02x after zeros", offset), seen.pc.inl(0xcfc));
            seen.pc.outl(0xcfc, before);
        }
    }

    private static void configurationPorts(final Recorder seen) {
        final PcAccess pc = seen.pc;
        for (final int address : new int[] {0x80000900, 0x80000901, 0x80000902, 0x80000903, 0x00000900, 0x80010000}) {
            pc.outl(0xcf8, address);
            final String of = Integer.toHexString(address) + " ";
            seen.see(of + "address", pc.inl(0xcf8));
            for (int port = 0xcfc; port <= 0xcff; port++) {
                seen.see(of + "byte " + Integer.toHexString(port), pc.inb(port));
            }
            seen.see(of + "word cfc", pc.inw(0xcfc));
            seen.see(of + "word cfd", pc.inw(0xcfd));
            seen.see(of + "word cfe", pc.inw(0xcfe));
            seen.see(of + "long cfc", pc.inl(0xcfc));
            seen.see(of + "long cfd", pc.inl(0xcfd));
        }
        pc.outb(0xcf8, 0x12);
        pc.outw(0xcf8, 0x3456);
        seen.see("address after narrow writes", pc.inl(0xcf8));
    }

    private static void sizesOfMemory(final Recorder seen) {
        for (final int index : new int[] {
            0x0d, 0x12, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24,
            0x30, 0x31, 0x34, 0x35, 0x39, 0x5b, 0x5c, 0x5d
        }) {
            seen.pc.outb(0x70, index);
            seen.see(String.format("cmos %02x", index), seen.pc.inb(0x71));
        }
        for (final int item : new int[] {0, 1, 2, 3, 5, 0x0f}) {
            seen.pc.outw(0x510, item);
            for (int i = 0; i < 16; i++) {
                seen.see("fw_cfg " + item + " byte " + i, seen.pc.inb(0x511));
            }
        }
        final byte[] bytes = new byte[16];
        seen.pc.write(0x7ff_fff8L, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 8);
        seen.pc.read(0x7ff_fff8L, bytes, 0, 16);
        for (int i = 0; i < 16; i++) {
            seen.see("end of memory " + i, bytes[i]);
        }
    }

    private static void baseAddress(final Recorder seen) {
        for (final int base : new int[] {0xc000, 0xd010, 0xffffffff, 0xc000}) {
            config(seen.pc, 0x09, 0x20);
            seen.pc.outl(0xcfc, base);
            seen.see("base", seen.pc.inl(0xcfc));
            seen.see("command at c000", seen.pc.inb(0xc000));
            seen.see("command at d010", seen.pc.inb(0xd010));
        }
        IdeGuest.enableMaster(seen);
        seen.see("enabled", seen.pc.inb(0xc000));
        seen.see("second", seen.pc.inb(0xc008));
        seen.see("beyond", seen.pc.inb(0xc010));
        config(seen.pc, 0x09, 0x04);
        seen.pc.outw(0xcfc, 4);
        seen.see("not decoded", seen.pc.inb(0xc000));
        seen.pc.outw(0xcfc, 5);
    }

    // ---- registers ----

    private static void taskFile(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        disk.registers();
        for (int value = 1; value < 0x100; value = value << 1 | (value & 1)) {
            for (int register = ERROR; register <= HIGH; register++) {
                disk.out(register, value + register);
            }
            disk.registers();
        }
        for (final int device : new int[] {0x00, 0x40, 0x0f, 0xef, 0xa0}) {
            disk.out(DEVICE, device);
            disk.registers();
        }
        disk.outControl(0x80);
        disk.registers();
        disk.out(LOW, 1);
        disk.registers();
        disk.outControl(0x00);
    }

    private static void wideAccesses(final Recorder seen) {
        for (int port = 0x1f1; port <= 0x1f8; port++) {
            seen.see(String.format("word %x", port), seen.pc.inw(port));
            seen.see(String.format("long %x", port), seen.pc.inl(port));
        }
        seen.see("byte 1f0", seen.pc.inb(0x1f0));
        seen.see("word 1f0", seen.pc.inw(0x1f0));
        seen.see("long 1f0", seen.pc.inl(0x1f0));
        seen.see("word 3f6", seen.pc.inw(0x3f6));
        seen.pc.outw(0x1f2, 0x3412);
        seen.see("word 1f2 again", seen.pc.inw(0x1f2));
        seen.pc.outl(0x1f4, 0x12345678);
        seen.see("word 1f4 again", seen.pc.inw(0x1f4));
    }

    private static void absentUnits(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        disk.out(DEVICE, 0xb0);
        disk.registers();
        disk.out(COUNT, 0x55);
        disk.out(LOW, 0xaa);
        disk.registers();
        disk.command(0xec);
        disk.out(DEVICE, 0xa0);
        disk.registers();
    }

    private static void identify(final Recorder seen, final int channel, final int opcode) {
        final IdeGuest drive = new IdeGuest(seen, channel);
        drive.out(DEVICE, 0xa0);
        drive.command(opcode);
        if ((drive.alternate() & 8) != 0) {
            drive.takeWords(256);
        }
    }

    private static void softReset(final Recorder seen) {
        for (int channel = 0; channel < 2; channel++) {
            seen.scene("channel " + channel);
            final IdeGuest drive = new IdeGuest(seen, channel);
            drive.out(DEVICE, 0xf0);
            drive.outControl(4);
            seen.see("during", drive.alternate());
            drive.outControl(0);
            drive.settle();
            drive.registers();
        }
    }

    private static void diagnostics(final Recorder seen) {
        for (int channel = 0; channel < 2; channel++) {
            seen.scene("channel " + channel);
            final IdeGuest drive = new IdeGuest(seen, channel);
            drive.out(DEVICE, 0xa0);
            drive.command(0x90);
        }
    }

    // ---- transfers ----

    private static void readSectors(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int[] range : new int[][] {{0, 1}, {1, 3}, {16383, 1}, {16382, 2}, {16383, 2}, {16384, 1}, {0, 0}}) {
            seen.scene("at " + range[0] + " count " + range[1]);
            disk.address(0, range[0], range[1]);
            disk.command(0x20);
            disk.takeAll(512);
        }
    }

    private static void writeSectors(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int[] range : new int[][] {{8, 1}, {9, 4}, {16383, 1}, {16383, 2}, {16384, 1}}) {
            seen.scene("at " + range[0] + " count " + range[1]);
            disk.address(0, range[0], range[1]);
            disk.command(0x30);
            disk.giveAll(512, range[0]);
            disk.address(0, range[0], 1);
            disk.command(0x20);
            disk.takeAll(512);
            disk.command(0xe7);
        }
    }

    private static void longAddresses(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final long[] range : new long[][] {{5, 2}, {16383, 1}, {16384, 1}, {1L << 32, 1}, {7, 0x101}}) {
            seen.scene("at " + range[0] + " count " + range[1]);
            disk.longAddress(0, range[0], (int) range[1]);
            disk.command(0x24);
            disk.takeAll(512);
            disk.outControl(0x80);
            disk.registers();
            disk.outControl(0);
            disk.longAddress(0, range[0], 1);
            disk.command(0x34);
            disk.giveAll(512, 3);
            disk.command(0xea);
        }
    }

    private static void multiple(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        final int[][] blocksAndPieces = {{4, 4}, {3, 4}, {32, 4}, {16, 8}, {0, 8}, {8, 8}};
        for (final int[] block : blocksAndPieces) {
            seen.scene("block " + block[0]);
            disk.address(0, 0, block[0]);
            disk.command(0xc6);
            disk.address(0, 20, 8);
            disk.command(0xc4);
            disk.takeAll(512 * block[1]);
            disk.address(0, 40, 8);
            disk.command(0xc5);
            disk.giveAll(512 * block[1], block[0]);
        }
    }

    private static void chs(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int[] at : new int[][] {{0, 0, 1}, {3, 5, 7}, {15, 15, 63}, {16, 0, 1}}) {
            seen.scene("at " + at[0] + "/" + at[1] + "/" + at[2]);
            disk.out(DEVICE, 0xa0 | at[1]);
            disk.out(COUNT, 2);
            disk.out(LOW, at[2]);
            disk.out(MID, at[0]);
            disk.out(HIGH, at[0] >> 8);
            disk.command(0x20);
            disk.takeAll(512);
        }
    }

    private static void dma(final Recorder seen) {
        IdeGuest.enableMaster(seen);
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int[] range : new int[][] {{0, 1}, {5, 8}, {100, 0}, {16383, 1}, {16383, 2}}) {
            seen.scene("at " + range[0] + " count " + range[1]);
            final int bytes = range[1] == 0 ? 1 << 17 : range[1] * 512;
            disk.fillMemory(bytes, range[0]);
            if (bytes > 1 << 16) {
                disk.table(BUFFER, 0, BUFFER + (1 << 16), 0);
            } else {
                disk.table(BUFFER, bytes);
            }
            disk.address(0, range[0], range[1]);
            disk.command(0xca);
            disk.runMaster(false, bytes);
            disk.fillMemory(bytes, 77);
            disk.address(0, range[0], range[1]);
            disk.command(0xc8);
            disk.runMaster(true, bytes);
        }
    }

    private static void dmaTables(final Recorder seen) {
        IdeGuest.enableMaster(seen);
        final IdeGuest disk = new IdeGuest(seen, 0);
        final int[][] tables = {
            {BUFFER, 2048},
            {BUFFER, 512},
            {BUFFER, 4096},
            {BUFFER + 1, 1025, BUFFER + 2000, 1025},
            {BUFFER, 512, BUFFER + 4096, 512, BUFFER + 2048, 512, BUFFER + 512, 512},
            {BUFFER, 0},
        };
        for (int i = 0; i < tables.length; i++) {
            seen.scene("table " + i);
            disk.fillMemory(8192, i);
            disk.table(tables[i]);
            disk.address(0, 64, 4);
            disk.command(0xc8);
            disk.runMaster(true, 8192);
            disk.outControl(4);
            disk.outControl(0);
            disk.settle();
        }
    }

    private static void masterRegisters(final Recorder seen) {
        IdeGuest.enableMaster(seen);
        for (int channel = 0; channel < 2; channel++) {
            seen.scene("channel " + channel);
            final int base = IdeGuest.MASTER + 8 * channel;
            for (final int value : new int[] {0x00, 0x08, 0xf6, 0x00}) {
                seen.pc.outb(base, value);
                seen.see("command", seen.pc.inb(base));
            }
            for (final int value : new int[] {0x00, 0x60, 0xff, 0x06, 0x00}) {
                seen.pc.outb(base + 2, value);
                seen.see("status", seen.pc.inb(base + 2));
            }
            seen.see("byte 1", seen.pc.inb(base + 1));
            seen.see("byte 3", seen.pc.inb(base + 3));
            seen.see("word 0", seen.pc.inw(base));
            seen.see("long 0", seen.pc.inl(base));
            seen.pc.outl(base + 4, 0x12345677);
            seen.see("table", seen.pc.inl(base + 4));
            seen.pc.outb(base + 5, 0xaa);
            seen.see("table byte", seen.pc.inl(base + 4));
            seen.pc.outw(base + 6, 0xbbcc);
            seen.see("table word", seen.pc.inl(base + 4));
            seen.see("table part", seen.pc.inw(base + 5));
        }
    }

    // ---- settings ----

    private static void features(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (int feature = 0; feature < 0x100; feature++) {
            seen.scene(String.format("feature %02x", feature));
            disk.address(0, 0, feature == 3 ? 0x22 : 0x10);
            disk.out(ERROR, feature);
            disk.command(0xef);
        }
        for (final int mode : new int[] {0x00, 0x08, 0x0c, 0x12, 0x22, 0x21, 0x44, 0x42, 0x80, 0x45}) {
            seen.scene(String.format("mode %02x", mode));
            disk.address(0, 0, mode);
            disk.out(ERROR, 3);
            disk.command(0xef);
        }
        seen.scene("identify after it");
        disk.command(0xec);
        disk.takeWords(256);
    }

    private static void smart(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int feature : new int[] {0xd9, 0xda, 0xd8, 0xda, 0xd2, 0xd1, 0xd0, 0xd5, 0xd4, 0x00, 0xff}) {
            seen.scene(String.format("smart %02x", feature));
            disk.out(DEVICE, 0xa0);
            disk.out(ERROR, feature);
            disk.out(COUNT, 1);
            disk.out(LOW, 1);
            disk.out(MID, 0x4f);
            disk.out(HIGH, 0xc2);
            disk.command(0xb0);
            if ((disk.alternate() & 8) != 0) {
                disk.takeWords(256);
            }
        }
        seen.scene("unsigned");
        disk.out(MID, 0);
        disk.command(0xb0);
    }

    private static void interruptEnable(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        disk.outControl(2);
        disk.command(0xe5);
        disk.out(STATUS, 0xe5);
        disk.outControl(0);
        seen.see("line when enabled late", seen.pc.interrupt(14) ? 1 : 0);
        disk.registers();
        disk.out(STATUS, 0xe5);
        seen.see("line", seen.pc.interrupt(14) ? 1 : 0);
        disk.out(DEVICE, 0xb0);
        seen.see("line with the other unit", seen.pc.interrupt(14) ? 1 : 0);
        disk.out(DEVICE, 0xa0);
        disk.registers();
    }

    private static void power(final Recorder seen) {
        final IdeGuest disk = new IdeGuest(seen, 0);
        for (final int opcode : new int[] {0xe5, 0xe0, 0xe5, 0xe1, 0xe5, 0xe2, 0xe3, 0x98, 0x94, 0x95}) {
            seen.scene(String.format("opcode %02x", opcode));
            disk.address(0, 0, 0);
            disk.command(opcode);
        }
        seen.scene("last");
        disk.address(0, 0, 1);
        disk.command(0x20);
        disk.takeAll(512);
    }

    /** Every opcode, with harmless registers, each followed by a reset. */
    private static void sweep(final Recorder seen, final int channel) {
        final IdeGuest drive = new IdeGuest(seen, channel);
        for (int opcode = 0; opcode < 0x100; opcode++) {
            if (!NOT_SWEPT.contains(opcode)) {
                seen.scene(String.format("opcode %02x", opcode));
                drive.address(0, 1, 1);
                drive.out(ERROR, 0);
                drive.command(opcode);
                drive.outControl(4);
                drive.outControl(0);
                drive.settle();
            }
        }
    }
}
