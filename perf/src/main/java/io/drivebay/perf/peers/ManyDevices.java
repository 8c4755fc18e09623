package io.drivebay.perf.peers;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What many lightly loaded devices in one daemon cost: each is read 100 times a second, 4 KiB at a time, over NBD. Prints the
 * daemon's memory and share of a processor with 1, 8 and 64 devices, beside qemu-storage-daemon's; with {@code memory} or
 * {@code cpu} one number: what 64 devices cost over 64 times what one costs.
 */
public final class ManyDevices {
    private static final int[] COUNTS = {1, 8, 64};
    private static final int BLOCK = 4096;
    private static final long PERIOD_NS = 10_000_000;
    private static final long SETTLING_NS = 5_000_000_000L;
    private static final long WATCHED_NS = 10_000_000_000L;

    /** What a process costs. */
    private record Cost(double mebibytes, double processorPercent) {}

    private ManyDevices() {}

    /** Arguments: drivebay.jar, and nothing, memory or cpu. */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final NbdServers servers = new NbdServers(Path.of(args[0]));
        if (args.length > 1) {
            final Cost one = cost(servers.drivebay(1), 1);
            final Cost all = cost(servers.drivebay(64), 64);
            System.out.println(
                    args[1].equals("memory")
                            ? all.mebibytes / (64 * one.mebibytes)
                            : all.processorPercent / (64 * one.processorPercent));
            return;
        }
        System.out.println("| Devices | Drivebay, MiB | CPU | qemu-storage-daemon, MiB | CPU |\n|---|---|---|---|---|");
        for (final int devices : COUNTS) {
            final Cost ours = cost(servers.drivebay(devices), devices);
            final Cost theirs = cost(NbdServers.storageDaemon(devices), devices);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.1f | %.2f %% | %.1f | %.2f %% |%n",
                    devices,
                    ours.mebibytes,
                    ours.processorPercent,
                    theirs.mebibytes,
                    theirs.processorPercent);
        }
    }

    private static Cost cost(final RunningServer server, final int devices) throws IOException, InterruptedException {
        try (server) {
            final List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < devices; i++) {
                clients.add(enter(server.socket(), "d" + i));
            }
            load(clients, SETTLING_NS);
            final double usedBeforeS = server.processorSeconds();
            load(clients, WATCHED_NS);
            final double usedS = server.processorSeconds() - usedBeforeS;
            final Cost cost = new Cost(server.mebibytes(), 100 * usedS / (WATCHED_NS / 1e9));
            for (final SocketChannel client : clients) {
                client.close();
            }
            return cost;
        }
    }

    /** Reads from every device in its turn, evenly over each period. */
    private static void load(final List<SocketChannel> clients, final long forNs)
            throws IOException, InterruptedException {
        final ByteBuffer request = ByteBuffer.allocateDirect(28);
        final ByteBuffer reply = ByteBuffer.allocateDirect(16 + BLOCK);
        final long beganNs = System.nanoTime();
        final long gapNs = PERIOD_NS / clients.size();
        long sent = 0;
        while (sent * gapNs < forNs) {
            final long earlyNs = beganNs + sent * gapNs - System.nanoTime();
            if (earlyNs > 0) {
                Thread.sleep(earlyNs / 1_000_000, (int) (earlyNs % 1_000_000));
            }
            final SocketChannel client = clients.get((int) (sent % clients.size()));
            request.clear()
                    .putInt(0x25609513)
                    .putInt(0)
                    .putLong(sent)
                    .putLong(0)
                    .putInt(BLOCK);
            write(client, request.flip());
            read(client, reply.clear());
            if (reply.getInt(4) != 0 || reply.getLong(8) != sent) {
                throw new IOException("read " + sent + " failed");
            }
            sent++;
        }
    }

    private static SocketChannel enter(final Path socket, final String export) throws IOException {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        read(channel, ByteBuffer.allocate(18));
        final byte[] name = export.getBytes(StandardCharsets.UTF_8);
        write(
                channel,
                ByteBuffer.allocate(20 + name.length)
                        .putInt(3)
                        .put("IHAVEOPT".getBytes(StandardCharsets.US_ASCII))
                        .putInt(1)
                        .putInt(name.length)
                        .put(name)
                        .flip());
        read(channel, ByteBuffer.allocate(10));
        return channel;
    }

    private static void write(final SocketChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void read(final SocketChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server has hung up");
            }
        }
    }
}
