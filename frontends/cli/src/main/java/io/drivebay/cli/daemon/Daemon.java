package io.drivebay.cli.daemon;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.IoThread;
import io.drivebay.cli.daemon.Step.Kind;
import io.drivebay.cli.host.Monitors;
import io.drivebay.driver.Contexts;
import io.drivebay.exports.control.BlockExports;
import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A block layer with its objects and exports, brought up step by step. A control thread. */
final class Daemon implements AutoCloseable {
    private final IoContext main = Contexts.create("main").start();
    private final BlockLayer layer = new BlockLayer();
    private final Blockdevs blockdevs = new Blockdevs(layer);
    private final BlockExports exports = new BlockExports(layer, main.clock());
    private final Monitor monitor = Monitor.of(layer, blockdevs, main, WallClock.INSTANCE);
    private final Monitors monitors = new Monitors(monitor);
    private final Chardevs chardevs = new Chardevs();
    private final List<Step> steps;
    private final Placement placement;
    private final Set<Step> doneEarly = new HashSet<>();

    private Daemon(final List<Step> steps) {
        this.steps = steps;
        this.placement = new Placement(steps);
        new ServiceCommands(layer, exports).addTo(monitor);
    }

    /**
     * Carries steps out, in their order. The monitor's clients are let in when all that is done.
     *
     * @param quit what a client's {@code quit} does
     * @throws BlockException the first step's that fails; then nothing is left open
     */
    static Daemon start(final List<Step> steps, final Runnable quit) throws BlockException {
        final Daemon daemon = new Daemon(steps);
        daemon.monitor.onQuit(quit);
        boolean started = false;
        try {
            for (final Step step : steps) {
                daemon.carryOut(step);
            }
            daemon.chardevs.open(daemon.monitors);
            started = true;
            return daemon;
        } finally {
            if (!started) {
                daemon.close();
            }
        }
    }

    private void carryOut(final Step step) throws BlockException {
        try {
            switch (step.kind()) {
                case OBJECT -> {
                    if (!doneEarly.remove(step)) {
                        layer.objects().add(step.options());
                    }
                }
                case BLOCKDEV -> blockdevs.add(home(step), step.options());
                case NBD_SERVER -> exports.startNbdServer(step.options());
                case CHARDEV -> chardevs.add(new BlockdevOptions(step.options()));
                case MONITOR -> chardevs.monitor(new BlockdevOptions(step.options()));
                case EXPORT -> exports.add(step.options());
            }
        } catch (final BlockException e) {
            throw new BlockException(e.kind(), step.describe() + ": " + e.getMessage(), e);
        }
    }

    /** The name of the context that a node lives in. */
    String home(final String nodeName) {
        return Objects.requireNonNull(layer.node(nodeName), nodeName)
                .domain()
                .context()
                .name();
    }

    /** Where nodes are to live. A thread that is only made between them and their export is made now. */
    private IoContext home(final Step blockdev) throws BlockException {
        final Step export = placement.decidedBy(blockdev);
        final @Nullable String name = export == null ? null : export.word("iothread");
        if (name == null) {
            return main;
        }
        for (final Step step : steps.subList(0, steps.indexOf(export))) {
            if (step.kind() == Kind.OBJECT
                    && name.equals(step.word("id"))
                    && "iothread".equals(step.word("qom-type"))) {
                if (layer.objects().find(name, IoThread.class) == null) {
                    layer.objects().add(step.options());
                    doneEarly.add(step);
                }
                return layer.objects().need(name, IoThread.class).context();
            }
        }
        return main;
    }

    /** Ends everything, after what is in flight; what was written is flushed. */
    @Override
    public void close() {
        try (main;
                layer;
                exports;
                monitor) {
            monitors.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
