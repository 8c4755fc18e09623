package io.drivebay.perf.peers;

import io.drivebay.perf.peers.Aim.Goal;
import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.result.HostInfo;
import io.drivebay.perf.result.OperationResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Measures Drivebay and its peers by turns (ours, theirs, ours, theirs...), and prints a table of medians, ratios and
 * aims. Meant to be called by {@code perf/compare-peers}, which finds the jars.
 */
public final class ComparePeers {
    private static final long DISK_BYTES = 512L << 20;
    private static final long TMPFS_BYTES = 1L << 30;
    private static final double NS_PER_US = 1000;
    private static final int MOST_ATTEMPTS = 5;
    private static final List<String> QTEST_DISK =
            List.of("-nodefaults", "-drive", "if=ide,driver=null-co,size=1G,read-zeroes=on");

    private final Drivebay drivebay;
    private final Peers peers;
    private final Path disk;
    private final Path tmpfs;
    private final int seconds;
    private final Processors processors = new Processors();

    private ComparePeers(
            final Drivebay drivebay, final Peers peers, final Path disk, final Path tmpfs, final int seconds) {
        this.drivebay = drivebay;
        this.peers = peers;
        this.disk = disk;
        this.tmpfs = tmpfs;
        this.seconds = seconds;
    }

    /** Arguments: drivebay.jar, benchmarks.jar, a folder on a disk, rounds, seconds, and a part of the rows' names. */
    public static void main(final String[] args) throws IOException {
        if (args.length != 6) {
            System.err.println("usage: ComparePeers drivebay.jar benchmarks.jar FOLDER ROUNDS SECONDS ROWS");
            System.exit(2);
        }
        final int rounds = Integer.parseInt(args[3]);
        final int seconds = Integer.parseInt(args[4]);
        final Path disk = Files.createTempFile(Path.of(args[2]), "drivebay-peers", ".img");
        final Path tmpfs = Files.createTempFile(Path.of("/dev/shm"), "drivebay-peers", ".img");
        try {
            final ComparePeers comparison = new ComparePeers(
                    new Drivebay(Path.of(args[0]), Path.of(args[1]), seconds),
                    new Peers(seconds),
                    disk,
                    tmpfs,
                    seconds);
            final List<Aim> aims = new ArrayList<>(comparison.aims());
            aims.removeIf(Predicate.not(aim -> aim.name().contains(args[5])));
            if (aims.stream().anyMatch(aim -> aim.name().startsWith("file"))) {
                fill(disk, DISK_BYTES);
                readPastThePageCache(disk);
                fill(tmpfs, TMPFS_BYTES);
            }
            comparison.measure(aims, rounds);
            System.out.print(table(aims));
        } finally {
            Files.delete(disk);
            Files.delete(tmpfs);
        }
    }

