package io.drivebay.perf.peers;

import io.drivebay.sim.qtest.QtestClient;
import io.drivebay.sim.qtest.QtestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a client of qtest has of a machine, ours or QEMU's: how long from the process's start to the first reply, how long
 * a register access takes over the socket, and how many IDE commands a second it gets done. The client is the same. It
 * sends one access at a time, as clients do, or posts its writes.
 */
final class QtestRates {
    private static final int COMMAND_BLOCK = 0x1f0;
    private static final int STATUS = COMMAND_BLOCK + 7;
    private static final int ALTERNATE_STATUS = 0x3f6;
    private static final int MASTER = 0xc000;
    private static final int TABLE = 0x10_0000;
    private static final int BUFFER = 0x20_0000;
    private static final int BUSY = 0x80;
    private static final int ERROR = 0x01;
    private static final int ACCESSES = 20_000;
    private static final int COMMANDS_AT_ONCE = 64;

    private final List<String> command;
    private final long seconds;

    /**
     * Measurements of a machine with a disk of 1 MiB at least.
     *
     * @param command starts it, but for the options for qtest
     * @param seconds how long to measure commands
     */
    QtestRates(final List<String> command, final int seconds) {
        this.command = List.copyOf(command);
        this.seconds = seconds;
    }

    private interface Use {
        double of(QtestClient client);
    }

    private double with(final Use use) throws IOException {
        final Path folder = Files.createTempDirectory("drivebay");
        try (QtestProcess process = QtestProcess.start(folder, command)) {
            return use.of(process.client());
        } finally {
            Files.deleteIfExists(folder.resolve("machine.log"));
            Files.delete(folder);
        }
    }

    /** From the process's start to the first reply, in nanoseconds. */
    double startNs() throws IOException {
        final long began = System.nanoTime();
        return with(client -> {
            client.inb(STATUS);
            return System.nanoTime() - began;
        });
    }

    /** Median of a register access over the socket, in nanoseconds. */
    double accessNs() throws IOException {
        return with(client -> {
            final long[] times = new long[ACCESSES];
            for (int warm = 0; warm < ACCESSES; warm++) {
                client.inb(ALTERNATE_STATUS);
            }
            for (int i = 0; i < ACCESSES; i++) {
                final long began = System.nanoTime();
                client.inb(ALTERNATE_STATUS);
                times[i] = System.nanoTime() - began;
            }
            Arrays.sort(times);
            return times[ACCESSES / 2];
        });
    }

    /**
     * IDE DMA reads a second, each with all its accesses to registers.
     *
     * @param bytes how long a read is: whole sectors, up to 64 KiB
     * @param posted true to let writes to registers go out with the next access that wants an answer
     */
    double commandsPerSecond(final int bytes, final boolean posted) throws IOException {
        return with(client -> {
            client.outl(0xcf8, 0x80000920);
            client.outl(0xcfc, MASTER);
            client.outl(0xcf8, 0x80000904);
            client.outw(0xcfc, 5);
            final byte[] region = {0, 0, 0x20, 0, 0, (byte) (bytes >> 8), 0, (byte) 0x80};
            client.write(TABLE, region, 0, region.length);
            client.outl(MASTER + 4, TABLE);
            client.postWrites(posted);
            run(client, bytes, TimeUnit.SECONDS.toNanos(2));
            return run(client, bytes, TimeUnit.SECONDS.toNanos(seconds));
        });
    }

    private static double run(final QtestClient client, final int bytes, final long forNs) {
        final long began = System.nanoTime();
        long done = 0;
        long now = began;
        while (now - began < forNs) {
            for (int i = 0; i < COMMANDS_AT_ONCE; i++) {
                read(client, bytes, (int) (done + i) * 8 & 0x7ff);
            }
            done += COMMANDS_AT_ONCE;
            now = System.nanoTime();
        }
        check(client, bytes);
        return done * (double) TimeUnit.SECONDS.toNanos(1) / (now - began);
    }

    private static void read(final QtestClient client, final int bytes, final int sector) {
        client.outb(COMMAND_BLOCK + 6, 0xe0);
        client.outb(COMMAND_BLOCK + 2, bytes / 512);
        client.outb(COMMAND_BLOCK + 3, sector);
        client.outb(COMMAND_BLOCK + 4, sector >> 8);
        client.outb(COMMAND_BLOCK + 5, 0);
        client.outb(STATUS, 0xc8);
        client.outb(MASTER, 9);
        int status = client.inb(ALTERNATE_STATUS);
        while ((status & BUSY) != 0) {
            status = client.inb(ALTERNATE_STATUS);
        }
        if ((client.inb(STATUS) & ERROR) != 0) {
            throw new IllegalStateException("a read of sector " + sector + " failed");
        }
        client.outb(MASTER, 0);
        client.outb(MASTER + 2, 6);
    }

    /** The last read must have arrived: null-co reads as zeros, so the buffer is spoilt first. */
    private static void check(final QtestClient client, final int bytes) {
        final byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 1);
        client.write(BUFFER, data, 0, bytes);
        read(client, bytes, 0);
        client.read(BUFFER, data, 0, bytes);
        for (final byte value : data) {
            if (value != 0) {
                throw new IllegalStateException("a read did not arrive in memory");
            }
        }
    }
}
