package io.drivebay.posix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptors that a port watches: how the kernel is asked is the port's business, whose action runs when is this
 * one's.
 *
 * <pre>
 * token:  63: 1   62..32: generation   31..0: place
 * </pre>
 *
 * <p>A place is free for the next watch only when no event of its former one can come any more.
 */
final class FdWatches {
    /** How a port has the kernel tell of a readable descriptor. */
    interface Poller {
        /** Has events of a descriptor come with a token, once for each time that more arrives. */
        void begin(int fd, long token);

        /**
         * Has them come no more.
         *
         * @return true when one is still to come, the last: {@link FdWatches#event} without more
         */
        boolean end(int fd, long token);
    }

    private static final Logger LOG = LoggerFactory.getLogger(FdWatches.class);
    private static final long WATCH_BIT = Long.MIN_VALUE;
    private static final int GENERATION_MASK = 0x3fffffff;

    private final Poller poller;
    private final List<@Nullable Watch> places = new ArrayList<>();
    private final ArrayDeque<Watch> ready = new ArrayDeque<>();
    private int generation;
    private int open;

    FdWatches(final Poller poller) {
        this.poller = poller;
    }

    FdWatch add(final int fd, final Runnable action) {
        int place = places.indexOf(null);
        if (place < 0) {
            place = places.size();
            places.add(null);
        }
        generation = generation + 1 & GENERATION_MASK;
        final Watch watch = new Watch(fd, action, place, WATCH_BIT | (long) generation << Integer.SIZE | place);
        poller.begin(fd, watch.token);
        places.set(place, watch);
        open++;
        return watch;
    }

    /** True while there is nothing to watch. */
    boolean isEmpty() {
        return open == 0;
    }

    /**
     * Notes an event; the action runs later.
     *
     * @param result negative when the kernel cannot watch the descriptor: the errno
     * @param more whether further events will come without asking again
     */
    void event(final long token, final int result, final boolean more) {
        final Watch watch = places.get((int) token);
        if (watch == null || watch.token != token) {
            throw new IllegalStateException("an event of nothing that is watched: token=" + Long.toHexString(token));
        }
        watch.event(result, more);
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

    private final class Watch implements FdWatch {
        private final int fd;
        private final Runnable action;
        private final int place;
        private final long token;
        private boolean armed = true;
        private boolean queued;
        private boolean closed;

        Watch(final int fd, final Runnable action, final int place, final long token) {
            this.fd = fd;
            this.action = action;
            this.place = place;
            this.token = token;
        }

        private void event(final int result, final boolean more) {
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
                poller.begin(fd, token);
                armed = true;
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
            open--;
            armed = armed && poller.end(fd, token);
            leave();
        }

        private void leave() {
            if (!armed) {
                places.set(place, null);
            }
        }
    }
}
