package io.drivebay.exports;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes durable what clients have written, when their export ends. */
public final class LastFlush {
    private static final long TIMEOUT_S = 30;

    private LastFlush() {}

    /** Flushes a backend that has a medium, and waits for it; why it could not be done, or null. A control thread. */
    public static @Nullable String of(final BlockBackend backend) {
        final CompletableFuture<@Nullable String> flushed = new CompletableFuture<>();
        final BlockRequest request = new BlockRequest(
                ended -> flushed.complete(ended.succeeded() ? null : ended.status() + " at " + ended.origin()));
        if (!backend.submit(request.set(Operation.FLUSH, 0, 0, 0))) {
            return "its ring is full";
        }
        try {
            return backend.context().await(flushed, TimeUnit.SECONDS.toNanos(TIMEOUT_S));
        } catch (final TimeoutException e) {
            return "no answer within " + TIMEOUT_S + " s";
        }
    }
}
