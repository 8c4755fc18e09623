package io.drivebay.cli.host;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.workload.IoTarget;

/** A backend with something in front of it that a workload can drive. */
public interface Drive extends AutoCloseable {
    /** Targets for the jobs of a workload. */
    IoTarget.Factory targets();

    /** Takes away what is in front of the backend; its requests have ended. */
    @Override
    void close() throws BlockException;
}
