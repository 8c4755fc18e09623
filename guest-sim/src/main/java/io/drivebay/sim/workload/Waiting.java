package io.drivebay.sim.workload;

/** What a job does while it waits for completions. */
public enum Waiting {
    /** Looks again and again: lowest latency, a processor busy all the time. */
    POLL,
    /** Sleeps until the target interrupts it. */
    INTERRUPT,
    /** Has no thread to wait on: it runs in the target's I/O context, which wakes it with each completion. */
    CONTEXT
}
