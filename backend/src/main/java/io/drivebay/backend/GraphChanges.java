package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.GraphChange;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.Parent;
import java.util.ArrayList;
import java.util.List;

/** Carries a layer's changes of its graph out, one at a time. All methods under the graph lock. */
final class GraphChanges {
    private final BlockLayer layer;
    private boolean changing;

    GraphChanges(final BlockLayer layer) {
        this.layer = layer;
    }

    /**
     * Carries a change out, in the domain's context, while nothing is on its way through the links that it touches; all or nothing.
     *
     * @param alsoDrain what is to be drained beside that, and before it
     * @param inContext what else is to happen in the same instant
     * @return nodes that have lost their last reference, for the caller to dispose of
     * @throws BlockException what the change is refused for; TIMEOUT when requests do not end
     */
    List<BlockNode> apply(
            final IoDomain domain,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        if (change.isEmpty()) {
            return List.of();
        }
        refuseNested();
        changing = true;
        try {
            change.prepare();
            drainAndApply(domain, change, alsoDrain, inContext);
        } finally {
            changing = false;
        }
        return change.finish();
    }

    private void drainAndApply(
            final IoDomain domain,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        final List<Drainable> targets = new ArrayList<>(alsoDrain);
        for (final Parent parent : change.parentsToDrain()) {
            targets.add(Drainable.of(parent));
        }
        final Runnable action = () -> {
            change.apply();
            inContext.run();
        };
        try {
            layer.drainer(domain).during(targets, action, layer.drainTimeoutNs());
        } finally {
            if (!change.applied()) {
                change.abort();
            }
        }
    }

    /* A stepped context runs call-backs in the thread that waits for it; they must not change what is being changed. */
    void refuseNested() throws BlockException {
        if (changing) {
            throw new BlockException(Kind.IN_USE, "another change of the graph is waiting for requests to end");
        }
    }
}
