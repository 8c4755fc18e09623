package io.drivebay.posix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptors that a {@link UringPort} watches, each by a repeated poll of the ring.
 *
 * <pre>
 * token:  63: 1   62..32: generation   31..0: place
 * </pre>
 *
 * <p>A place is free for the next watch only when the kernel has completed the last poll of its former one.
 */
final class UringWatches {
    /** Token of requests to cancel a poll: their result does not matter. */
    static final long CANCEL_TOKEN = -2;

    private static final Logger LOG = LoggerFactory.getLogger(UringWatches.class);
    private static final long WATCH_BIT = Long.MIN_VALUE;
    private static final int GENERATION_MASK = 0x3fffffff;

    private final IoUring ring;
    private final List<@Nullable Watch> places = new ArrayList<>();
    private final ArrayDeque<Watch> ready = new ArrayDeque<>();
    private int generation;

    UringWatches(final IoUring ring) {
        this.ring = ring;
    }

    FdWatch add(final int fd, final Runnable action) {
        int place = places.indexOf(null);
        if (place < 0) {
            place = places.size();
            places.add(null);
        }
        generation = generation + 1 & GENERATION_MASK;
        final Watch watch = new Watch(fd, action, place, WATCH_BIT | (long) generation << Integer.SIZE | place);
        places.set(place, watch);
        watch.arm();
        return watch;
    }

    /** Notes what became of a poll; the action runs later. */
    void completed(final long token, final int result, final boolean more) {
        final Watch watch = places.get((int) token);
        if (watch == null || watch.token != token) {
            throw new IllegalStateException("an event of nothing that is watched: token=" + Long.toHexString(token));
        }
        watch.completed(result, more);
    }

    /** Runs the actions of what became readable; returns how many. */
    int runReady() {
        final int count = ready.size();
        for (int i = 0; i < count; i++) {
            ready.remove().run();
        }
        return count;
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    private void makeRoom() {
        if (!ring.hasRoom()) {
            ring.submit();
        }
        if (!ring.hasRoom()) {
            throw new IllegalStateException("the kernel takes no more operations: " + ring);
        }
    }

    private final class Watch implements FdWatch {
        private final int fd;
        private final Runnable action;
        private final int place;
        private final long token;
        private boolean armed;
        private boolean queued;
        private boolean closed;

        Watch(final int fd, final Runnable action, final int place, final long token) {
            this.fd = fd;
            this.action = action;
            this.place = place;
            this.token = token;
        }

        private void arm() {
            makeRoom();
            ring.next().pollRepeatedly(fd, Epoll.READABLE).token(token);
            armed = true;
        }

        private void completed(final int result, final boolean more) {
            armed = more;
            if (closed) {
                leave();
                return;
            }
            if (result < 0) {
                LOG.warn("Watching fd {} ended: {}", fd, Errno.describe(-result));
                return;
            }
            if (!armed) {
                arm();
            }
            if (!queued) {
                queued = true;
                ready.add(this);
            }
        }

        private void run() {
            queued = false;
            if (!closed) {
                action.run();
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (armed) {
                makeRoom();
                ring.next().cancel(token).token(CANCEL_TOKEN);
            }
            leave();
        }

        private void leave() {
            if (!armed) {
                places.set(place, null);
            }
        }
    }
}
