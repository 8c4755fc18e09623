package io.drivebay.sim.differential;

import java.util.LinkedHashMap;
import java.util.Map;

/** Programs that walk through the packet commands of a CD drive with a disc in it. */
final class DiscPrograms {
    private static final int LIMIT = 0xfffe;
    private static final int SECOND = 1;

    private DiscPrograms() {}

    /** All of them, by name, in the order in which they are to run. */
    static Map<String, Program> all() {
        final Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("first packets", DiscPrograms::first);
        programs.put("inquiry", DiscPrograms::inquiry);
        programs.put("capacity and table of contents", DiscPrograms::contents);
        programs.put("mode pages", DiscPrograms::modePages);
        programs.put("configuration", DiscPrograms::configuration);
        programs.put("event status", DiscPrograms::events);
        programs.put("read blocks", DiscPrograms::read);
        programs.put("read by dma", DiscPrograms::readDma);
        programs.put("byte count limits", DiscPrograms::limits);
        programs.put("raw sectors", DiscPrograms::raw);
        programs.put("information", DiscPrograms::information);
        programs.put("lock and tray", DiscPrograms::tray);
        programs.put("unknown packets", DiscPrograms::sweep);
        return programs;
    }

    private static void packet(final Recorder seen, final int... bytes) {
        final StringBuilder name = new StringBuilder("packet");
        for (final int value : bytes) {
            name.append(String.format(" %02x", value));
        }
        seen.scene(name.toString());
        final IdeGuest drive = new IdeGuest(seen, SECOND);
        drive.packet(0, false, LIMIT, bytes);
        drive.takePacketData();
    }

    private static void sense(final Recorder seen) {
        packet(seen, 0x03, 0, 0, 0, 18);
    }

    private static void first(final Recorder seen) {
        packet(seen, 0x00);
        sense(seen);
        packet(seen, 0x00);
        sense(seen);
        packet(seen, 0x00);
    }

    private static void inquiry(final Recorder seen) {
        packet(seen, 0x12, 0, 0, 0, 36);
        packet(seen, 0x12, 0, 0, 0, 6);
        packet(seen, 0x12, 0, 0, 0, 255);
        packet(seen, 0x12, 1, 0, 0, 255);
        packet(seen, 0x12, 1, 0x83, 0, 255);
        packet(seen, 0x12, 1, 0x77, 0, 255);
        sense(seen);
        packet(seen, 0x12, 0, 1, 0, 36);
        sense(seen);
    }

    private static void contents(final Recorder seen) {
        packet(seen, 0x25);
        for (int format = 0; format < 6; format++) {
            packet(seen, 0x43, 0, format, 0, 0, 0, 0, 0, 200, format << 6 & 0xc0);
            packet(seen, 0x43, 2, format, 0, 0, 0, 0, 0, 200);
            sense(seen);
        }
        packet(seen, 0x43, 0, 0, 0, 0, 0, 0xaa, 0, 200);
        packet(seen, 0x43, 0, 0, 0, 0, 0, 2, 0, 200);
        sense(seen);
        packet(seen, 0x43, 0, 0, 0, 0, 0, 0, 0, 6);
    }

    private static void modePages(final Recorder seen) {
        for (final int page : new int[] {0x01, 0x0e, 0x1a, 0x1d, 0x2a, 0x3f, 0x41, 0x6a, 0x81, 0xc1, 0x33}) {
            packet(seen, 0x5a, 0, page, 0, 0, 0, 0, 0, 255);
            sense(seen);
        }
        packet(seen, 0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 8);
    }

    private static void configuration(final Recorder seen) {
        packet(seen, 0x46, 0, 0, 0, 0, 0, 0, 0, 8);
        packet(seen, 0x46, 0, 0, 0, 0, 0, 0, 1, 0);
        packet(seen, 0x46, 2, 0, 0, 0, 0, 0, 1, 0);
        sense(seen);
        packet(seen, 0x46, 0, 0, 1, 0, 0, 0, 1, 0);
        sense(seen);
    }

    private static void events(final Recorder seen) {
        packet(seen, 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8);
        packet(seen, 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 4);
        packet(seen, 0x4a, 1, 0, 0, 0x02, 0, 0, 0, 8);
        packet(seen, 0x4a, 1, 0, 0, 0xff, 0, 0, 0, 8);
        packet(seen, 0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8);
        sense(seen);
    }

