package io.drivebay.posix;

import io.drivebay.posix.PortOptions.Engine;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * File I/O by io_uring: operations are described as they come and handed over a few at a time; one call into the kernel
 * per {@link #poll()} hands over the rest and collects what is done. A poll with nothing to do makes no call.
 *
 * <p>What sleeps in {@link #await} sleeps in io_uring, where an eventfd is polled for ever once it has been armed.
 */
public final class UringPort implements AsyncFilePort {
    private static final Logger LOG = LoggerFactory.getLogger(UringPort.class);
    private static final long WAKE_TOKEN = -1;
    /** Of requests to cancel a poll: their result does not matter. */
    private static final long CANCEL_TOKEN = -2;

    private static final int FILE_TABLE_ENTRIES = 256;
    private static final long ENDED_POLL_NS = 1_000_000;
    /*
     * A disk idles while a long batch is still being described. Handing over this many at once costs little more than
     * all of them would, and at depth 32 keeps the disk a sixth busier (perf/README.md).
     */
    private static final int OPERATIONS_PER_SUBMIT = 4;

    private final IoUring ring;
    private final Waker waker;
    private final OperationSlots slots;
    private final BlockingIo blocking;
    private final FdWatches watches = new FdWatches(new RingPoller());
    private final BitSet fileTable = new BitSet(FILE_TABLE_ENTRIES);
    private @Nullable TeardownSignal teardown;
    private boolean wakeArmed;
    private boolean closed;
    private boolean released;
    private @Nullable Thread owner;

    private UringPort(final IoUring ring, final Waker waker, final PortOptions options) {
        this.ring = ring;
        this.waker = waker;
        this.slots = new OperationSlots(options.operations());
        this.blocking = new BlockingIo(slots, options.maxThreads(), waker::wake);
    }

    /**
     * Makes a port; the ring is bound to the port's thread by that thread's first call.
     *
     * @throws IoUringUnavailableException when there is no io_uring to be had here
     */
    public static UringPort open(final PortOptions options) throws PosixException {
        final int wakeAndSpare = 2;
        return open(options, IoUring.open(options.operations() + wakeAndSpare));
    }

    static UringPort open(final PortOptions options, final IoUring ring) throws PosixException {
        try {
            return new UringPort(ring, Waker.create(), options);
        } catch (final PosixException e) {
            ring.close();
            throw e;
        }
    }

    @Override
    public Engine engine() {
        return Engine.IO_URING;
    }

    private void start() {
        if (released) {
            throw new IllegalStateException(this + " is closed");
        }
        if (owner != null) {
            assert owner == Thread.currentThread() : "the port belongs to " + owner;
            return;
        }
        try {
            ring.enable();
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
        owner = Thread.currentThread();
        try {
            ring.registry().createFileTable(FILE_TABLE_ENTRIES);
            teardown = TeardownSignal.register(ring.registry(), 0);
            fileTable.set(0);
        } catch (final PosixException e) {
            LOG.debug("File I/O goes on without registered files", e);
        }
    }

    @Override
    public int poll() {
        if (released) {
            return slots.runCallbacks();
        }
        start();
        int handled = 0;
        if (ring.queued() > 0 || ring.kernelHasWork()) {
            handled = ring.submit();
        }
        collect();
        blocking.collect();
        return handled + slots.runCallbacks() + watches.runReady();
    }

    /** Moves completions from the ring to the slots; runs none of their callbacks. */
    private void collect() {
        final int ready = ring.ready();
        for (int i = 0; i < ready; i++) {
            final long token = ring.token(i);
            if (token >= 0) {
                slots.done(token, ring.result(i));
            } else if (token == WAKE_TOKEN) {
                wakeArmed = ring.more(i);
            } else if (token != CANCEL_TOKEN) {
                watches.event(token, ring.result(i), ring.more(i));
            }
        }
        if (ready > 0) {
            ring.release(ready);
        }
    }

    @Override
    public void await(final long timeoutNs) {
        if (timeoutNs <= 0 || released) {
            return;
        }
        start();
        if (slots.hasDone() || watches.hasReady() || ring.ready() > 0 || !waker.trySleep()) {
            return;
        }
        try {
            if (armWake()) {
                ring.await(timeoutNs);
            }
        } finally {
            waker.awake();
        }
    }

    /** Makes sure that a wake will end the sleep; false when the ring has no room for that now. */
    private boolean armWake() {
        if (wakeArmed) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        ring.next().pollRepeatedly(waker.fd(), Epoll.READABLE).token(WAKE_TOKEN);
        wakeArmed = true;
        return true;
    }

    private boolean hasRoom() {
        if (!ring.hasRoom()) {
            ring.submit();
        }
        return ring.hasRoom();
    }

    @Override
    public void wake() {
        waker.wake();
    }

    @Override
    public boolean busy() {
        return slots.inFlight() > 0;
    }

    @Override
    public int inFlight() {
        return slots.inFlight();
    }

    @Override
    public void whenRoom(final Runnable retry) {
        slots.whenRoom(retry);
    }

    @Override
    public <T> AsyncFile<T> attach(final PosixFile file, final IoCompletion<T> completion) {
        start();
        return new UringFile<>(this, file, completion, register(file));
    }

    @Override
    public <T> AsyncFile<T> attachToThreads(final PosixFile file, final IoCompletion<T> completion) {
        start();
        return new ThreadFile<>(slots, blocking, file, completion);
    }

    @Override
    public FdWatch watch(final int fd, final Runnable action) {
        start();
        return watches.add(fd, action);
    }

    /** Watches descriptors by repeated polls of the ring. */
    private final class RingPoller implements FdWatches.Poller {
        @Override
        public void begin(final int fd, final long token) {
            requireRoom();
            ring.next().pollRepeatedly(fd, Epoll.READABLE).token(token);
        }

        @Override
        public boolean end(final int fd, final long token) {
            requireRoom();
            ring.next().cancel(token).token(CANCEL_TOKEN);
            return true;
        }

        private void requireRoom() {
            if (!hasRoom()) {
                throw new IllegalStateException("the kernel takes no more operations: " + ring);
            }
        }
    }

    /** Index in the ring's file table, which saves the kernel a look-up per operation; -1 when there is no place. */
    private int register(final PosixFile file) {
        final int index = fileTable.nextClearBit(0);
        if (teardown == null || index >= FILE_TABLE_ENTRIES) {
            return -1;
        }
        try {
            ring.registry().setFile(index, file.fd());
        } catch (final PosixException e) {
            LOG.debug("Not registered: {}", file, e);
            return -1;
        }
        fileTable.set(index);
        return index;
    }

    void unregister(final int index) {
        if (released) {
            return;
        }
        try {
            ring.registry().clearFile(index);
            fileTable.clear(index);
        } catch (final PosixException e) {
            LOG.warn("A place in the file table is lost until the port is closed", e);
        }
    }

    /** Takes a slot and makes sure that an entry of the ring is free; -1 when there is no room. */
    <T> int take(final IoCompletion<T> completion, final T cookie) {
        if (ring.queued() >= OPERATIONS_PER_SUBMIT) {
            ring.submit();
        }
        return closed || !hasRoom() ? -1 : slots.take(completion, cookie);
    }

    Sqe next() {
        return ring.next();
    }

    OperationSlots slots() {
        return slots;
    }

    BlockingIo blocking() {
        return blocking;
    }

    @Override
    public void close() {
        if (released) {
            return;
        }
        closed = true;
        slots.close();
        final Thread thread = owner;
        if (thread == null || thread == Thread.currentThread()) {
            PortDrain.finish(this);
            if (teardown != null) {
                ring.registry().dropFileTable();
            }
        } else if (busy()) {
            finishForEnded(thread);
        }
        released = true;
        blocking.close();
        ring.close();
        waker.close();
        if (teardown != null) {
            teardown.close();
        }
        slots.runCallbacks();
    }

    /**
     * Completes what the port's thread left in flight when it ended. Nobody else can make the kernel finish it, so the
     * ring is torn down; what had not come back by then counts as canceled, though it may have happened.
     */
    private void finishForEnded(final Thread thread) {
        if (thread.isAlive()) {
            throw new IllegalStateException(this + " is closed beside its thread, " + inFlight() + " operations left");
        }
        while (ring.queued() > 0) {
            final long token = ring.retract();
            if (token >= 0) {
                slots.done(token, -Errno.ECANCELED.number());
            }
        }
        collect();
        if (slots.pending() > blocking.inFlight()) {
            if (teardown == null) {
                throw new IllegalStateException(this + " cannot tell when its operations end: close it on its thread");
            }
            ring.close();
            teardown.await();
        }
        while (blocking.inFlight() > 0) {
            if (blocking.collect() == 0) {
                LockSupport.parkNanos(ENDED_POLL_NS);
            }
        }
        slots.doneAll(-Errno.ECANCELED.number());
    }

    @Override
    public String toString() {
        return "UringPort[" + ring + "]";
    }
}
