package io.drivebay.sim.differential;

/** What programs do with an IDE channel through its ports; what is seen on the way is recorded. */
final class IdeGuest {
    static final int DATA = 0;
    static final int ERROR = 1;
    static final int COUNT = 2;
    static final int LOW = 3;
    static final int MID = 4;
    static final int HIGH = 5;
    static final int DEVICE = 6;
    static final int STATUS = 7;
    static final int MASTER = 0xc000;
    static final int TABLE = 0x10_0000;
    static final int BUFFER = 0x20_0000;

    private static final int BUSY = 0x80;
    private static final int WANTS_DATA = 0x08;
    private static final int ATTENTIONS = 3;
    private static final int PATIENCE = 400_000;
    private static final String[] NAMES = {"data", "error", "count", "low", "mid", "high", "device", "status"};

    final Recorder seen;
    private final int base;
    private final int control;
    private final int line;
    private final int master;
    private final byte[] buffer = new byte[1 << 17];

    IdeGuest(final Recorder seen, final int channel) {
        this.seen = seen;
        this.base = channel == 0 ? 0x1f0 : 0x170;
        this.control = base + 0x206;
        this.line = 14 + channel;
        this.master = MASTER + 8 * channel;
    }

    /** Gives the bus masters their ports, and lets them master the bus. */
    static void enableMaster(final Recorder seen) {
        seen.pc.outl(0xcf8, 0x80000920);
        seen.pc.outl(0xcfc, MASTER);
        seen.pc.outl(0xcf8, 0x80000904);
        seen.pc.outw(0xcfc, 5);
    }

    int in(final int register) {
        return seen.pc.inb(base + register);
    }

    void out(final int register, final int value) {
        seen.pc.outb(base + register, value);
    }

    void outControl(final int value) {
        seen.pc.outb(control, value);
    }

    int alternate() {
        return seen.pc.inb(control);
    }

    int inMaster(final int register) {
        return seen.pc.inb(master + register);
    }

    void outMaster(final int register, final int value) {
        seen.pc.outb(master + register, value);
    }

    /** Selects a unit; a sector address and count. */
    void address(final int unit, final long lba, final int count) {
        out(DEVICE, 0xe0 | unit << 4 | (int) (lba >> 24 & 15));
        out(COUNT, count);
        out(LOW, (int) lba);
        out(MID, (int) (lba >> 8));
        out(HIGH, (int) (lba >> 16));
    }

    /** The same with 48 bits. */
    void longAddress(final int unit, final long lba, final int count) {
        out(DEVICE, 0xe0 | unit << 4);
        out(COUNT, count >> 8);
        out(COUNT, count);
        out(LOW, (int) (lba >> 24));
        out(LOW, (int) lba);
        out(MID, (int) (lba >> 32));
        out(MID, (int) (lba >> 8));
        out(HIGH, (int) (lba >> 40));
        out(HIGH, (int) (lba >> 16));
    }

    /** Waits until the drive is not busy; what its status is then. */
    int settle() {
        int status = alternate();
        for (int i = 0; (status & BUSY) != 0; i++) {
            if (i == PATIENCE) {
                throw new IllegalStateException("the drive stays busy");
            }
            status = alternate();
        }
        return status;
    }

    /** Writes a command, waits for what comes of it, and looks at all registers. */
    void command(final int opcode) {
        out(STATUS, opcode);
        settle();
        registers();
    }

    /** Records interrupt, alternate status and all registers; status comes last, as it takes the interrupt back. */
    void registers() {
        seen.see("line", seen.pc.interrupt(line) ? 1 : 0);
        for (int register = ERROR; register <= STATUS; register++) {
            seen.see(NAMES[register], in(register));
        }
        seen.see("line after", seen.pc.interrupt(line) ? 1 : 0);
    }

    /** Takes data as long as there is any, in pieces; records each piece and the registers after it. */
    void takeAll(final int pieceBytes) {
        for (int i = 0; i < 300 && (settle() & WANTS_DATA) != 0; i++) {
            take(pieceBytes);
        }
    }

    void take(final int bytes) {
        seen.pc.insw(base, buffer, 0, bytes / 2);
        seen.seeSum("data of " + bytes, buffer, bytes);
        settle();
        registers();
    }