    /** Random bytes, so that no disk can make it easy for itself. */
    private static void fill(final Path file, final long bytes) throws IOException {
        final byte[] chunk = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(chunk);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += chunk.length) {
                channel.write(ByteBuffer.wrap(chunk), at);
            }
            channel.force(true);
        }
    }

    /** Brings a file into whatever cache the disk has, so that the first to be measured has no disadvantage. */
    private static void readPastThePageCache(final Path file) throws IOException {
        Tool.run(List.of("dd", "if=" + file, "of=/dev/null", "bs=1M", "iflag=direct", "status=none"));
    }

    private void measure(final List<Aim> aims, final int rounds) {
        for (int round = 1; round <= rounds; round++) {
            for (final Aim aim : aims) {
                System.err.println("round " + round + " of " + rounds + ": " + aim.name());
                measure(aim);
            }
        }
    }

    /** A row that cannot be measured must not cost the others. */
    private void measure(final Aim aim) {
        try {
            for (int attempt = 1; !measureNear(aim, attempt == MOST_ATTEMPTS); attempt++) {
                System.err.println("once more: the processors were moved apart meanwhile");
            }
        } catch (final IOException e) {
            System.err.println(aim.name() + ": " + e.getMessage());
        }
    }

    /** Takes both figures, with the processors near each other from beginning to end, unless any figures will do. */
    private boolean measureNear(final Aim aim, final boolean anyway) throws IOException {
        processors.awaitNear();
        final double ours = aim.ours().take();
        boolean near = processors.near();
        final Measurement peer = aim.peer();
        final double theirs = peer == null ? Double.NaN : peer.take();
        near &= peer == null || processors.near();
        if (near || anyway) {
            aim.ours().keep(ours);
            if (peer != null) {
                peer.keep(theirs);
            }
        }
        return near || anyway;
    }

    private List<Aim> aims() {
        final List<Aim> aims = new ArrayList<>();
        aims.add(new Aim(
                "null-co, backend, depth 64: requests/s (qemu-img bench)",
                nullDisk("backend", 64),
                new Measurement(() -> peers.qemuImg(64, 1_500_000)),
                Units::count,
                Goal.atLeastTimes(2.5)));
        aims.add(new Aim(
                "null-co, backend, depth 1: requests/s (qemu-img bench)",
                nullDisk("backend", 1),
                new Measurement(() -> peers.qemuImg(1, 500_000)),
                Units::count,
                Goal.atLeastTimes(2.5)));
        aims.add(bytes("backend, depth 64: bytes a request", "RingBenchmark.oneThreadDepth64"));
        aims.add(new Aim(
                "null-co, virtio-blk, depth 32: requests/s",
                nullDisk("virtio-blk", 32),
                null,
                Units::count,
                Goal.atLeast(6e6, "6M")));
        aims.add(bytes("virtio-blk, depth 32: bytes a request", "VirtqueueBenchmark.request"));
        aims.addAll(fileAims());
        aims.addAll(nbdAims());
        aims.addAll(new VhostAims(drivebay, disk).all());
        aims.add(new Aim(
                "filter layer: ns a request",
                new Measurement(this::layerNs),
                null,
                Units::time,
                Goal.atMost(20, "20 ns")));
        aims.add(new Aim(
                "10 000 idle backends: heap",
                new Measurement(() -> drivebay.program(IdleBackends.class, "memory")),
                null,
                Units::bytes,
                Goal.atMost(64 << 20, "64 MiB")));
        aims.add(new Aim(
                "10 000 idle backends: % of a processor over 10 s",
                new Measurement(() -> drivebay.program(IdleBackends.class, "cpu")),
                null,
                percent -> String.format(Locale.ROOT, "%.3f %%", percent),
                Goal.atMost(0.1, "0.1 %")));
        aims.add(new Aim(
                "medium change, depth 32, null-co: pause p99",
                new Measurement(() -> drivebay.program(SwapPause.class)),
                null,
                Units::time,
                Goal.atMost(100 * NS_PER_US, "100 µs")));
        aims.addAll(ideAims());
        aims.addAll(qtestAims());
        return aims;
    }

    private List<Aim> ideAims() {
        return List.of(
                bytes("IDE, READ DMA 64 KiB: bytes a command", "IdeBenchmark.readDma64k"),
                bytes("IDE, READ DMA 4 KiB: bytes a command", "IdeBenchmark.readDma4k"),
                bytes("ATAPI, READ(10) of 32 blocks: bytes a command", "IdeBenchmark.atapiRead32"),
                new Aim(
                        "CD medium change, depth 32, null-co: pause p99",
                        new Measurement(() -> drivebay.program(SwapPause.class, "cd")),
                        null,
                        Units::time,
                        Goal.atMost(100 * NS_PER_US, "100 µs")));
    }

    private List<Aim> nbdAims() {
        return List.of(
                nbd(1, 30_000),
                nbd(32, 120_000),
                new Aim(
                        "64 NBD devices, 100 reads/s each: CPU over 64 times one's",
                        new Measurement(() -> drivebay.program(ManyDevices.class, drivebay.jar(), "cpu")),
                        null,
                        ComparePeers::ratio,
                        Goal.atMost(1, "linear")),
                new Aim(
                        "64 NBD devices, 100 reads/s each: memory over 64 times one's",
                        new Measurement(() -> drivebay.program(ManyDevices.class, drivebay.jar(), "memory")),
                        null,
                        ComparePeers::ratio,
                        Goal.atMost(1, "linear")));
    }

    private static String ratio(final double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private Aim nbd(final int depth, final long expectedPerSecond) {
        final NbdServers servers = new NbdServers(Path.of(drivebay.jar()));
        return new Aim(
                "NBD, null-co, depth " + depth + ": requests/s (better of qemu-nbd and nbdkit null)",
                new Measurement(() -> peers.nbdClient(servers.drivebay(1), depth, expectedPerSecond)),
                new Measurement(() -> Math.max(
                        peers.nbdClient(NbdServers.qemuNbd(), depth, expectedPerSecond),
                        peers.nbdClient(NbdServers.nbdkit(), depth, expectedPerSecond))),
                Units::count,
                Goal.atLeastTimes(1.3));
    }

    private List<Aim> qtestAims() {
        final QtestRates own = new QtestRates(drivebay.machine(QTEST_DISK), seconds);
        final List<String> qemu =
                new ArrayList<>(List.of("qemu-system-x86_64", "-accel", "tcg", "-S", "-display", "none"));
        qemu.addAll(QTEST_DISK);
        final QtestRates peer = new QtestRates(qemu, seconds);
        return List.of(
                new Aim(
                        "qtest, register access: median (QEMU)",
                        new Measurement(own::accessNs),
                        new Measurement(peer::accessNs),
                        Units::time,
                        Goal.atMost(50 * NS_PER_US, "50 µs")),
                qtestReads("4 KiB", own, peer, 4 << 10, false),
                qtestReads("64 KiB", own, peer, 64 << 10, false),
                qtestReads("4 KiB, writes posted", own, peer, 4 << 10, true),
                qtestReads("64 KiB, writes posted", own, peer, 64 << 10, true),
                new Aim(
                        "qtest, process start to first reply (QEMU)",
                        new Measurement(own::startNs),
                        new Measurement(peer::startNs),
                        Units::time,
                        Goal.atMost(1e6 * NS_PER_US, "1 s")));
    }

    private static Aim qtestReads(
            final String name, final QtestRates own, final QtestRates peer, final int bytes, final boolean posted) {
        return new Aim(
                "qtest, IDE DMA reads of " + name + ": commands/s (QEMU)",
                new Measurement(() -> own.commandsPerSecond(bytes, posted)),
                new Measurement(() -> peer.commandsPerSecond(bytes, posted)),
                Units::count,
                Goal.atLeastTimes(2));
    }

    private Measurement nullDisk(final String frontend, final int depth) {
        return new Measurement(() -> drivebay.bench(
                        List.of("--frontend=" + frontend, "--blockdev=driver=null-co,size=1G", "--iodepth=" + depth))
                .operation("read")
                .iops());
    }

    private Aim bytes(final String name, final String benchmark) {
        return new Aim(
                name,
                new Measurement(() -> drivebay.benchmark(benchmark, "", "gc.alloc.rate.norm")),
                null,
                value -> String.format(Locale.ROOT, "%.3f B", value),
                Goal.atMost(0.01, "0 B"));
    }

    /** What 32 layers add, by layer. */
    private double layerNs() throws IOException {
        final double none = drivebay.benchmark("FilterLayersBenchmark", "layers=0", "");
        return (drivebay.benchmark("FilterLayersBenchmark", "layers=32", "") - none) / 32;
    }

    private List<Aim> fileAims() {
        return List.of(
                new Aim(
                        "file on a disk, O_DIRECT, depth 32: requests/s (fio io_uring)",
                        new Measurement(() -> fileBench(disk, 32, "--direct").iops()),
                        new Measurement(() -> Peers.iops(peers.fio(disk, "io_uring", 32, true))),
                        Units::count,
                        Goal.atLeastTimes(0.97)),
                new Aim(
                        "file on a disk, O_DIRECT, depth 1: median (fio psync)",
                        new Measurement(() -> (double)
                                fileBench(disk, 1, "--direct").latency().p50Ns()),
                        new Measurement(() -> Peers.medianNs(peers.fio(disk, "psync", 1, true))),
                        Units::time,
                        Goal.atMostMore(3 * NS_PER_US, "3 µs")),
                new Aim(
                        "file on tmpfs, depth 32: requests/s (fio io_uring)",
                        new Measurement(
                                () -> fileBench(tmpfs, 32, "--name=tmpfs").iops()),
                        new Measurement(() -> Peers.iops(peers.fio(tmpfs, "io_uring", 32, false))),
                        Units::count,
                        Goal.atLeastTimes(0.9)));
    }

    private OperationResult fileBench(final Path file, final int depth, final String option) throws IOException {
        return drivebay.bench(
                        List.of(file.toString(), "--frontend=backend", "--wait=context", "--iodepth=" + depth, option))
                .operation("read");
    }

    private static String table(final List<Aim> aims) {
        final StringBuilder text = new StringBuilder(TextReport.host(HostInfo.here())).append("\n\n");
        text.append("| What | Drivebay | Peer | Ratio | Aim | Reached |\n|---|---|---|---|---|---|\n");
        for (final Aim aim : aims) {
            final double ours = aim.ours().median();
            final double peer = aim.peerMedian();
            text.append("| ").append(aim.name());
            text.append(" | ").append(Double.isNaN(ours) ? "?" : aim.unit().apply(ours));
            text.append(" | ").append(Double.isNaN(peer) ? "" : aim.unit().apply(peer));
            text.append(" | ").append(Double.isNaN(ours / peer) ? "" : String.format(Locale.ROOT, "%.2f", ours / peer));
            text.append(" | ").append(aim.goal().text());
            text.append(" | ").append(aim.reached() ? "yes" : "NO").append(" |\n");
        }
        text.append("\nAll rounds:\n\n");
        for (final Aim aim : aims) {
            text.append("- ").append(aim.name()).append(": ").append(all(aim, aim.ours()));
            final Measurement peer = aim.peer();
            text.append(peer == null ? "" : "; peer " + all(aim, peer)).append('\n');
        }
        return text.toString();
    }

    private static String all(final Aim aim, final Measurement measurement) {
        final List<String> figures = new ArrayList<>();
        measurement.figures().forEach(figure -> figures.add(aim.unit().apply(figure)));
        return figures.isEmpty() ? "could not be measured" : String.join(", ", figures);
    }
}
