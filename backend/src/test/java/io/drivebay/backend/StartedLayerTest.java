package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The control plane and a submitter against a context with a thread of its own. */
final class StartedLayerTest {
    private static final int REQUESTS = 20_000;

    private final IoContext context = new IoContext("started", SystemClock.INSTANCE, new ParkPort()).start();
    private final BlockLayer layer = new BlockLayer();
    private final BlockBackend backend = layer.createBackend(context, 8);

    @AfterEach
    void close() {
        layer.close();
        context.close();
    }

    private BlockNode disk(final String name) throws BlockException {
        return layer.addNode(name, context, NodeOptions.DEFAULTS, new TestDriver(4096), Map.of());
    }

    /** Keeps a number of requests going round until so many have completed. */
    private final class Load {
        private final CountDownLatch done = new CountDownLatch(REQUESTS);
        private final AtomicInteger toSubmit = new AtomicInteger(REQUESTS);
        private final Map<Status, Integer> statuses = new EnumMap<>(Status.class);

        void start() {
            for (int i = 0; i < 4; i++) {
                next(new BlockRequest(this::completed).set(Operation.FLUSH, 0, 0, 0));
            }
        }

        private void next(final BlockRequest request) {
            if (toSubmit.getAndDecrement() > 0) {
                assertTrue(backend.submit(request), "the ring holds all that are going round");
            }
        }

        private void completed(final BlockRequest request) {
            statuses.merge(request.status(), 1, Integer::sum);
            done.countDown();
            next(request);
        }

        boolean over() {
            return done.getCount() == 0;
        }

        void await() throws InterruptedException {
            assertTrue(done.await(60, TimeUnit.SECONDS), () -> done.getCount() + " requests were lost");
        }
    }

    @Test
    void noRequestIsLostWhileEverythingChangesAboveAndBelow() throws Exception {
        final BlockNode a = disk("a");
        final BlockNode b = disk("b");
        layer.insertMedium(backend, a);
        final Load load = new Load();
        load.start();

        for (int i = 0; !load.over() && i < 2_000; i++) {
            assertTrue(layer.changeMedium(backend, i % 2 == 0 ? b : a) > 0, "a pause takes time");
            final BlockNode filter = layer.addNode(null, context, NodeOptions.DEFAULTS, new TestFilter(), Map.of());
            layer.addFilter(backend, filter);
            layer.drainAll().close();
            layer.drain(a).close();
            backend.statistics().reset();
            layer.removeFilter(backend, filter);
            layer.deleteNode(filter.name());
        }
        load.await();

        final int answered =
                load.statuses.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(REQUESTS, answered);
        assertFalse(load.statuses.containsKey(Status.NO_MEDIUM));
        assertEquals(0, context.<Integer>call(backend::pending));
    }

    @Test
    void theContextsOwnThreadIsKeptOutOfTheControlPlane() throws BlockException {
        final BlockNode a = disk("a");

        assertThrows(IllegalStateException.class, () -> context.run(() -> layer.node("a")));
        assertThrows(IllegalStateException.class, () -> context.run(() -> layer.createBackend(context)));
        layer.insertMedium(backend, a);
        assertEquals(0, context.<Long>call(() -> backend.statistics().present().invalidOperations()));
    }

    @Test
    void aLayerWhoseContextIsClosedSaysSo() throws BlockException {
        final IoContext other = new IoContext("other", SystemClock.INSTANCE, new ParkPort()).start();
        layer.addContext(other);
        other.close();

        final RuntimeException refusal = assertThrows(RuntimeException.class, () -> layer.createBackend(other));

        assertTrue(String.valueOf(refusal.getMessage()).contains("context other is closed"), refusal::toString);
    }
}
