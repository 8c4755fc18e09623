package io.drivebay.sim.workload;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.Operation;

/**
 * Where one job sends its requests. A request lives in a slot; each slot has memory of its own. One thread only, the
 * job's; nothing is allocated per request.
 */
public interface IoTarget extends AutoCloseable {
    /** Where jobs get their targets from. */
    @FunctionalInterface
    interface Factory {
        /** A target for one job. On the thread that makes the workload. */
        IoTarget open(Shape shape);
    }

    /**
     * What a job wants of its target.
     *
     * @param job number of the job, from 0
     * @param jobs how many jobs there are
     * @param slots most requests in flight
     * @param slotBytes longest request in bytes
     * @param waiting how the job waits
     */
    record Shape(int job, int jobs, int slots, int slotBytes, Waiting waiting) {}

    /** Length of the medium in bytes. */
    long lengthBytes();

    /** The memory that holds a slot's data. */
    MemoryRegion memory(int slot);

    /** Where in its region a slot's memory begins. */
    int memoryOffset(int slot);

    /**
     * Submits a READ or WRITE of a slot's memory, or a FLUSH; it may stay behind until {@link #kick}.
     *
     * @param nowNs the time on the workload's clock, just read
     * @return false when there is no room just now; nothing has happened then
     */
    boolean submit(int slot, Operation operation, long offset, int length, long nowNs);

    /** Sees to it that everything submitted is on its way. */
    void kick();

    /**
     * Adds the requests that have completed to a batch. Each slot is the job's again.
     *
     * @throws IllegalStateException when what came back is not what can have come back
     */
    void poll(CompletionBatch batch);

    /** Sleeps until there may be a completion, at most for a time; only with {@link Waiting#INTERRUPT}. */
    void await(long timeoutNs);

    /**
     * Lets the job run in the target's context; only with {@link Waiting#CONTEXT}.
     *
     * @param onCompletion runs in the context whenever a request has completed
     * @return the context that all other calls come from now on
     * @throws IllegalArgumentException when a job cannot run there
     */
    default IoContext enterContext(final Runnable onCompletion) {
        throw new IllegalArgumentException("a guest has a thread of its own and cannot run in the disk's context");
    }

    /** Gives everything back. No request is in flight. */
    @Override
    void close();
}
