package io.drivebay.sim.differential;

import static io.drivebay.sim.differential.IdeGuest.BUFFER;
import static io.drivebay.sim.differential.IdeGuest.ERROR;

import io.drivebay.sim.SeededRandom;

/**
 * A program made of a seed: transfers of all kinds with random addresses, counts, tables and packets, registers written
 * at random, resets, on both channels. It keeps to commands that both machines have, within the media; what both do
 * elsewhere is the written programs' business.
 */
final class RandomProgram implements Program {
    private static final int STEPS = 40;
    private static final int SECTORS = 16384;
    private static final int BLOCKS = 1024;
    private static final int[] SIMPLE = {0xe7, 0xea, 0x10, 0x70, 0x91, 0xff, 0x50};

    private final SeededRandom random;

    RandomProgram(final long seed) {
        this.random = new SeededRandom(seed);
    }

    @Override
    public void run(final Recorder seen) {
        IdeGuest.enableMaster(seen);
        final IdeGuest disk = new IdeGuest(seen, 0);
        final IdeGuest disc = new IdeGuest(seen, 1);
        for (int step = 0; step < STEPS; step++) {
            switch (random.below(9)) {
                case 0 -> pioRead(seen, disk);
                case 1 -> pioWrite(seen, disk);
                case 2 -> multiple(seen, disk);
                case 3 -> dma(seen, disk);
                case 4 -> simple(seen, disk);
                case 5 -> parameters(seen, disk);
                case 6 -> packetRead(seen, disc);
                case 7 -> packetDma(seen, disc);
                default -> reset(seen, random.percent(50) ? disk : disc, disc);
            }
        }
    }

    private boolean address(final IdeGuest disk, final int count) {
        final long lba = random.percent(90) ? random.below(SECTORS - count) : SECTORS - count;
        final boolean extended = random.percent(50);
        if (extended) {
            disk.longAddress(0, lba, count);
        } else {
            disk.address(0, lba, count);
        }
        return extended;
    }

    private void pioRead(final Recorder seen, final IdeGuest disk) {
        seen.scene("pio read");
        final boolean extended = address(disk, 1 + random.below(6));
        disk.command(extended ? 0x24 : 0x20);
        disk.takeAll(512);
    }

    private void pioWrite(final Recorder seen, final IdeGuest disk) {
        seen.scene("pio write");
        final boolean extended = address(disk, 1 + random.below(6));
        disk.command(extended ? 0x34 : 0x30);
        disk.giveAll(512, random.below(1000));
    }

    private void multiple(final Recorder seen, final IdeGuest disk) {
        seen.scene("multiple");
        final int block = 1 << random.below(5);
        disk.address(0, 0, block);
        disk.command(0xc6);
        disk.address(0, random.below(SECTORS - 64), block * (1 + random.below(3)));
        disk.command(0xc4);
        disk.takeAll(512 * block);
    }

    private void dma(final Recorder seen, final IdeGuest disk) {
        seen.scene("dma");
        final int sectors = 1 + random.below(16);
        final boolean reads = random.percent(60);
        disk.fillMemory(8192, random.below(1000));
        final int first = 2 * (1 + random.below(sectors * 256));
        if (first < sectors * 512) {
            disk.table(BUFFER + 2 * random.below(1000), first, BUFFER + 4096, sectors * 512 - first);
        } else {
            disk.table(BUFFER, sectors * 512);
        }
        final boolean extended = address(disk, sectors);
        disk.command(reads ? extended ? 0x25 : 0xc8 : extended ? 0x35 : 0xca);
        disk.runMaster(reads, reads ? 16384 : 0);
    }

    private void simple(final Recorder seen, final IdeGuest disk) {
        final int opcode = SIMPLE[random.below(SIMPLE.length)];
        seen.scene(String.format("opcode %02x", opcode));
        disk.address(0, random.below(SECTORS - 300), 1 + random.below(63));
        disk.command(opcode);
    }

    private void parameters(final Recorder seen, final IdeGuest disk) {
        seen.scene("parameters");
        for (int i = random.below(8); i >= 0; i--) {
            disk.out(ERROR + random.below(5), random.below(256));
        }
        disk.out(IdeGuest.DEVICE, random.below(256) & 0xef);
        if (random.percent(30)) {
            disk.outControl(0x80);
            disk.registers();
            disk.outControl(0);
        }
        disk.registers();
    }

    private void packetRead(final Recorder seen, final IdeGuest disc) {
        seen.scene("packet read");
        final int blocks = random.below(5);
        final int lba = random.percent(90) ? random.below(BLOCKS - 5) : BLOCKS - blocks;
        final int limit = random.percent(50) ? 0xfffe : 2 + random.below(5000);
        disc.packet(0, false, limit, 0x28, 0, 0, 0, lba >> 8, lba, 0, 0, blocks);
        disc.takePacketData();
    }

    private void packetDma(final Recorder seen, final IdeGuest disc) {
        seen.scene("packet dma");
        final int blocks = 1 + random.below(7);
        final int lba = random.below(BLOCKS - 8);
        disc.fillMemory(16384, random.below(1000));
        disc.table(BUFFER, blocks * 2048);
        disc.packet(0, true, 0, 0x28, 0, 0, 0, lba >> 8, lba, 0, 0, blocks);
        disc.runMaster(true, 16384);
    }

    private void reset(final Recorder seen, final IdeGuest drive, final IdeGuest disc) {
        seen.scene("reset");
        drive.outControl(4 | random.below(2) << 1);
        drive.outControl(0);
        drive.settle();
        drive.registers();
        disc.reportAttentions();
    }
}
