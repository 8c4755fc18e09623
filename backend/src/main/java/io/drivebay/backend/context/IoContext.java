package io.drivebay.backend.context;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread, or the simulator's stand-in for one, that runs trees of block nodes.
 *
 * <p>A context runs the sources that have work (a ready queue, so idle ones cost nothing), posted tasks, due timers and
 * the I/O of its {@link WaitPort}. {@link #start} gives it a thread of its own, which polls adaptively and then sleeps
 * in the kernel. A context that is never started is stepped: whoever calls {@link #runOnce} is its thread, which is how
 * tests and the simulator run the same code on virtual time. A started context may live by a {@link VirtualClock} as
 * well: then it never polls, if its limit is 0, and whoever moves the clock gives it a task so that it looks.
 *
 * <p>Code that runs in a context must not block.
 */
public final class IoContext implements Executor, AutoCloseable {
    /** How long a started context polls for work by default before it sleeps, in nanoseconds. */
    public static final long DEFAULT_POLL_NS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(IoContext.class);
    private static final int IDLE_TURNS_BEFORE_RELEASE = 256;
    private static final int QUEUE_CHUNK = 64;
    private static final int MAX_TASKS_PER_TURN = 1024;

    private final String name;
    private final Clock clock;
    private final WaitPort port;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks =
            new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final MpscUnboundedVarHandleArrayQueue<ReadySource> readyQueue =
            new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK);
    private final ArrayList<ReadySource> hot = new ArrayList<>();
    private final ArrayDeque<Runnable> turnEnds = new ArrayDeque<>();
    private final TimerQueue timers = new TimerQueue();
    private final IdleTurns idleTurns;
    private final List<Runnable> faultListeners = new ArrayList<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private volatile @Nullable Thread thread;
    private @Nullable Thread ownThread;
    private volatile boolean sleeping;
    private volatile boolean stopping;

    /** A context that polls for {@link #DEFAULT_POLL_NS}. */
    public IoContext(final String name, final Clock clock, final WaitPort port) {
        this(name, clock, port, DEFAULT_POLL_NS);
    }

    /**
     * A context, not yet running.
     *
     * @param pollLimitNs longest time a started context looks for work before it sleeps; 0: it never polls
     */
    public IoContext(final String name, final Clock clock, final WaitPort port, final long pollLimitNs) {
        this.name = name;
        this.clock = clock;
        this.port = port;
        this.idleTurns = new IdleTurns(new PollPolicy(pollLimitNs), clock);
    }

    /** A stepped context on a clock, without a kernel behind it. */
    public static IoContext stepped(final String name, final Clock clock) {
        return new IoContext(name, clock, new ParkPort());
    }

    public String name() {
        return name;
    }

    public Clock clock() {
        return clock;
    }

    public WaitPort port() {
        return port;
    }

    /** True when the caller runs in this context. */
    public boolean inContext() {
        return thread == Thread.currentThread();
    }

    /** True once {@link #start} has given the context a thread of its own. */
    public boolean started() {
        return ownThread != null;
    }

    /** Gives the context a daemon thread of its own, which runs until {@link #close}. */
    public IoContext start() {
        if (ownThread != null || stopping) {
            throw new IllegalStateException("context " + name + " is running already, or closed");
        }
        final Thread runner = new Thread(this::loop, "drivebay-" + name);
        runner.setDaemon(true);
        ownThread = runner;
        thread = runner;
        runner.start();
        return this;
    }

    /**
     * Ends the thread after the tasks that are queued now, then closes the port. Not from within the context; closing
     * again does nothing. Requests that backends still hold are not carried out: close their layer first.
     */
    @Override
    public void close() {
        if (inContext()) {
            throw new IllegalStateException("context " + name + " cannot be closed from within");
        }
        final boolean first = !stopping;
        stopping = true;
        if (ownThread != null) {
            port.wake();
            ended.join();
        }
        if (first) {
            port.close();
        }
    }

    // ---- for any thread ----

    /**
     * Runs a task in the context, in the order of posting. Any thread. A task that is posted while the context is being
     * closed may never run.
     *
     * @throws RejectedExecutionException when the context has been closed
     */
    @Override
    public void execute(final Runnable task) {
        if (stopping) {
            throw new RejectedExecutionException("context " + name + " is closed");
        }
        tasks.offer(task);
        wakeIfAsleep();
    }

    /** Tells that a source has work. Any thread; cheap while the source is still marked from before. */
    public void ready(final ReadySource source) {
        if (source.mark()) {
            readyQueue.offer(source);
            wakeIfAsleep();
        }
    }

    private void wakeIfAsleep() {
        if (sleeping) {
            sleeping = false;
            port.wake();
        }
    }

    /**
     * Runs an action in the context and waits for its result; runs it at once when the caller is in the context.
     *
     * @throws RejectedExecutionException when the context is closed, or is closed before the action has run
     */
    public <T extends @Nullable Object> T call(final Supplier<T> action) {
        if (inContext()) {
            return action.get();
        }
        final CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(action.get());
            } catch (final RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return await(result, Long.MAX_VALUE);
        } catch (final TimeoutException e) {
            throw new IllegalStateException("context " + name + " can make no progress", e);
        }
    }

    /** Runs an action in the context and waits for its end. */
    public void run(final Runnable action) {
        this.<@Nullable Void>call(() -> {
            action.run();
            return null;
        });
    }

    /**
     * Waits for what the context will bring about. A stepped context is run by the caller meanwhile, and a virtual
     * clock moved from timer to timer.
     *
     * @throws TimeoutException when the time is over or, in a stepped context, when nothing is left that could happen
     * @throws RejectedExecutionException when the context is closed before that
     */
    public <T extends @Nullable Object> T await(final CompletableFuture<T> future, final long timeoutNs)
            throws TimeoutException {
        if (ownThread == null) {
            stepUntil(future, timeoutNs);
        } else if (inContext() && !future.isDone()) {
            throw new IllegalStateException("waiting in context " + name + " for itself would never end");
        }
        waitFor(CompletableFuture.anyOf(future.handle((value, failure) -> value), ended), timeoutNs);
        if (!future.isDone()) {
            throw new RejectedExecutionException("context " + name + " was closed before it was done");
        }
        try {
            return future.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void waitFor(final CompletableFuture<?> future, final long timeoutNs) throws TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(timeoutNs, TimeUnit.NANOSECONDS);
                    return;
                } catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (final ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stepUntil(final CompletableFuture<?> future, final long timeoutNs) throws TimeoutException {
        final long now = clock.nanoTime();
        final long endNs = timeoutNs > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + timeoutNs;
        while (!future.isDone()) {
            if (runOnce() > 0) {
                continue;
            }
            final long next = Math.min(timers.nextDeadlineNs(), endNs);
            final boolean stuck = timers.nextDeadlineNs() == Long.MAX_VALUE && !port.busy();
            if ((stuck && clock instanceof VirtualClock) || clock.nanoTime() >= endNs) {
                throw new TimeoutException("context " + name + ": nothing is left that could happen in time");
            }
            if (clock instanceof VirtualClock virtual && !port.busy()) {
                virtual.advanceTo(next);
            } else {
                port.await(Math.min(next - clock.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1)));
            }
        }
    }

    // ---- for the context's thread ----

    /**
     * Runs an action once, at the end of the present turn: for work that many completions of one turn can share, such as
     * telling a guest of them. Allocates nothing for an action that is at hand.
     */
    public void atEndOfTurn(final Runnable action) {
        turnEnds.add(action);
    }

    /**
     * Adds somebody to be told when an access to memory has faulted: a file was cut off that is mapped, by a process that
     * shares it. The JVM says neither where that was nor at once that it was; whoever maps what others can cut off looks.
     */
    public void addFaultListener(final Runnable listener) {
        faultListeners.add(listener);
    }

    public void removeFaultListener(final Runnable listener) {
        faultListeners.remove(listener);
    }

    /** A timer, not yet armed. Arm it in the context. */
    public Timer timer(final Runnable action) {
        return new Timer(timers, action);
    }

    /** The earliest deadline of an armed timer; {@link Long#MAX_VALUE} when there is none. */
    public long nextDeadlineNs() {
        return timers.nextDeadlineNs();
    }

    /**
     * One turn: tasks, ready sources, I/O, due timers. For stepping; a started context does it by itself.
     *
     * @return how many things were done; 0 when there was nothing to do
     */
    public int runOnce() {
        if (ownThread != null && !inContext()) {
            throw new IllegalStateException("context " + name + " has a thread of its own");
        }
        final Thread outer = thread;
        thread = Thread.currentThread();
        try {
            final int done = turn();
            if (done == 0) {
                releaseAll();
            }
            return done;
        } finally {
            thread = outer;
        }
    }

    /** Steps until nothing is left to do now; time does not move. */
    public int runUntilIdle() {
        int total = 0;
        for (int done = runOnce(); done > 0; done = runOnce()) {
            total += done;
        }
        return total;
    }

    private int turn() {
        try {
            int done = runTasks();
            done += runSources();
            done += port.poll();
            if (timers.nextDeadlineNs() != Long.MAX_VALUE) {
                done += timers.fireDue(clock.nanoTime());
            }
            return done;
        } finally {
            endTurn();
        }
    }

    private void endTurn() {
        for (Runnable action = turnEnds.poll(); action != null; action = turnEnds.poll()) {
            action.run();
        }
    }

    private int runTasks() {
        int done = 0;
        while (done < MAX_TASKS_PER_TURN) {
            final Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            runGuarded(task);
            done++;
        }
        return done;
    }

    /* One failing task must not keep the others from running. */
    private void runGuarded(final Runnable task) {
        try {
            task.run();
        } catch (final RuntimeException e) {
            if (ownThread == null) {
                throw e;
            }
            LOG.error("a task failed in context {}", name, e);
        }
    }

    private int runSources() {
        for (ReadySource source = readyQueue.poll(); source != null; source = readyQueue.poll()) {
            source.idleTurns = 0;
            hot.add(source);
        }
        int done = 0;
        for (int i = hot.size() - 1; i >= 0; i--) {
            final ReadySource source = hot.get(i);
            final int handled = source.run();
            if (handled > 0) {
                done += handled;
                source.idleTurns = 0;
            } else if (++source.idleTurns > IDLE_TURNS_BEFORE_RELEASE) {
                release(i);
            }
            i = Math.min(i, hot.size()); // what ran may have stepped this context to wait for something
        }
        return done;
    }

    private void release(final int index) {
        final ReadySource source = hot.get(index);
        final ReadySource last = hot.remove(hot.size() - 1);
        if (last != source) {
            hot.set(index, last);
        }
        source.unmark();
        if (source.hasWork()) {
            ready(source);
        }
    }

    private void releaseAll() {
        for (int i = hot.size() - 1; i >= 0; i--) {
            release(i);
        }
    }

    // ---- the thread ----

    private void loop() {
        try {
            turnUntilStopped();
        } finally {
            stopping = true;
            ended.complete(null);
        }
    }

    /*
     * The loop runner: no exception may end the context. While the kernel works for the port, polling gives way to it at
     * once: what cannot be read without blocking is read by a thread of the kernel's, which may want this processor.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private void turnUntilStopped() {
        while (!stopping || !tasks.isEmpty() || port.busy()) { // what a port leaves behind only its thread can collect
            int done = 0;
            try {
                done = turn();
            } catch (final RuntimeException e) {
                LOG.error("context {} failed in a turn and goes on", name, e);
            } catch (final InternalError e) { // which is what the JVM makes of SIGBUS
                memoryFaulted(e);
            }
            if (done > 0) {
                idleTurns.end();
                continue;
            }
            final IdleTurns.Next next = idleTurns.next();
            if (next == IdleTurns.Next.SLEEP) {
                sleepGuarded(idleTurns.nowNs());
            } else if (next == IdleTurns.Next.YIELD || port.busy()) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void sleepGuarded(final long nowNs) {
        try {
            if (sleep(nowNs)) {
                idleTurns.slept();
            }
        } catch (final InternalError e) {
            memoryFaulted(e);
        }
    }

    private void memoryFaulted(final InternalError fault) {
        if (faultListeners.isEmpty()) {
            throw fault;
        }
        LOG.error("context {}: an access to mapped memory faulted", name, fault);
        List.copyOf(faultListeners).forEach(this::runGuarded);
    }

    /** Sleeps unless there is work after all; true when it slept. The context's thread. */
    boolean sleep(final long nowNs) {
        releaseAll();
        sleeping = true;
        if (stopping || !readyQueue.isEmpty() || !tasks.isEmpty() || !turnEnds.isEmpty()) {
            sleeping = false;
            return false;
        }
        final long deadlineNs = clock instanceof VirtualClock ? Long.MAX_VALUE : timers.nextDeadlineNs();
        final ContextSleepEvent event = new ContextSleepEvent();
        event.begin();
        port.await(deadlineNs == Long.MAX_VALUE ? Long.MAX_VALUE : deadlineNs - nowNs);
        sleeping = false;
        event.end();
        if (event.shouldCommit()) {
            event.context = name;
            event.commit();
        }
        return true;
    }

    @Override
    public String toString() {
        return "IoContext[" + name + "]";
    }
}
