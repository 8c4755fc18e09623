package io.drivebay.perf.peers;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * How far apart the processors are: what one cache line takes from one to another and back. A host puts the processors of
 * a virtual machine on whatever cores are free, on one die now and on two a minute later, and two threads that work hand
 * in hand run at half the speed then. Figures of such times say something of the host only.
 */
final class Processors {
    /** On one die it is 50 to 120 ns; between dies, 300 and more. */
    private static final double NEAR_NS = 200;

    private static final int PATIENCE_S = 60;
    private static final int SAMPLES = 15;
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int TRIPS_AT_ONCE = 100;

    /* Places in the array that share no line. */
    private static final int THERE = 16;
    private static final int BACK = 64;
    private static final int PLACES = 96;

    /** True when a cache line's round trip is a short one. */
    boolean near() {
        return roundTripNs() <= NEAR_NS;
    }

    /** Waits until the processors are near each other, a minute at most. */
    void awaitNear() {
        for (int waited = 0; waited < PATIENCE_S && !near(); waited++) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** A cache line's round trip between two threads in nanoseconds, the median of some; 0 with one processor only. */
    double roundTripNs() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return 0;
        }
        final AtomicLongArray lines = new AtomicLongArray(PLACES);
        final Thread other = new Thread(() -> echo(lines), "echo");
        other.setDaemon(true);
        other.start();
        final double[] samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            samples[i] = sample(lines);
        }
        lines.setRelease(THERE, -1);
        Arrays.sort(samples);
        return samples[SAMPLES / 2];
    }

    private static double sample(final AtomicLongArray lines) {
        final long first = lines.getPlain(THERE);
        final long began = System.nanoTime();
        long trip = first;
        long now = began;
        while (now - began < SAMPLE_NS) {
            for (int i = 0; i < TRIPS_AT_ONCE; i++) {
                trip++;
                lines.setRelease(THERE, trip);
                while (lines.getAcquire(BACK) != trip) {
                    Thread.onSpinWait();
                }
            }
            now = System.nanoTime();
        }
        return (double) (now - began) / (trip - first);
    }

    /** Sends back what comes, until that is negative. */
    private static void echo(final AtomicLongArray lines) {
        long seen = 0;
        while (seen >= 0) {
            final long here = lines.getAcquire(THERE);
            if (here == seen) {
                Thread.onSpinWait();
            } else {
                seen = here;
                lines.setRelease(BACK, seen);
            }
        }
    }
}
