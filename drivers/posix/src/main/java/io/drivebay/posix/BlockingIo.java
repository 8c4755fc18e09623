package io.drivebay.posix;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A pool of threads for calls that block, beside one port. Results come back through a queue that the port's thread
 * empties in its poll; a worker wakes the port after it has added one.
 *
 * <p>Threads are made when there is more work than idle threads, up to a limit, and end after some idle time.
 */
final class BlockingIo implements AutoCloseable {
    private static final long IDLE_NS = 10_000_000_000L;

    private final OperationSlots slots;
    private final int maxThreads;
    private final Runnable wake;
    private final @Nullable BlockingOperation[] operations;
    private final MpscVarHandleArrayQueue<BlockingOperation> results;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    /** A circular buffer; every operation is in it once at most, so it never overflows. */
    private final @Nullable BlockingOperation[] waiting;

    private int waitingHead;
    private int waitingCount;
    private int threads;
    private int idle;
    private int threadsMade;
    private boolean closed;
    private int inFlight;

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
        inFlight++;
        lock.lock();
        try {
            waiting[(waitingHead + waitingCount) % waiting.length] = operation;
            waitingCount++;
            if (waitingCount > idle && threads < maxThreads) {
                startThread();
            } else {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many operations were started and not collected. Port's thread. */
    int inFlight() {
        return inFlight;
    }

    private void startThread() {
        threads++;
        final Thread thread = new Thread(this::runOperations, "drivebay-blocking-" + ++threadsMade);
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
        inFlight -= collected;
        return collected;
    }

    private void runOperations() {
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
        lock.lock();
        try {
            idle++;
            waitForWork();
            idle--;
            if (waitingCount == 0) {
                threads--;
                return null;
            }
            final BlockingOperation next = waiting[waitingHead];
            waiting[waitingHead] = null;
            waitingHead = (waitingHead + 1) % waiting.length;
            waitingCount--;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void waitForWork() {
        long leftNs = IDLE_NS;
        try {
            while (waitingCount == 0 && !closed && leftNs > 0) {
                leftNs = work.awaitNanos(leftNs);
            }
        } catch (final InterruptedException e) {
            return; // nobody has a reason to interrupt a worker: it may end
        }
    }

    /** Lets the threads end. Comes after all operations are done. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
