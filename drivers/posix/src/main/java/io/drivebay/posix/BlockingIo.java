package io.drivebay.posix;

import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A pool of threads for calls that block, beside one port. Results come back through a queue that the port's thread
 * empties in its poll; a worker wakes the port after it has added one.
 *
 * <p>Threads are made when there is more work than idle threads, up to a limit, and end after some idle time.
 */
final class BlockingIo implements AutoCloseable {
    private static final long IDLE_MS = 10_000;

    private final OperationSlots slots;
    private final int maxThreads;
    private final Runnable wake;
    private final @Nullable BlockingOperation[] operations;
    private final MpscVarHandleArrayQueue<BlockingOperation> results;

    private final Object lock = new Object();
    /** A circular buffer; every operation is in it once at most, so it never overflows. */
    private final @Nullable BlockingOperation[] waiting;

    private int waitingHead;
    private int waitingCount;
    private int threads;
    private int idle;
    private int threadsMade;
    private boolean closed;

    BlockingIo(final OperationSlots slots, final int maxThreads, final Runnable wake) {
        this.slots = slots;
        this.maxThreads = maxThreads;
        this.wake = wake;
        this.operations = new BlockingOperation[slots.capacity()];
        this.waiting = new BlockingOperation[slots.capacity()];
        this.results = new MpscVarHandleArrayQueue<>(Math.max(2, slots.capacity()));
    }

    /** The operation of a slot, to be described and then started. */
    BlockingOperation operation(final int slot) {
        BlockingOperation operation = operations[slot];
        if (operation == null) {
            operation = new BlockingOperation(slot);
            operations[slot] = operation;
        }
        return operation;
    }

    /** Hands an operation to the pool. */
    void start(final BlockingOperation operation) {
        synchronized (lock) {
            waiting[(waitingHead + waitingCount) % waiting.length] = operation;
            waitingCount++;
            if (waitingCount > idle && threads < maxThreads) {
                startThread();
            } else {
                lock.notify();
            }
        }
    }

    private void startThread() {
        threads++;
        final Thread thread = new Thread(this::work, "drivebay-blocking-" + ++threadsMade);
        thread.setDaemon(true);
        thread.start();
    }

    /** Notes what the pool has done; returns how much. Port's thread. */
    int collect() {
        int collected = 0;
        for (BlockingOperation done = results.poll(); done != null; done = results.poll()) {
            slots.done(done.token(), done.result());
            collected++;
        }
        return collected;
    }

    private void work() {
        for (BlockingOperation next = take(); next != null; next = take()) {
            next.perform();
            if (!results.offer(next)) {
                throw new IllegalStateException("more results than operations");
            }
            wake.run();
        }
    }

    /** The next operation; null when the thread is to end. */
    private @Nullable BlockingOperation take() {
        synchronized (lock) {
            idle++;
            final boolean work = waitForWork();
            idle--;
            if (!work) {
                threads--;
                return null;
            }
            final BlockingOperation next = waiting[waitingHead];
            waiting[waitingHead] = null;
            waitingHead = (waitingHead + 1) % waiting.length;
            waitingCount--;
            return next;
        }
    }

    private boolean waitForWork() {
        final long deadlineNs = System.nanoTime() + IDLE_MS * 1_000_000;
        while (waitingCount == 0 && !closed) {
            final long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            try {
                lock.wait(leftMs);
            } catch (final InterruptedException e) {
                return waitingCount > 0; // nobody has a reason to interrupt a worker: it may end
            }
        }
        return waitingCount > 0;
    }

    /** Lets the threads end. Comes after all operations are done. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
