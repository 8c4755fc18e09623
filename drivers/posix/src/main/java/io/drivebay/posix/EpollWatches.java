package io.drivebay.posix;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The descriptors that an {@link EpollPort} watches. While there are any, each poll asks the kernel. */
final class EpollWatches {
    /** Token of the port's own descriptor, whose events only end a sleep. */
    static final long NO_WATCH = 0;

    private final Epoll epoll;
    private final Map<Long, Watch> watches = new HashMap<>();
    private long lastToken = NO_WATCH;
    private int events;

    EpollWatches(final Epoll epoll) {
        this.epoll = epoll;
    }

    FdWatch add(final int fd, final Runnable action) {
        final Watch watch = new Watch(fd, action, ++lastToken);
        try {
            epoll.add(fd, Epoll.READABLE | Epoll.EDGE_TRIGGERED, watch.token);
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
        watches.put(watch.token, watch);
        return watch;
    }

    /** Sleeps for events, which {@link #runReady()} then finds. */
    void await(final long timeoutNs) throws PosixException {
        events = epoll.await(timeoutNs);
    }

    boolean hasReady() {
        return events > 0;
    }

    /** Runs the actions of what became readable; returns how many. */
    int runReady() {
        if (events == 0 && !watches.isEmpty()) {
            events = look();
        }
        int run = 0;
        while (events > 0) {
            events--;
            final @Nullable Watch watch = watches.get(epoll.token(events));
            if (watch != null) {
                run++;
                watch.action.run();
            }
        }
        return run;
    }

    private int look() {
        try {
            return epoll.await(0);
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Watch implements FdWatch {
        private final int fd;
        private final Runnable action;
        private final long token;

        Watch(final int fd, final Runnable action, final long token) {
            this.fd = fd;
            this.action = action;
            this.token = token;
        }

        @Override
        public void close() {
            if (watches.remove(token) == null) {
                return;
            }
            try {
                epoll.remove(fd);
            } catch (final PosixException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
