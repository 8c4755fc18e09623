package io.drivebay.perf.peers;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.sim.guest.IdeMachine;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.BackendTarget;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * For how long a change of medium holds requests back, at depth 32 between two disks that do nothing. Prints one number:
 * the 99th percentile of the pauses, in nanoseconds. With the argument {@code cd} the disks are the discs of an ATAPI
 * drive, which is told of every change.
 */
public final class SwapPause {
    private static final int CHANGES = 2000;
    private static final int WARMUP_CHANGES = 1000;
    private static final long BETWEEN_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int DEPTH = 32;
    private static final long WARMUP_NS = TimeUnit.SECONDS.toNanos(3);

    private SwapPause() {}

    /** Measures. */
    public static void main(final String[] args) throws BlockException {
        try (IoContext context = new IoContext("swap", SystemClock.INSTANCE, new ParkPort()).start();
                BlockLayer layer = new BlockLayer()) {
            final Blockdevs blockdevs = new Blockdevs(layer);
            final List<BlockNode> media = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                media.add(blockdevs.add(context, Map.of("driver", "null-co", "size", "1G")));
            }
            final BlockBackend backend = layer.createBackend(context);
            layer.insertMedium(backend, media.get(0));
            if (List.of(args).contains("cd")) {
                new IdeMachine(Deviation.STANDARD).plugCd(0, DriveOptions.of("cd0"), backend, TransitionTrace.NONE);
            }
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDREAD)
                    .depth(DEPTH)
                    .runtimeNs(TimeUnit.MINUTES.toNanos(5))
                    .build();
            try (Workload workload = new Workload(spec, BackendTarget.on(backend), context.clock())) {
                final CompletableFuture<WorkloadResult> load = CompletableFuture.supplyAsync(workload::run);
                LockSupport.parkNanos(WARMUP_NS);
                final long[] pauses = change(layer, backend, media);
                workload.stop();
                requireLoad(load.join());
                System.out.println(pauses[(int) Math.ceil(0.99 * pauses.length) - 1]);
            }
        }
    }

    private static void requireLoad(final WorkloadResult result) {
        final long others = result.failures().entrySet().stream()
                .filter(failure -> !failure.getKey().name().equals("MEDIUM_CHANGED"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (others > 0 || result.operations() < CHANGES) {
            throw new IllegalStateException(
                    "the load was not what it should be: " + result.operations() + " done, " + result.failures());
        }
    }

    private static long[] change(final BlockLayer layer, final BlockBackend backend, final List<BlockNode> media)
            throws BlockException {
        final long[] pauses = new long[CHANGES];
        for (int i = -WARMUP_CHANGES; i < CHANGES; i++) {
            final long pauseNs = layer.changeMedium(backend, media.get((i & 1) ^ 1));
            if (i >= 0) {
                pauses[i] = pauseNs;
            }
            LockSupport.parkNanos(BETWEEN_NS);
        }
        Arrays.sort(pauses);
        return pauses;
    }
}
