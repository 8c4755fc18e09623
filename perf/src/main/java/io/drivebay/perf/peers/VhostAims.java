package io.drivebay.perf.peers;

import io.drivebay.perf.peers.Aim.Goal;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.result.OperationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured over vhost-user, beside qemu-storage-daemon with the same client: {@code drivebay bench}. */
final class VhostAims {
    private static final int[] DEPTHS = {1, 8, 32, 64};
    private static final String NULL_DISK = "driver=null-co,size=1073741824,read-zeroes=off";
    private static final List<String> QEMU = List.of("qemu-storage-daemon");

    private final Drivebay drivebay;
    private final Path file;

    /**
     * The aims.
     *
     * @param file a file on a disk, to be read with O_DIRECT
     */
    VhostAims(final Drivebay drivebay, final Path file) {
        this.drivebay = drivebay;
        this.file = file;
    }

    List<Aim> all() {
        final List<Aim> aims = new ArrayList<>();
        for (final int depth : DEPTHS) {
            aims.addAll(rates("poll", depth, 1.25));
        }
        for (final int depth : DEPTHS) {
            aims.addAll(rates("interrupt", depth, 1.5));
        }
        aims.add(processorTime());
        aims.add(directFile());
        return aims;
    }

    private List<Aim> rates(final String waiting, final int depth, final double ratio) {
        final List<String> client = List.of("--wait=" + waiting, "--iodepth=" + depth);
        final VhostRun ours = new VhostRun(drivebay, drivebay.daemon(), NULL_DISK, client);
        final VhostRun theirs = new VhostRun(drivebay, QEMU, NULL_DISK, client);
        final String name = "vhost-user, null-co, " + waiting + ", depth " + depth + ": ";
        return List.of(
                new Aim(
                        name + "requests/s (qemu-storage-daemon)",
                        new Measurement(ours::iops),
                        new Measurement(theirs::iops),
                        Units::count,
                        Goal.atLeastTimes(ratio)),
                latency(name + "p50", ours, theirs, result -> result.latency().p50Ns()),
                latency(name + "p99", ours, theirs, result -> result.latency().p99Ns()),
                latency(name + "p99.9", ours, theirs, result -> result.latency().p999Ns()));
    }

    private static Aim latency(
            final String name,
            final VhostRun ours,
            final VhostRun theirs,
            final ToDoubleFunction<OperationResult> percentile) {
        return new Aim(
                name,
                new Measurement(() -> ours.of(percentile)),
                new Measurement(() -> theirs.of(percentile)),
                Units::time,
                Goal.atMostMore(0, "nothing"));
    }

    private Aim processorTime() {
        final List<String> client = List.of("--wait=interrupt", "--iodepth=32", "--rate=100000");
        return new Aim(
                "vhost-user, null-co, 100 000 requests/s: server's processor time a request (qemu-storage-daemon)",
                new Measurement(new VhostRun(drivebay, drivebay.daemon(), NULL_DISK, client)::serverNs),
                new Measurement(new VhostRun(drivebay, QEMU, NULL_DISK, client)::serverNs),
                Units::time,
                Goal.atMostMore(0, "nothing"));
    }

    private Aim directFile() {
        final String disk = "driver=file,filename=" + file + ",aio=io_uring,cache.direct=on";
        final List<String> client = List.of("--iodepth=32");
        return new Aim(
                "file on a disk over vhost-user, O_DIRECT, depth 32: requests/s (qemu-storage-daemon io_uring)",
                new Measurement(new VhostRun(drivebay, drivebay.daemon(), disk, client)::iops),
                new Measurement(new VhostRun(drivebay, QEMU, disk, client)::iops),
                Units::count,
                Goal.atLeastTimes(1));
    }
}
