package io.drivebay.sim.workload;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.sim.verify.JobVerifier;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.verify.VerificationReport;
import org.jspecify.annotations.Nullable;

/**
 * One job of a workload: keeps its target busy and takes the time. One thread at a time: {@link Workload#run} gives each
 * job a thread of its own; a simulator calls {@link #step} instead.
 *
 * <p>Latency is the time from when the request was to begin (closed loop: its submission) to when the job has found its
 * completion. Nothing is allocated per request.
 */
public final class WorkloadJob {
    private static final int NONE = -1;
    private static final int REDRAWS = 16;
    private static final int SPINS_BEFORE_YIELD = 20;
    private static final long LONGEST_SLEEP_NS = 50_000_000;
    private static final long SLEEP_FOR_ROOM_NS = 100_000;

    private final int number;
    private final WorkloadSpec spec;
    private final Clock clock;
    private final IoTarget target;
    private final RequestSource source;
    private final Pacer pacer;
    private final IntervalCollector.Lane lane;
    private final long intervalNs;
    private final @Nullable JobVerifier verifier;
    private final CompletionBatch batch;

    private final int[] freeSlots;
    private int freeCount;
    private final Operation[] operations;
    private final long[] offsets;
    private final int[] lengths;
    private final long[] beginNs;
    /* The slot whose request is ready but found no room yet. */
    private int readySlot = NONE;
    private boolean drawn;

    private boolean started;
    private volatile boolean stopping;
    private boolean done;
    private long measureFromNs;
    private long submitUntilNs;
    private long leftToCount;
    private long lastProgressNs;
    private long lastCompletionNs;
    private long intervalEndNs;
    private IntervalRecord interval;
    /* Never looked at. Whoever measures does during the warm-up what it will do later, or it would not be warm. */
    private final IntervalRecord warmup = new IntervalRecord();

    WorkloadJob(
            final int number,
            final WorkloadSpec spec,
            final Clock clock,
            final IoTarget target,
            final RequestSource source,
            final IntervalCollector collector) {
        this.number = number;
        this.spec = spec;
        this.clock = clock;
        this.target = target;
        this.source = source;
        this.pacer = new Pacer(spec.ratePerSecond(), number, spec.jobs());
        this.lane = collector.addLane();
        this.intervalNs = collector.intervalNs();
        final Verification knowledge = spec.verification();
        final int slots = spec.depth();
        this.verifier = knowledge == null
                ? null
                : knowledge.job(slots, spec.blockSizes().largest());
        this.batch = new CompletionBatch(slots);
        this.freeSlots = new int[slots];
        for (int i = 0; i < slots; i++) {
            freeSlots[i] = slots - 1 - i;
        }
        this.freeCount = slots;
        this.operations = new Operation[slots];
        this.offsets = new long[slots];
        this.lengths = new int[slots];
        this.beginNs = new long[slots];
        this.interval = lane.take(0);
    }

    // ---- running ----

