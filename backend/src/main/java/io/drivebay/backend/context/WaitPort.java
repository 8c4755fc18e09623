package io.drivebay.backend.context;

/**
 * Where an {@link IoContext} meets the kernel: it hands over queued I/O, collects what is done and sleeps.
 *
 * <p>One port belongs to one context. All methods but {@link #wake()} are called on the context's thread only.
 */
public interface WaitPort extends AutoCloseable {
    /**
     * Hands queued submissions to the kernel and runs the callbacks of what has completed. Never blocks.
     *
     * @return how many submissions and completions were handled; 0 when there was nothing to do
     */
    int poll();

    /**
     * Sleeps until {@link #wake()}, a completion, or the end of the timeout; may return early for no reason.
     *
     * <p>A wake that came before this call and after the last return of it is not lost: the call returns at once.
     *
     * @param timeoutNs longest time to sleep in nanoseconds, {@link Long#MAX_VALUE} for no limit; 0 or less: no sleep
     */
    void await(long timeoutNs);

    /** Ends a present or the next {@link #await}. Any thread; makes at most one kernel call. */
    void wake();

    /** True while I/O that was handed over has not been collected. */
    boolean busy();

    /** Gives back what the port holds of the kernel. The context's thread, or any thread once that has ended. */
    @Override
    void close();
}
