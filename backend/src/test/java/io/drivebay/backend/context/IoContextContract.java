package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every context, whoever its thread is. */
abstract class IoContextContract {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    private IoContext context = make();

    abstract IoContext make();

    /** Lets time go by, in whatever way the context's clock does that. */
    abstract void letTimePass(IoContext of, long deltaNs);

    @BeforeEach
    void open() {
        context.close();
        context = make();
    }

    @AfterEach
    void close() {
        context.close();
    }

    /** A source fed by any thread. */
    private static final class Source extends ReadySource {
        private final ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        private final List<Integer> handled = new ArrayList<>();

        @Override
        protected int run() {
            final Integer item = queue.poll();
            if (item == null) {
                return 0;
            }
            handled.add(item);
            return 1;
        }

        @Override
        protected boolean hasWork() {
            return !queue.isEmpty();
        }
    }

    private <T> T await(final CompletableFuture<T> future) throws TimeoutException {
        return context.await(future, LONG_NS);
    }

    @Test
    void tasksRunInTheContextInTheOrderOfPosting() throws TimeoutException {
        final List<Integer> order = new ArrayList<>();
        final CompletableFuture<Boolean> inside = new CompletableFuture<>();
        for (int i = 0; i < 5000; i++) {
            final int number = i;
            context.execute(() -> order.add(number));
        }
        context.execute(() -> inside.complete(context.inContext()));

        assertTrue(await(inside));
        assertFalse(context.inContext());
        assertEquals(5000, order.size());
        assertEquals(4999, order.get(4999));
    }

    @Test
    void aCallReturnsItsResultAndItsFailure() {
        assertEquals(42, context.<Integer>call(() -> 42));
        final IllegalArgumentException failure = new IllegalArgumentException("no");

        assertSame(
                failure,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> context.run(() -> {
                            throw failure;
                        })));
    }

    @Test
    void aCallFromWithinRunsAtOnce() {
        final int nested = context.<Integer>call(() -> context.<Integer>call(() -> 7));

        assertEquals(7, nested);
    }

    @Test
    void aReadySourceRunsUntilItIsEmptyAndAgainWhenItIsReadyAgain() throws TimeoutException {
        final Source source = new Source();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                source.queue.add(i);
            }
            context.ready(source);
            context.ready(source);
            awaitEmpty(source);
        }

        assertEquals(300, context.<Integer>call(() -> source.handled.size()));
    }

    private void awaitEmpty(final Source source) throws TimeoutException {
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        context.execute(new Runnable() {
            @Override
            public void run() {
                if (source.queue.isEmpty()) {
                    done.complete(true);
                } else {
                    context.execute(this);
                }
            }
        });
        await(done);
    }

    @Test
    void timersFireOnceNotBeforeTheirTimeAndEqualOnesInOrderOfArming() throws TimeoutException {
        final List<String> fired = new ArrayList<>();
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        final long begin = context.clock().nanoTime();
        context.run(() -> {
            context.timer(() -> fired.add("b")).arm(begin + 2_000_000);
            context.timer(() -> fired.add("c")).arm(begin + 2_000_000);
            context.timer(() -> fired.add("a")).arm(begin + 1_000_000);
            final Timer canceled = context.timer(() -> fired.add("never"));
            canceled.arm(begin + 1_000_000);
            canceled.cancel();
            context.timer(() -> done.complete(true)).arm(begin + 3_000_000);
        });
        letTimePass(context, 3_000_000);

        await(done);

        assertTrue(context.clock().nanoTime() >= begin + 3_000_000);
        assertEquals(List.of("a", "b", "c"), fired);
    }

    @Test
    void aTimerThatIsArmedAgainHasOnlyItsNewDeadline() throws TimeoutException {
        final AtomicInteger fired = new AtomicInteger();
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        final long begin = context.clock().nanoTime();
        context.run(() -> {
            final Timer timer = context.timer(() -> {
                fired.incrementAndGet();
                done.complete(true);
            });
            timer.arm(begin + 1_000_000_000_000L);
            timer.arm(begin + 1_000_000);
            assertTrue(timer.armed());
        });
        letTimePass(context, 1_000_000);

        await(done);

        assertEquals(1, fired.get());
        assertEquals(Long.MAX_VALUE, context.<Long>call(context::nextDeadlineNs));
    }

    @Test
    void workForTheEndOfATurnRunsAfterItsTasks() throws TimeoutException {
        final List<String> order = new ArrayList<>();
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        context.run(() -> {
            context.atEndOfTurn(() -> {
                order.add("end");
                done.complete(true);
            });
            order.add("task");
        });

        await(done);

        assertEquals(List.of("task", "end"), order);
    }

    @Test
    void aClosedContextRefusesInsteadOfLettingWait() {
        context.close();
        context.close();

        assertThrows(RejectedExecutionException.class, () -> context.execute(() -> {}));
        assertThrows(RejectedExecutionException.class, () -> context.run(() -> {}));
        assertThrows(IllegalStateException.class, context::start);
    }

    @Test
    void itCannotBeClosedFromWithin() {
        assertThrows(IllegalStateException.class, () -> context.run(context::close));
    }

    @Test
    void anotherContextIsAnotherContext() {
        try (IoContext other = make()) {
            assertNotSame(context, other);
            assertFalse(context.<Boolean>call(other::inContext));
        }
    }
}
