package io.drivebay.backend.request;

/** A driver's place on the completion stack of a request. */
@FunctionalInterface
public interface CompletionFrame {
    /**
     * Called on the context's thread when everything below has completed.
     *
     * @param request the request, with its result set
     * @param saved what the driver pushed along with this frame
     * @return true to go on to the frame above; false when this frame keeps the request, and will call
     *     {@link BlockRequest#resume()} once done
     */
    boolean completed(BlockRequest request, long saved);
}