    private static void read(final Recorder seen) {
        packet(seen, 0x28, 0, 0, 0, 0, 0, 0, 0, 1);
        packet(seen, 0x28, 0, 0, 0, 0, 16, 0, 0, 5);
        packet(seen, 0xa8, 0, 0, 0, 0, 3, 0, 0, 0, 2);
        packet(seen, 0x28, 0, 0, 0, 0, 0, 0, 0, 0);
        packet(seen, 0x28, 0, 0, 0, 3, 0xff, 0, 0, 1);
        packet(seen, 0x28, 0, 0, 0, 3, 0xff, 0, 0, 2);
        sense(seen);
        packet(seen, 0x28, 0, 0, 0, 4, 0, 0, 0, 1);
        sense(seen);
        packet(seen, 0x2b, 0, 0, 0, 0, 9);
        packet(seen, 0x2b, 0, 0, 1, 0, 0);
        sense(seen);
    }

    private static void readDma(final Recorder seen) {
        IdeGuest.enableMaster(seen);
        final IdeGuest drive = new IdeGuest(seen, SECOND);
        for (final int blocks : new int[] {1, 4, 20}) {
            seen.scene("blocks " + blocks);
            drive.fillMemory(blocks * 2048, 9);
            drive.table(IdeGuest.BUFFER, blocks * 2048);
            drive.packet(0, true, 0, 0x28, 0, 0, 0, 0, 7, 0, 0, blocks);
            drive.runMaster(true, blocks * 2048);
        }
        for (final int bytes : new int[] {36, 512}) {
            seen.scene("inquiry into " + bytes);
            drive.fillMemory(512, 9);
            drive.table(IdeGuest.BUFFER, bytes);
            drive.packet(0, true, 0, 0x12, 0, 0, 0, 36);
            drive.runMaster(true, 512);
            drive.outControl(4);
            drive.outControl(0);
            drive.settle();
        }
    }

    private static void limits(final Recorder seen) {
        final IdeGuest drive = new IdeGuest(seen, SECOND);
        for (final int limit : new int[] {0xffff, 0xfffe, 2048, 2049, 4096, 100, 2, 0}) {
            seen.scene("limit " + limit);
            drive.packet(0, false, limit, 0x28, 0, 0, 0, 0, 7, 0, 0, limit < 100 ? 0 : 2);
            drive.takePacketData();
            seen.scene("inquiry limit " + limit);
            drive.packet(0, false, limit, 0x12, 0, 0, 0, 36);
            drive.takePacketData();
        }
        sense(seen);
    }

    private static void raw(final Recorder seen) {
        packet(seen, 0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0x10);
        packet(seen, 0xbe, 0, 0, 0, 0, 16, 0, 0, 2, 0xf8);
        packet(seen, 0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0x00);
        packet(seen, 0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0x20);
        sense(seen);
        packet(seen, 0xb9, 0, 0, 0, 2, 16, 0, 2, 17, 0x10);
        sense(seen);
    }

    private static void information(final Recorder seen) {
        packet(seen, 0x51, 0, 0, 0, 0, 0, 0, 0, 34);
        packet(seen, 0x51, 1, 0, 0, 0, 0, 0, 0, 34);
        sense(seen);
        packet(seen, 0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8);
        packet(seen, 0xad, 0, 0, 0, 0, 0, 0, 0, 1, 0);
        sense(seen);
        packet(seen, 0xbb, 0, 0xff, 0xff, 0xff, 0xff);
    }

    private static void tray(final Recorder seen) {
        packet(seen, 0x1e, 0, 0, 0, 1);
        packet(seen, 0x1b, 0, 0, 0, 2);
        sense(seen);
        packet(seen, 0x1e, 0, 0, 0, 0);
        packet(seen, 0x1b, 0, 0, 0, 2);
        packet(seen, 0x00);
        sense(seen);
        packet(seen, 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8);
        packet(seen, 0x28, 0, 0, 0, 0, 0, 0, 0, 1);
        sense(seen);
        packet(seen, 0x1b, 0, 0, 0, 3);
        packet(seen, 0x00);
        sense(seen);
        packet(seen, 0x00);
        sense(seen);
        packet(seen, 0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8);
        packet(seen, 0x00);
    }

    private static void sweep(final Recorder seen) {
        for (int opcode = 0; opcode < 0x100; opcode++) {
            packet(seen, opcode);
            seen.scene(String.format("sense after %02x", opcode));
            final IdeGuest drive = new IdeGuest(seen, SECOND);
            drive.packet(0, false, LIMIT, 0x03, 0, 0, 0, 18);
            drive.takePacketData();
        }
    }
}
