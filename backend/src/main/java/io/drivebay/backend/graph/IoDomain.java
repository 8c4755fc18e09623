package io.drivebay.backend.graph;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import org.jspecify.annotations.Nullable;

/** What all nodes of one context share: pools and the drains that wait for quiet. The context's thread only. */
public final class IoDomain {
    private static final int ZEROES_BYTES = 64 * 1024;

    private final IoContext context;
    private final RegionPool regions = new RegionPool();
    private final PartPool parts = new PartPool();
    private final DrainWaiters drainWaiters = new DrainWaiters();
    private @Nullable MemoryRegion zeroes;

    public IoDomain(final IoContext context) {
        this.context = context;
    }

    public IoContext context() {
        return context;
    }

    /** Bounce buffers. */
    public RegionPool regions() {
        return regions;
    }

    /** Requests for drivers that split one into several. */
    public PartPool parts() {
        return parts;
    }

    /** The drains that wait for requests to end. */
    public DrainWaiters drainWaiters() {
        return drainWaiters;
    }

    /** 64 KiB of zeros, page-aligned; never written to. */
    public MemoryRegion zeroes() {
        MemoryRegion found = zeroes;
        if (found == null) {
            found = RegionPool.aligned(ZEROES_BYTES);
            zeroes = found;
        }
        return found;
    }
}
