package io.drivebay.perf.peers;

import io.drivebay.perf.result.OperationResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A disk served over vhost-user by some program and read by {@code drivebay bench}: one run, from which several figures
 * are taken.
 */
final class VhostRun {
    private final Drivebay drivebay;
    private final List<String> daemon;
    private final List<String> client;
    private @Nullable OperationResult last;

    /**
     * A run to be.
     *
     * @param daemon a daemon with qemu-storage-daemon's options, without those
     * @param disk the disk's options, but for the node's name
     * @param client how the client reads
     */
    VhostRun(final Drivebay drivebay, final List<String> daemon, final String disk, final List<String> client) {
        this.drivebay = drivebay;
        this.daemon = new ArrayList<>(daemon);
        this.daemon.addAll(List.of(
                "--daemonize",
                "--pidfile",
                "@/pid",
                "--object",
                "iothread,id=io",
                "--blockdev",
                disk + ",node-name=disk",
                "--export",
                "type=vhost-user-blk,id=e,node-name=disk,iothread=io,addr.type=unix,addr.path=@/s"));
        this.client = client;
    }

    /** Runs; says how many requests there were a second. */
    double iops() throws IOException {
        try (RunningServer server = RunningServer.start(daemon)) {
            return read(server).iops();
        }
    }

    /** Runs; says how many nanoseconds of processor time the server spent on each request. */
    double serverNs() throws IOException {
        try (RunningServer server = RunningServer.start(daemon)) {
            read(server); // warms the server up
            final double beforeS = server.processorSeconds();
            final long count = read(server).operations();
            return (server.processorSeconds() - beforeS) * 1e9 / count;
        }
    }

    private OperationResult read(final RunningServer server) throws IOException {
        final List<String> options = new ArrayList<>(client);
        options.add("--socket=" + server.socket());
        final OperationResult result = drivebay.bench(options).operation("read");
        last = result;
        return result;
    }

    /** Another figure of the run before. */
    double of(final ToDoubleFunction<OperationResult> figure) throws IOException {
        final OperationResult result = last;
        if (result == null) {
            throw new IOException("there was no run");
        }
        return figure.applyAsDouble(result);
    }
}
