package io.drivebay.perf.peers;

import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table: what is to be reached, beside whom.
 *
 * @param name what is measured
 * @param ours Drivebay's figure
 * @param peer the other program's figure; null for an aim without one
 * @param unit how a figure is written
 * @param goal when it is reached
 */
record Aim(String name, Measurement ours, @Nullable Measurement peer, DoubleFunction<String> unit, Goal goal) {

    /**
     * When an aim is reached.
     *
     * @param text in words
     */
    record Goal(String text, Reached reached) {
        /** Decides. */
        @FunctionalInterface
        interface Reached {
            /**
             * Whether it is.
             *
             * @param peer the peer's figure; NaN when there is none
             */
            boolean test(double ours, double peer);
        }

        static Goal atLeastTimes(final double ratio) {
            return new Goal("at least " + ratio + " x", (ours, peer) -> ours >= ratio * peer);
        }

        static Goal atMostMore(final double difference, final String text) {
            return new Goal("at most " + text + " more", (ours, peer) -> ours <= peer + difference);
        }

        static Goal atLeast(final double least, final String text) {
            return new Goal("at least " + text, (ours, peer) -> ours >= least);
        }

        static Goal atMost(final double most, final String text) {
            return new Goal("at most " + text, (ours, peer) -> ours <= most);
        }
    }

    boolean reached() {
        return goal.reached().test(ours.median(), peerMedian());
    }

    double peerMedian() {
        return peer == null ? Double.NaN : peer.median();
    }
}
