package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.IoDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A layer's contexts, each with what its nodes share and with its drains. */
final class Drainers {
    private final GraphLock lock;
    private final List<BlockBackend> backends;
    private final NodeTable nodes;
    private final Map<IoContext, Drainer> drainers = new LinkedHashMap<>();

    Drainers(final GraphLock lock, final List<BlockBackend> backends, final NodeTable nodes) {
        this.lock = lock;
        this.backends = backends;
        this.nodes = nodes;
    }

    /** The drainer of a context, which becomes one of the layer's. */
    Drainer of(final IoContext context) {
        return lock.reading(() -> drainers.computeIfAbsent(context, key -> {
            lock.keepOut(key);
            final IoDomain domain = new IoDomain(key);
            return new Drainer(domain, () -> backends, () -> members(domain));
        }));
    }

    /** True when nodes or backends live in a context. */
    boolean inhabited(final IoContext context) {
        return lock.reading(() -> !members(of(context).domain()).isEmpty());
    }

    private List<Drainable> members(final IoDomain domain) {
        final List<Drainable> members = new ArrayList<>();
        backends.stream().filter(backend -> backend.domain() == domain).forEach(members::add);
        nodes.all().stream().filter(node -> node.domain() == domain).forEach(node -> members.add(Drainable.of(node)));
        return members;
    }

    /** Drains all contexts, or none. Under the graph lock. */
    BlockLayer.Drain drainAll(final long timeoutNs) throws BlockException {
        final List<BlockLayer.Drain> begun = new ArrayList<>();
        final BlockLayer.Drain all = () -> lock.reading(() -> {
            begun.forEach(BlockLayer.Drain::close);
            return begun;
        });
        boolean complete = false;
        try {
            for (final Drainer drainer : List.copyOf(drainers.values())) {
                begun.add(new HeldDrain(drainer, drainer.whole(), timeoutNs, () -> {}, () -> {}));
            }
            complete = true;
            return all;
        } finally {
            if (!complete) {
                all.close();
            }
        }
    }

    /** Every pending request of all contexts, one a line. */
    String report() {
        final StringBuilder report = new StringBuilder();
        for (final Drainer drainer : lock.reading(() -> List.copyOf(drainers.values()))) {
            report.append(drainer.domain().context().call(drainer::report));
        }
        return report.toString();
    }
}
