package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockedOperation;
import io.drivebay.backend.policy.ErrorPolicy;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named backends that belong to the layer, as those of {@code -drive} and {@code drive_add}. Under the graph lock. */
final class Drives {
    private final BlockLayer layer;
    private final Set<BlockBackend> owned = new HashSet<>();

    Drives(final BlockLayer layer) {
        this.layer = layer;
    }

    BlockBackend add(final String name, final IoContext context, final @Nullable BlockNode medium)
            throws BlockException {
        final BlockBackend backend = layer.createBackend(context);
        boolean added = false;
        try {
            layer.nameBackend(backend, name);
            if (medium != null) {
                layer.insertMedium(backend, medium);
                layer.disown(medium);
            }
            owned.add(backend);
            added = true;
            return backend;
        } finally {
            if (!added) {
                layer.removeName(backend);
                backend.release();
            }
        }
    }

    void delete(final String name) throws BlockException {
        final BlockBackend backend = layer.backend(name);
        if (backend == null) {
            layer.deleteNode(name);
            return;
        }
        if (!owned.contains(backend)) {
            throw new BlockException(
                    Kind.IN_USE,
                    backend.describe() + " was not made as a drive: remove its medium and delete that node instead");
        }
        final BlockNode medium = backend.medium();
        if (medium != null) {
            medium.blockers().check(BlockedOperation.DRIVE_DEL);
            layer.removeMedium(backend);
        }
        backend.errors().policy(ErrorPolicy.REPORT); // its device finds no medium any more, and nobody will bring one
        letGo(backend);
    }

    void unplug(final BlockBackend backend) throws BlockException {
        backend.detachDevice();
        if (owned.contains(backend)) {
            letGo(backend);
        }
    }

    /** Name and reference go; with a device attached that is what the backend then lives by. */
    private void letGo(final BlockBackend backend) throws BlockException {
        layer.removeName(backend);
        owned.remove(backend);
        backend.release();
    }
}
