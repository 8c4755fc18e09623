package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.Child;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.Random;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * The ring with submitters and the context taking turns at every step of each other, as a seed says: whenever one looks at
 * the ring, and while the room listener is called. An interleaving that threads find once in hours is met in milliseconds.
 */
final class SubmissionQueueTest {
    private static final int CAPACITY = 2;
    private static final int ROUNDS = 500;
    private static final int STEPS = 4;
    private static final int MOST_DEPTH = 5;

    private final TestBench bench = new TestBench();
    private final SubmissionQueue queue = new SubmissionQueue(bench.context, gate(), new WatchedRing());
    private Random random = new Random(0);
    private int depth = MOST_DEPTH;
    private boolean running;

    private long now;
    private long lastRefused;
    private long lastCall;
    private int accepted;
    private int completed;

    private RequestGate gate() {
        final BlockBackend backend = bench.backend();
        final Child root = new Child(backend, "root");
        return new RequestGate(
                new MediumSlot(root), bench.clock, backend.domain().drainWaiters());
    }

    /** Lets others act before and after each look. */
    private final class WatchedRing extends MpscVarHandleArrayQueue<BlockRequest> {
        WatchedRing() {
            super(CAPACITY);
        }

        @Override
        public boolean offer(final BlockRequest request) {
            othersAct();
            final boolean taken = super.offer(request);
            othersAct();
            return taken;
        }

        @Override
        public @Nullable BlockRequest relaxedPoll() {
            othersAct();
            final BlockRequest request = super.relaxedPoll();
            othersAct();
            return request;
        }

        @Override
        public int size() {
            othersAct();
            final int size = super.size();
            othersAct();
            return size;
        }
    }

    private void othersAct() {
        if (depth < MOST_DEPTH && random.nextInt(4) == 0) {
            act();
        }
    }

    private void act() {
        depth++;
        if (running || random.nextBoolean()) {
            submit();
        } else {
            runContext();
        }
        depth--;
    }

    /** Another thread submits. */
    private void submit() {
        final long begun = ++now;
        final BlockRequest request = new BlockRequest(done -> completed++).set(Operation.FLUSH, 0, 0, 0);
        request.queue(0, 0);
        if (queue.offer(request)) {
            accepted++;
        } else {
            request.unqueue();
            lastRefused = Math.max(lastRefused, begun);
        }
    }

    private void runContext() {
        running = true;
        if (random.nextBoolean()) {
            bench.context.runOnce();
        } else {
            bench.context.runUntilIdle();
        }
        running = false;
    }

    private void told() {
        lastCall = ++now;
        othersAct();
    }

    @RepeatedTest(10)
    void noCallForRoomIsLostAndEachRequestCompletesOnce(final RepetitionInfo repetition) {
        random = new Random(repetition.getCurrentRepetition());
        queue.addRoomListener(this::told);
        for (int round = 0; round < ROUNDS; round++) {
            depth = 0;
            for (int step = 0; step < STEPS; step++) {
                act();
            }
            depth = MOST_DEPTH; // now they leave each other alone
            bench.context.runUntilIdle();

            assertEquals(accepted, completed);
            assertTrue(
                    lastRefused <= lastCall,
                    () -> "refused at " + lastRefused + ", told last at " + lastCall + ", now " + now);
        }
        assertTrue(lastRefused > 0);
    }
}
