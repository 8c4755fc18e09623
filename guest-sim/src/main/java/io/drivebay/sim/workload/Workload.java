package io.drivebay.sim.workload;

import io.drivebay.backend.context.Clock;
import io.drivebay.sim.verify.VerificationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some jobs, each with a target of its own, that read and write for a while.
 *
 * <p>Either {@link #run} it, with a thread for each job; or, in a simulation, step the {@link #jobs()} until all are
 * done and ask for the {@link #result()}. A workload runs once.
 */
public final class Workload implements AutoCloseable {
    /** Length of the intervals of {@link WorkloadResult#intervals()}. */
    public static final long INTERVAL_NS = 100_000_000;

    private static final long COLLECT_MS = 20;

    private final WorkloadSpec spec;
    private final List<WorkloadJob> jobs = new ArrayList<>();
    private final IntervalCollector collector;

    /** A workload without anybody who looks at its progress. */
    public Workload(final WorkloadSpec spec, final IoTarget.Factory targets, final Clock clock) {
        this(spec, targets, clock, progress -> {});
    }

    /**
     * A workload.
     *
     * @param clock where all times come from; the context's, when a target is a backend
     * @throws IllegalArgumentException when its range does not fit the medium or the jobs do not fit the range
     */
    public Workload(
            final WorkloadSpec spec,
            final IoTarget.Factory targets,
            final Clock clock,
            final WorkloadProgress.Listener listener) {
        this.spec = spec;
        this.collector = new IntervalCollector(INTERVAL_NS, listener);
        final List<IoTarget> opened = new ArrayList<>();
        try {
            for (int i = 0; i < spec.jobs(); i++) {
                opened.add(targets.open(new IoTarget.Shape(
                        i, spec.jobs(), spec.depth(), spec.blockSizes().largest(), spec.waiting())));
            }
            final long part = partBytes(opened.get(0).lengthBytes());
            for (int i = 0; i < spec.jobs(); i++) {
                final RequestSource source = new RequestSource(spec, i, spec.rangeStart() + i * part, part);
                jobs.add(new WorkloadJob(i, spec, clock, opened.get(i), source, collector));
            }
        } catch (final RuntimeException e) {
            opened.forEach(IoTarget::close);
            throw e;
        }
    }

    /** How much of the range each job has: whole multiples of the largest block size. */
    private long partBytes(final long mediumBytes) {
        final long available = Math.max(0, mediumBytes - spec.rangeStart());
        final long range = spec.rangeBytes() == WorkloadSpec.WHOLE_MEDIUM ? available : spec.rangeBytes();
        if (range > available) {
            throw new IllegalArgumentException("the range of " + range + " bytes from " + spec.rangeStart()
                    + " on ends after the medium, which has " + mediumBytes + " bytes");
        }
        final int largest = spec.blockSizes().largest();
        final long part = range / spec.jobs() / largest * largest;
        if (part == 0) {
            throw new IllegalArgumentException("a range of " + range + " bytes is too small for " + spec.jobs()
                    + " jobs with blocks of " + largest + " bytes");
        }
        return part;
    }

    /** The jobs, for whoever steps them. */
    public List<WorkloadJob> jobs() {
        return List.copyOf(jobs);
    }

    /** Ends the workload early; what is in flight is waited for. Any thread. */
    public void stop() {
        jobs.forEach(WorkloadJob::stop);
    }

    /**
     * Runs all jobs to their end, each on a thread of its own or, with {@link Waiting#CONTEXT}, in the target's context.
     * Not from within that context.
     *
     * @throws IllegalStateException when a target breached its contract or a request got lost; all jobs have ended then
     */
    public WorkloadResult run() {
        final AtomicReference<RuntimeException> failure = new AtomicReference<>();
        final CountDownLatch running = new CountDownLatch(jobs.size());
        for (final WorkloadJob job : jobs) {
            final Consumer<@Nullable RuntimeException> onEnd = thrown -> {
                if (thrown != null) {
                    failure.compareAndSet(null, thrown);
                    stop();
                }
                running.countDown();
            };
            if (spec.waiting() == Waiting.CONTEXT) {
                ContextJob.start(job, onEnd);
            } else {
                startThread(job, onEnd);
            }
        }
        collectUntilEnd(running);
        final RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        return result();
    }

    private void collectUntilEnd(final CountDownLatch running) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = running.await(COLLECT_MS, TimeUnit.MILLISECONDS);
            } catch (final InterruptedException e) {
                interrupted = true;
                stop();
            }
            collector.collect();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void startThread(final WorkloadJob job, final Consumer<@Nullable RuntimeException> onEnd) {
        final Thread thread = new Thread(() -> run(job, onEnd), "drivebay-job-" + job.number());
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings(
            "IllegalCatch") // the end of a job's thread: whatever ended it goes to the thread that runs it all
    private static void run(final WorkloadJob job, final Consumer<@Nullable RuntimeException> onEnd) {
        try {
            job.run();
            onEnd.accept(null);
        } catch (final RuntimeException e) {
            onEnd.accept(e);
        }
    }

    /** What was done, once all jobs are done. */
    public WorkloadResult result() {
        collector.collect();
        long elapsedNs = 0;
        long neverBegun = 0;
        VerificationReport verification = VerificationReport.NONE;
        for (final WorkloadJob job : jobs) {
            if (!job.done()) {
                throw new IllegalStateException("the workload has not ended yet");
            }
            elapsedNs = Math.max(elapsedNs, job.measuredNs());
            neverBegun += job.neverBegun();
            verification = verification.plus(job.verificationReport());
        }
        final IntervalRecord total = collector.total();
        return new WorkloadResult(
                spec,
                elapsedNs,
                WorkloadResult.OperationResult.of(total.reads()),
                WorkloadResult.OperationResult.of(total.writes()),
                WorkloadResult.failures(total),
                neverBegun,
                collector.samples(),
                verification);
    }

    /** Gives the targets back. */
    @Override
    public void close() {
        jobs.forEach(job -> job.target().close());
    }
}
