package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartedContextTest extends IoContextContract {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    @Override
    IoContext make() {
        return new IoContext("started", SystemClock.INSTANCE, new ParkPort()).start();
    }

    @Override
    void letTimePass(final IoContext of, final long deltaNs) {
        // goes by itself
    }

    /** A port that says when its context sleeps. */
    private static final class WatchedPort implements WaitPort {
        private final ParkPort port = new ParkPort();
        private final AtomicLong polls = new AtomicLong();
        private final AtomicBoolean asleep = new AtomicBoolean();

        @Override
        public int poll() {
            polls.incrementAndGet();
            return port.poll();
        }

        @Override
        public void await(final long timeoutNs) {
            asleep.set(true);
            port.await(timeoutNs);
            asleep.set(false);
        }

        @Override
        public void wake() {
            port.wake();
        }

        @Override
        public boolean busy() {
            return false;
        }

        @Override
        public void close() {
            port.close();
        }

        void awaitSleep() {
            while (!asleep.get()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anIdleContextSleepsAndTakesNoTurns() {
        final WatchedPort port = new WatchedPort();
        try (IoContext context = new IoContext("idle", SystemClock.INSTANCE, port, 0).start()) {
            port.awaitSleep();
            final long polls = port.polls.get();
            final long before = SystemClock.INSTANCE.nanoTime();
            while (SystemClock.INSTANCE.nanoTime() - before < 20_000_000) {
                Thread.onSpinWait();
            }

            assertTrue(port.polls.get() - polls <= 2, () -> "turns while idle: " + (port.polls.get() - polls));
            context.run(() -> {});
        }
    }

    @Test
    void aSleepIsRecordedOnlyWhenARecordingAsksForIt(@TempDir final Path folder) throws IOException {
        assertEquals(List.of(), sleepsRecorded(folder.resolve("off.jfr"), false));
        assertEquals(
                "idle", sleepsRecorded(folder.resolve("on.jfr"), true).get(0).getString("context"));
    }

    private static List<RecordedEvent> sleepsRecorded(final Path file, final boolean enabled) throws IOException {
        final WatchedPort port = new WatchedPort();
        try (Recording recording = new Recording()) {
            if (enabled) {
                recording.enable("drivebay.ContextSleep").withoutThreshold();
            }
            recording.start();
            try (IoContext context = new IoContext("idle", SystemClock.INSTANCE, port, 0).start()) {
                port.awaitSleep();
                context.run(() -> {});
            }
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("drivebay.ContextSleep"))
                .toList();
    }

    @Test
    void noWakeUpIsLostWhenWorkComesJustAsItFallsAsleep() throws InterruptedException {
        try (IoContext context = new IoContext("sleepy", SystemClock.INSTANCE, new ParkPort(), 0).start()) {
            final int rounds = 20_000;
            final AtomicInteger handled = new AtomicInteger();
            final AtomicInteger queued = new AtomicInteger();
            final ReadySource source = new ReadySource() {
                @Override
                protected int run() {
                    if (queued.get() == 0) {
                        return 0;
                    }
                    queued.decrementAndGet();
                    handled.incrementAndGet();
                    return 1;
                }

                @Override
                protected boolean hasWork() {
                    return queued.get() > 0;
                }
            };
            final CountDownLatch ended = new CountDownLatch(1);
            for (int i = 1; i <= rounds; i++) {
                queued.incrementAndGet();
                context.ready(source);
                spinUntil(handled, i);
            }
            context.execute(ended::countDown);

            assertTrue(ended.await(30, TimeUnit.SECONDS));
            assertEquals(rounds, handled.get());
        }
    }

    private static void spinUntil(final AtomicInteger value, final int target) {
        final long begin = SystemClock.INSTANCE.nanoTime();
        while (value.get() < target) {
            Thread.onSpinWait();
            assertFalse(SystemClock.INSTANCE.nanoTime() - begin > LONG_NS, () -> "lost at " + target);
        }
    }

    @Test
    void aTaskThatFailsDoesNotEndTheContext() {
        try (IoContext context = make()) {
            context.execute(() -> {
                throw new IllegalArgumentException("no");
            });

            assertEquals(1, context.<Integer>call(() -> 1));
        }
    }

    @Test
    void closingRunsWhatIsQueued() {
        final IoContext context = make();
        final List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            final int number = i;
            context.execute(() -> done.add(number));
        }

        context.close();

        assertEquals(100, done.size());
    }

    @Test
    void whoeverWaitsWhenTheContextIsClosedIsToldSo() {
        final IoContext context = make();
        final CompletableFuture<Void> never = new CompletableFuture<>();
        final CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                () -> assertThrows(RejectedExecutionException.class, () -> context.await(never, Long.MAX_VALUE)));

        context.close();

        waiting.join();
        assertFalse(never.isDone());
    }

    @Test
    void waitingInTheContextForItselfIsRefused() {
        try (IoContext context = make()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> context.run(() -> {
                        try {
                            context.await(new CompletableFuture<>(), 1);
                        } catch (final TimeoutException e) {
                            throw new AssertionError(e);
                        }
                    }));
        }
    }

    @Test
    void onlyItsOwnThreadStepsIt() {
        try (IoContext context = make()) {
            assertThrows(IllegalStateException.class, context::runOnce);
            assertThrows(IllegalStateException.class, context::start);
        }
    }
}
