package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;

/** What stands between a workload and a backend. */
public enum Frontend {
    /** Nothing. */
    BACKEND("backend") {
        @Override
        public Drive attach(final BlockBackend backend, final boolean writes) throws BlockException {
            return DirectDrive.on(backend, writes);
        }
    };

    private final String spelling;

    Frontend(final String spelling) {
        this.spelling = spelling;
    }

    /** Puts it in front of a backend. */
    public abstract Drive attach(BlockBackend backend, boolean writes) throws BlockException;

    @Override
    public String toString() {
        return spelling;
    }
}
