package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BackPressureTest {
    private final TestBench bench = new TestBench();

    @Test
    void aFullRingRefusesAndTheRequestStaysItsOwners() {
        final BlockBackend backend = bench.layer.createBackend(bench.context, 4);
        for (int i = 0; i < 4; i++) {
            new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        }
        final TestRequest fifth = new TestRequest(Operation.READ, 0, 512);

        assertFalse(backend.submit(fifth.request));
        bench.context.runUntilIdle();

        assertEquals(0, fifth.completions());
        fifth.submitTo(backend);
        bench.context.runUntilIdle();
        assertEquals(1, fifth.completions());
    }

    @Test
    void roomIsToldOnceAndOnlyAfterARefusal() {
        final BlockBackend backend = bench.layer.createBackend(bench.context, 4);
        final AtomicInteger calls = new AtomicInteger();
        final Runnable listener = calls::incrementAndGet;
        backend.addRoomListener(listener);
        for (int i = 0; i < 4; i++) {
            new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        }
        bench.context.runUntilIdle();
        assertEquals(0, calls.get());

        for (int i = 0; i < 4; i++) {
            new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        }
        assertFalse(backend.submit(new TestRequest(Operation.READ, 0, 512).request));
        bench.context.runUntilIdle();

        assertEquals(1, calls.get());
        backend.removeRoomListener(listener);
    }

    @Test
    void aFullRingBehindADrainTellsOfRoomWhenTheDrainEnds() throws BlockException {
        final BlockBackend backend = bench.layer.createBackend(bench.context, 4);
        final AtomicInteger calls = new AtomicInteger();
        backend.addRoomListener(calls::incrementAndGet);
        final BlockLayer.Drain drain = bench.layer.drain(backend);
        for (int i = 0; i < 4; i++) {
            new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        }
        assertFalse(backend.submit(new TestRequest(Operation.READ, 0, 512).request));
        bench.context.runUntilIdle();
        assertEquals(0, calls.get());

        drain.close();
        bench.context.runUntilIdle();

        assertEquals(1, calls.get());
    }

    @Test
    void withRealThreadsNoCallForRoomIsLost() throws Exception {
        final int requests = 20_000;
        try (IoContext context = new IoContext("room", SystemClock.INSTANCE, new ParkPort(), 0).start()) {
            final BlockBackend backend = bench.layer.createBackend(context, 2);
            final CountDownLatch done = new CountDownLatch(requests);
            final Queue<BlockRequest> waiting = new ArrayDeque<>();
            for (int i = 0; i < requests; i++) {
                waiting.add(new BlockRequest(request -> done.countDown()).set(Operation.READ, 0, 512, 0));
            }
            final Runnable submitter = () -> submitAll(backend, waiting);
            backend.addRoomListener(submitter);

            submitter.run();

            assertTrue(done.await(30, TimeUnit.SECONDS), () -> done.getCount() + " requests were left behind");
        }
    }

    private static void submitAll(final BlockBackend backend, final Queue<BlockRequest> waiting) {
        synchronized (waiting) {
            while (!waiting.isEmpty() && backend.submit(waiting.element())) {
                waiting.remove();
            }
        }
    }
}