    /** Steps until done, waiting in between. */
    @SuppressWarnings("ThreadPriorityCheck") // with fewer processors than threads, the one that is waited for needs one
    void run() {
        int idle = 0;
        while (!done) {
            if (step() > 0) {
                idle = 0;
            } else if (spec.waiting() == Waiting.INTERRUPT) {
                target.await(sleepNs());
            } else if (++idle % SPINS_BEFORE_YIELD == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** How long it may sleep unless something completes. */
    long sleepNs() {
        final long nowNs = clock.nanoTime();
        final long untilNs = Math.min(nextEventNs(), intervalEndNs);
        final long limitNs = readySlot == NONE ? LONGEST_SLEEP_NS : SLEEP_FOR_ROOM_NS;
        return Math.max(0, Math.min(limitNs, untilNs - nowNs));
    }

    /** Submits no more; what is in flight is waited for. Any thread. */
    public void stop() {
        stopping = true;
    }

    /** True when everything has been submitted and has completed. */
    public boolean done() {
        return done;
    }

    /** How many requests are in flight. */
    public int inFlight() {
        return spec.depth() - freeCount - (readySlot == NONE ? 0 : 1);
    }

    /**
     * When, without any completion, there is something to do again: the next request of an open loop or the end of the
     * runtime. {@link Long#MAX_VALUE}: never.
     */
    public long nextEventNs() {
        if (!started) {
            return clock.nanoTime();
        }
        final boolean waits = freeCount > 0 && !pacer.closedLoop() && mayBegin();
        return Math.min(waits ? pacer.nextNs(0) : Long.MAX_VALUE, submitUntilNs);
    }

    /**
     * One turn: takes completions, submits what is due. Never blocks.
     *
     * @return how many requests were completed and submitted; 0 when there was nothing to do
     * @throws IllegalStateException when the target is in breach of its contract or a request got lost
     */
    public int step() {
        if (!started) {
            start();
        }
        batch.clear();
        target.poll(batch);
        long nowNs = clock.nanoTime();
        if (batch.count() > 0) {
            lastCompletionNs = nowNs;
            for (int i = 0; i < batch.count(); i++) {
                complete(batch.slot(i), batch.status(i), nowNs);
            }
            if (verifier != null) {
                nowNs = clock.nanoTime();
            }
        }
        final int submitted = submitDue(nowNs);
        if (nowNs >= intervalEndNs) {
            rollInterval(nowNs);
        }
        final int handled = batch.count() + submitted;
        if (handled > 0) {
            lastProgressNs = nowNs;
        } else {
            lookForTheEnd(nowNs);
        }
        return handled;
    }

    private void start() {
        started = true;
        final long nowNs = clock.nanoTime();
        measureFromNs = nowNs + spec.warmupNs();
        submitUntilNs = spec.runtimeNs() == 0 ? Long.MAX_VALUE : measureFromNs + spec.runtimeNs();
        final long jobs = spec.jobs();
        leftToCount = spec.count() == 0 ? Long.MAX_VALUE : spec.count() / jobs + (number < spec.count() % jobs ? 1 : 0);
        intervalEndNs = firstEndAfter(nowNs);
        lastProgressNs = nowNs;
        lastCompletionNs = measureFromNs;
        pacer.start(nowNs);
    }

    private void lookForTheEnd(final long nowNs) {
        final int inFlight = inFlight();
        if (inFlight == 0) {
            if (!mayBegin() || nowNs >= submitUntilNs) {
                finish();
            }
        } else if (nowNs - lastProgressNs >= spec.stallNs()) {
            throw new IllegalStateException(describeLost(nowNs));
        }
    }

    private void finish() {
        done = true;
        lane.hand(interval);
        lane.end();
    }

    private boolean mayBegin() {
        return !stopping && leftToCount > 0;
    }

    // ---- one request ----

    private int submitDue(final long nowNs) {
        int submitted = 0;
        while (readySlot != NONE || prepare(nowNs)) {
            final int slot = readySlot;
            if (!target.submit(slot, operations[slot], offsets[slot], lengths[slot], nowNs)) {
                break;
            }
            readySlot = NONE;
            submitted++;
        }
        if (submitted > 0) {
            target.kick();
        }
        return submitted;
    }

    /** Gets the next request ready in a slot; false when none is due, or there is no slot or place for it. */
    private boolean prepare(final long nowNs) {
        if (freeCount == 0 || !mayBegin() || nowNs >= submitUntilNs) {
            return false;
        }
        final long begin = pacer.nextNs(nowNs);
        if (begin > nowNs || begin >= submitUntilNs || !drawRequest()) {
            return false;
        }
        pacer.begun();
        freeCount--;
        final int slot = freeSlots[freeCount];
        operations[slot] = source.operation();
        offsets[slot] = source.offset();
        lengths[slot] = source.length();
        beginNs[slot] = begin;
        drawn = false;
        if (begin >= measureFromNs) {
            leftToCount--;
        }
        if (verifier != null) {
            beginVerified(verifier, slot);
        }
        readySlot = slot;
        return true;
    }

    /** Draws a request unless one is left over; false when it would overwrite what is just being written. */
    private boolean drawRequest() {
        if (!drawn) {
            source.draw();
            drawn = true;
        }
        if (verifier == null || source.operation() == Operation.READ) {
            return true;
        }
        for (int i = 0; i < REDRAWS; i++) {
            if (verifier.mayWrite(source.offset(), source.length())) {
                return true;
            }
            if (!source.redrawOffset()) {
                return false;
            }
        }
        return false;
    }

    private void beginVerified(final JobVerifier eyes, final int slot) {
        if (operations[slot] == Operation.READ) {
            eyes.beginRead(slot, offsets[slot], lengths[slot]);
        } else {
            eyes.beginWrite(slot, target.memory(slot), target.memoryOffset(slot), offsets[slot], lengths[slot]);
        }
    }

    private void complete(final int slot, final Status status, final long nowNs) {
        if (nowNs >= intervalEndNs) {
            rollInterval(nowNs);
        }
        final IntervalRecord record = beginNs[slot] >= measureFromNs ? interval : warmup;
        if (status == Status.OK) {
            record.succeeded(operations[slot], nowNs - beginNs[slot], lengths[slot]);
        } else {
            record.failed(status);
        }
        if (verifier != null) {
            endVerified(verifier, slot, status == Status.OK);
        }
        freeSlots[freeCount] = slot;
        freeCount++;
    }

    private void endVerified(final JobVerifier eyes, final int slot, final boolean succeeded) {
        if (operations[slot] == Operation.WRITE) {
            eyes.endWrite(slot, offsets[slot], lengths[slot], succeeded);
        } else if (succeeded) {
            eyes.endRead(slot, target.memory(slot), target.memoryOffset(slot), offsets[slot], lengths[slot]);
        }
    }

    // ---- results ----

    /** The end of the interval at a time; those of the warm-up leave the first one that counts whole. */
    private long firstEndAfter(final long nowNs) {
        return nowNs + intervalNs < measureFromNs ? nowNs + intervalNs : measureFromNs + intervalNs;
    }

    private void rollInterval(final long nowNs) {
        if (nowNs < measureFromNs) {
            intervalEndNs = firstEndAfter(nowNs);
            return;
        }
        lane.hand(interval);
        final long index = (nowNs - measureFromNs) / intervalNs;
        interval = lane.take((int) index);
        intervalEndNs = measureFromNs + (index + 1) * intervalNs;
    }

    /** Time from the end of the warm-up to the last completion. */
    long measuredNs() {
        return Math.max(0, lastCompletionNs - measureFromNs);
    }

    /** Requests of an open loop that should have begun before the end and found no slot. */
    long neverBegun() {
        if (!started || pacer.closedLoop() || stopping || leftToCount == 0) {
            return 0;
        }
        return pacer.dueBefore(submitUntilNs);
    }

    VerificationReport verificationReport() {
        return verifier == null ? VerificationReport.NONE : verifier.report();
    }

    int number() {
        return number;
    }

    IoTarget target() {
        return target;
    }

    private String describeLost(final long nowNs) {
        final StringBuilder text = new StringBuilder("job ")
                .append(number)
                .append(": no request completed for ")
                .append((nowNs - lastProgressNs) / 1_000_000)
                .append(" ms; still in flight:");
        final boolean[] free = new boolean[spec.depth()];
        for (int i = 0; i < freeCount; i++) {
            free[freeSlots[i]] = true;
        }
        for (int slot = 0; slot < free.length; slot++) {
            if (!free[slot] && slot != readySlot) {
                text.append("\n  slot ")
                        .append(slot)
                        .append(": ")
                        .append(operations[slot])
                        .append(" offset=")
                        .append(offsets[slot])
                        .append(" length=")
                        .append(lengths[slot])
                        .append(" age=")
                        .append((nowNs - beginNs[slot]) / 1_000)
                        .append("us");
            }
        }
        return text.toString();
    }
}
