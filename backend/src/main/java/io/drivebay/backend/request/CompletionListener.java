package io.drivebay.backend.request;

/** Whoever submitted a request, or split one into this one, and is told of its end. */
@FunctionalInterface
public interface CompletionListener {
    /**
     * Called exactly once per submission, on the context's thread, never inside the call that submitted. The request
     * is the listener's again: it may submit it anew before it returns.
     */
    void completed(BlockRequest request);
}
