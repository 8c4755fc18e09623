package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.stats.IntervalStatistics;
import io.drivebay.backend.stats.IoStatistics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A reader's view of a backend's statistics: totals per generation of the medium, since the backend's beginning or the
 * last reset.
 *
 * <p>The context only hands finished intervals over; adding them up is the reader's work, so that neither reading nor a
 * change of medium holds requests up. Of generations that have passed, the last {@link #KEPT_GENERATIONS} are kept.
 */
public final class BackendStatistics {
    /** How many generations before the present one can be asked for. */
    public static final int KEPT_GENERATIONS = 16;

    private final IoContext context;
    private final IoStatistics live;
    /* Intervals that no reader has collected. The context's. */
    private final ArrayDeque<IntervalStatistics> unread = new ArrayDeque<>();
    private long liveGeneration;

    /* What readers have collected, by generation. Guarded by itself: no reader waits for the context while it holds it. */
    private final TreeMap<Long, IntervalStatistics> totals = new TreeMap<>();

    BackendStatistics(final IoContext context, final IoStatistics live) {
        this.context = context;
        this.live = live;
        totals.put(0L, new IntervalStatistics(0));
    }

    /** The present medium has changed. The context's thread. */
    void beginGeneration(final long generation) {
        handOver(generation);
    }

    private void handOver(final long nextGeneration) {
        unread.addLast(live.exchange(new IntervalStatistics(nextGeneration)));
        liveGeneration = nextGeneration;
        if (unread.size() > KEPT_GENERATIONS + 1) {
            unread.removeFirst();
        }
    }

    /** What has been done on the present medium since the last reset: a copy. Any thread. */
    public IntervalStatistics present() {
        collect();
        synchronized (totals) {
            return copy(totals.lastEntry().getValue());
        }
    }

    /** As {@link #present}, and begins anew: what is returned is in no later answer. Any thread. */
    public IntervalStatistics reset() {
        collect();
        synchronized (totals) {
            final IntervalStatistics taken = totals.lastEntry().getValue();
            totals.put(taken.generation(), new IntervalStatistics(taken.generation()));
            return taken;
        }
    }

    /** What was done on earlier media, oldest first: copies. Any thread. */
    public List<IntervalStatistics> past() {
        collect();
        synchronized (totals) {
            final List<IntervalStatistics> copies = new ArrayList<>();
            totals.headMap(totals.lastKey()).values().forEach(interval -> copies.add(copy(interval)));
            return copies;
        }
    }

    /* Two readers may add what they have taken in any order: each interval knows its generation. */
    private void collect() {
        final List<IntervalStatistics> taken = context.call(() -> {
            handOver(liveGeneration);
            final List<IntervalStatistics> all = List.copyOf(unread);
            unread.clear();
            return all;
        });
        synchronized (totals) {
            for (final IntervalStatistics interval : taken) {
                totals.computeIfAbsent(interval.generation(), IntervalStatistics::new)
                        .add(interval);
            }
            while (totals.size() > KEPT_GENERATIONS + 1) {
                totals.pollFirstEntry();
            }
        }
    }

    private static IntervalStatistics copy(final IntervalStatistics original) {
        final IntervalStatistics copy = new IntervalStatistics(original.generation());
        copy.add(original);
        return copy;
    }
}
