package io.drivebay.backend.object;

import io.drivebay.backend.context.IoContext;
import java.util.Map;

/** A running context by an id: QAPI's {@code iothread}. */
public final class IoThread implements LayerObject {
    private final IoContext context;
    private final long pollMaxNs;

    /**
     * Takes a running context over.
     *
     * @param pollMaxNs how long it polls before it sleeps, for queries
     */
    public IoThread(final IoContext context, final long pollMaxNs) {
        this.context = context;
        this.pollMaxNs = pollMaxNs;
    }

    /** Where nodes live that are to be served by this thread. */
    public IoContext context() {
        return context;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("poll-max-ns", pollMaxNs);
    }

    @Override
    public void close() {
        context.close();
    }
}
