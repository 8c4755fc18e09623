package io.drivebay.sim;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A disk in memory that does everything at once and never fails. */
public final class MemoryDisk implements BlockDriver {
    private final MemoryRegion content;
    private @Nullable MediumLifetime lifetime;

    public MemoryDisk(final int bytes) {
        content = MemoryRegion.allocate(bytes);
    }

    /** Says how worn it is. */
    public void wear(final MediumLifetime worn) {
        lifetime = worn;
    }

    public MemoryRegion content() {
        return content;
    }

    /** A node on this disk. */
    public BlockNode node(final BlockLayer layer, final IoContext context) throws BlockException {
        return layer.addNode(null, context, NodeOptions.DEFAULTS.withDiscard(true), this, Map.of());
    }

    /** A backend with this disk in it. */
    public BlockBackend backend(final BlockLayer layer, final IoContext context) throws BlockException {
        final BlockBackend backend = layer.createBackend(context);
        layer.insertMedium(backend, node(layer, context));
        return backend;
    }

    @Override
    public String driverName() {
        return "memory-disk";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public long length() {
        return content.size();
    }

    @Override
    public boolean supports(final Operation operation) {
        return operation == Operation.SECURE_ERASE;
    }

    @Override
    public @Nullable MediumLifetime lifetime() {
        return lifetime;
    }

    @Override
    public void start(final BlockRequest request) {
        final int at = (int) request.offset();
        final int length = (int) request.length();
        switch (request.operation()) {
            case READ -> request.vector().copyFrom(0, content, at, length);
            case WRITE -> request.vector().copyTo(0, content, at, length);
            case WRITE_ZEROES, SECURE_ERASE -> content.fill(at, length, (byte) 0);
            case DISCARD -> content.fill(at, length, (byte) (request.has(RequestFlags.MAY_UNMAP) ? 0 : 0xee));
            default -> {}
        }
        if (request.operation() == Operation.BLOCK_STATUS) {
            request.completeStatus(0, request.length());
        } else {
            request.complete();
        }
    }
}
