package io.drivebay.posix;

import io.drivebay.posix.PortOptions.Engine;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** File I/O by threads that block, for kernels and containers without io_uring. Sleeps in epoll. */
public final class EpollPort implements AsyncFilePort {
    private static final int MAX_EVENTS = 16;
    /** Of the port's own descriptor, whose events only end a sleep. */
    private static final long WAKE_TOKEN = 0;

    private final Epoll epoll;
    private final FdWatches watches = new FdWatches(new EpollPoller());
    private final Waker waker;
    private final OperationSlots slots;
    private final BlockingIo blocking;
    private boolean released;
    private @Nullable Thread owner;

    private EpollPort(final Epoll epoll, final Waker waker, final PortOptions options) {
        this.epoll = epoll;
        this.waker = waker;
        this.slots = new OperationSlots(options.operations());
        this.blocking = new BlockingIo(slots, options.maxThreads(), waker::wake);
    }

    /** Makes a port. */
    public static EpollPort open(final PortOptions options) throws PosixException {
        final Epoll epoll = Epoll.create(MAX_EVENTS);
        try {
            return open(epoll, Waker.create(), options);
        } catch (final PosixException e) {
            epoll.close();
            throw e;
        }
    }

    private static EpollPort open(final Epoll epoll, final Waker waker, final PortOptions options)
            throws PosixException {
        try {
            epoll.add(waker.fd(), Epoll.READABLE | Epoll.EDGE_TRIGGERED, WAKE_TOKEN);
            return new EpollPort(epoll, waker, options);
        } catch (final PosixException e) {
            waker.close();
            throw e;
        }
    }

    @Override
    public Engine engine() {
        return Engine.THREADS;
    }

    private void start() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        assert owner == Thread.currentThread() : "the port belongs to " + owner;
    }

    @Override
    public int poll() {
        if (released) {
            return slots.runCallbacks();
        }
        start();
        blocking.collect();
        if (!watches.isEmpty() && !watches.hasReady()) {
            collectEvents(0);
        }
        return slots.runCallbacks() + watches.runReady();
    }

    @Override
    public void await(final long timeoutNs) {
        if (timeoutNs <= 0 || released) {
            return;
        }
        start();
        if (slots.hasDone() || watches.hasReady() || !waker.trySleep()) {
            return;
        }
        try {
            collectEvents(timeoutNs);
        } finally {
            waker.awake();
        }
    }

    /** Waits for events of what is watched and notes them. */
    private void collectEvents(final long timeoutNs) {
        final int events;
        try {
            events = epoll.await(timeoutNs);
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < events; i++) {
            final long token = epoll.token(i);
            if (token != WAKE_TOKEN) {
                watches.event(token, epoll.events(i), true);
            }
        }
    }

    /** Watches descriptors for edges. */
    private final class EpollPoller implements FdWatches.Poller {
        @Override
        public void begin(final int fd, final long token) {
            try {
                epoll.add(fd, Epoll.READABLE | Epoll.EDGE_TRIGGERED, token);
            } catch (final PosixException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean end(final int fd, final long token) {
            try {
                epoll.remove(fd);
            } catch (final PosixException e) {
                throw new UncheckedIOException(e);
            }
            return false;
        }
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
        return new ThreadFile<>(slots, blocking, file, completion);
    }

    @Override
    public <T> AsyncFile<T> attachToThreads(final PosixFile file, final IoCompletion<T> completion) {
        return attach(file, completion);
    }

    @Override
    public FdWatch watch(final int fd, final Runnable action) {
        start();
        return watches.add(fd, action);
    }

    @Override
    public void close() {
        if (released) {
            return;
        }
        slots.close();
        owner = null;
        PortDrain.finish(this);
        released = true;
        blocking.close();
        epoll.close();
        waker.close();
    }

    @Override
    public String toString() {
        return "EpollPort[" + slots.capacity() + " operations]";
    }
}
