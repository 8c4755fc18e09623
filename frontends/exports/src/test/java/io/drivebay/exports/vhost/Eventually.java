package io.drivebay.exports.vhost;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what other threads and processes bring about. */
final class Eventually {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private Eventually() {}

    static void holds(final String what, final BooleanSupplier condition) {
        get(what, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    static <T> T get(final String what, final Supplier<@Nullable T> source) {
        final long endNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() < endNs) {
            final T found = source.get();
            if (found != null) {
                return found;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("there never was " + what);
    }
}
