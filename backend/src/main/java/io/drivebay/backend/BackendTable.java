package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A layer's backends: their names, how they come and go. All methods under the graph lock. */
final class BackendTable {
    private final BlockLayer layer;
    private final List<BlockBackend> live;
    private final Map<String, BlockBackend> named = new LinkedHashMap<>();

    /**
     * Holds no backends yet.
     *
     * @param live where those that live are to be listed; others read it in any thread
     */
    BackendTable(final BlockLayer layer, final List<BlockBackend> live) {
        this.layer = layer;
        this.live = live;
    }

    @Nullable
    BlockBackend find(final String name) {
        return named.get(name);
    }

    BlockBackend add(final Drainer drainer, final int ringCapacity) {
        final BlockBackend backend = new BlockBackend(layer, drainer.domain(), ringCapacity);
        backend.name(null);
        backend.context().run(() -> drainer.whole().join(backend));
        live.add(backend);
        return backend;
    }

    void name(final BlockBackend backend, final String name) throws BlockException {
        if (backend.name() != null) {
            throw new BlockException(Kind.BAD_NAME, backend.describe() + " has a name already");
        }
        layer.refuseBadName(name);
        named.put(name, backend);
        backend.name(name);
    }

    /** Takes a name away; what it was, or null. */
    @Nullable
    String removeName(final BlockBackend backend) {
        final String name = backend.name();
        if (name != null) {
            named.remove(name);
            backend.name(null);
        }
        return name;
    }

    /** Ends a backend whose last reference is being given back. */
    void delete(final BlockBackend backend) throws BlockException {
        if (backend.name() != null || backend.device() != null) {
            throw new IllegalStateException(
                    backend.describe() + " lost its last reference while it has a name or a device");
        }
        if (backend.slot().occupied()) {
            layer.removeMedium(backend);
        }
        SlotFilters.removeAll(layer, backend);
        layer.drainer(backend.domain()).during(List.of(backend), () -> {}, layer.drainTimeoutNs());
        backend.die();
        live.remove(backend);
    }

    /** Ends all backends, whoever holds them. */
    void close(final LayerEnd end) {
        for (final BlockBackend backend : live) {
            removeName(backend);
            if (backend.slot().occupied()) {
                end.attempt(() -> layer.removeMedium(backend));
            }
            end.attempt(() -> SlotFilters.removeAll(layer, backend));
            backend.die();
        }
        live.clear();
    }
}