    /** Gives data as long as any is wanted. */
    void giveAll(final int pieceBytes, final int seed) {
        for (int i = 0; i < 300 && (settle() & WANTS_DATA) != 0; i++) {
            give(pieceBytes, seed + i);
        }
    }

    void give(final int bytes, final int seed) {
        for (int i = 0; i < bytes; i++) {
            buffer[i] = (byte) (seed * 31 + i * 7 + (i >> 8));
        }
        seen.pc.outsw(base, buffer, 0, bytes / 2);
        settle();
        registers();
    }

    /** Records words of a data phase one by one. */
    void takeWords(final int words) {
        seen.pc.insw(base, buffer, 0, words);
        for (int i = 0; i < words; i++) {
            seen.see("word " + i, (buffer[2 * i] & 0xff) | (buffer[2 * i + 1] & 0xff) << 8);
        }
        settle();
        registers();
    }

    // ---- bus master ----

    /** A table of regions: addresses and lengths by turns; the last one is marked. */
    void table(final int... regions) {
        final byte[] bytes = new byte[regions.length * 4];
        for (int i = 0; i < regions.length; i++) {
            for (int b = 0; b < 4; b++) {
                bytes[4 * i + b] = (byte) (regions[i] >> (8 * b));
            }
        }
        bytes[bytes.length - 1] |= (byte) 0x80;
        seen.pc.write(TABLE, bytes, 0, bytes.length);
        seen.pc.outl(master + 4, TABLE);
    }

    /** Starts the master, waits until drive and master rest, and records what has become of both. */
    void runMaster(final boolean toMemory, final int bytes) {
        outMaster(2, 6);
        outMaster(0, toMemory ? 9 : 1);
        settle();
        for (int i = 0; i < 2000 && (inMaster(2) & 5) == 1; i++) {
            settle();
        }
        seen.see("master command", inMaster(0));
        seen.see("master status", inMaster(2));
        registers();
        outMaster(0, toMemory ? 8 : 0);
        seen.see("master status stopped", inMaster(2));
        outMaster(2, 6);
        seen.see("master status cleared", inMaster(2));
        if (toMemory) {
            seen.pc.read(BUFFER, buffer, 0, bytes);
            seen.seeSum("memory", buffer, bytes);
        }
    }

    /** Fills the buffer in memory. */
    void fillMemory(final int bytes, final int seed) {
        for (int i = 0; i < bytes; i++) {
            buffer[i] = (byte) (seed * 17 + i * 5 + (i >> 8));
        }
        seen.pc.write(BUFFER, buffer, 0, bytes);
    }

    // ---- packets ----

    /** Sends PACKET and twelve bytes; by programmed I/O with a limit of bytes, or for the bus master, which is not running. */
    void packet(final int unit, final boolean dma, final int limit, final int... bytes) {
        out(DEVICE, 0xa0 | unit << 4);
        out(ERROR, dma ? 1 : 0);
        out(MID, limit);
        out(HIGH, limit >> 8);
        out(STATUS, 0xa0);
        settle();
        registers();
        final byte[] all = new byte[12];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        seen.pc.outsw(base, all, 0, 6);
        if (!dma) {
            settle();
        }
        registers();
    }

    /** Has a disc drive report what it keeps for the first packets after a reset; nothing of that is recorded. */
    void reportAttentions() {
        final IdeGuest unseen = new IdeGuest(new Recorder(seen.pc), line - 14);
        for (int i = 0; i < ATTENTIONS; i++) {
            unseen.packet(0, false, 0xfffe, 0x03, 0, 0, 0, 18);
            unseen.takePacketData();
            unseen.packet(0, false, 0xfffe);
        }
    }

    /** Takes a packet's data by programmed I/O, each piece as long as the drive says; small ones byte by byte. */
    void takePacketData() {
        for (int i = 0; i < 300 && (settle() & WANTS_DATA) != 0; i++) {
            final int bytes = in(MID) | in(HIGH) << 8;
            final int words = (bytes + 1) / 2;
            seen.pc.insw(base, buffer, 0, words);
            seen.see("piece", bytes);
            if (bytes <= 256) {
                for (int b = 0; b < bytes; b++) {
                    seen.see("byte " + b, buffer[b] & 0xff);
                }
            } else {
                seen.seeSum("data of " + bytes, buffer, bytes);
            }
            settle();
            registers();
        }
    }
}
