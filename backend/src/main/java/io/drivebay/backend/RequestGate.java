package io.drivebay.backend;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.DrainWaiters;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.RequestList;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.stats.IoStatistics;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a request enters a backend's tree and leaves it: is there a medium, is it the same as at
 * submission, is the range within it; and on the way back statistics and the owner's call-back.
 *
 * <p>The context's thread only, but for the settings.
 */
final class RequestGate implements CompletionListener {
    /* Gives a write back the flags that its owner set. */
    private static final CompletionFrame RESTORE_FLAGS = (request, savedFlags) -> {
        request.set(request.operation(), request.offset(), request.length(), (int) savedFlags);
        return true;
    };

    private final MediumSlot slot;
    private final Clock clock;
    private final DrainWaiters drainWaiters;
    private final IoStatistics statistics;
    private final RequestList inFlight = new RequestList();
    private int pending;
    private int quiesceCount;
    private @Nullable BlockDevice trayDevice;
    private boolean canceling;

    private volatile String name = "";
    private volatile boolean writeCache = true;
    private volatile long slowThresholdNs = Long.MAX_VALUE;

    RequestGate(final MediumSlot slot, final Clock clock, final DrainWaiters drainWaiters) {
        this.slot = slot;
        this.clock = clock;
        this.drainWaiters = drainWaiters;
        this.statistics = new IoStatistics(slot.generation());
    }

    // ---- settings; any thread ----

    void name(final String newName) {
        name = newName;
    }

    boolean writeCache() {
        return writeCache;
    }

    void writeCache(final boolean enabled) {
        writeCache = enabled;
    }

    void slowThresholdNs(final long thresholdNs) {
        slowThresholdNs = thresholdNs;
    }

    // ---- the context's thread ----

    /** The device whose open tray hides the medium; null when there is none with a tray. */
    void trayDevice(final @Nullable BlockDevice device) {
        trayDevice = device;
    }

    /** While set, nothing that enters is carried out: its submitter is leaving, and the tree must stay at rest. */
    void canceling(final boolean newCanceling) {
        canceling = newCanceling;
    }

    IoStatistics statistics() {
        return statistics;
    }

    /** Takes a request that has just left the ring. */
    void enter(final BlockRequest request, final long nowNs) {
        request.start(nowNs, this);
        inFlight.add(request);
        pending++;
        final Status refusal = refusal(request);
        if (refusal != Status.OK) {
            refuse(request, refusal);
        } else if (request.length() == 0 && request.operation() != Operation.FLUSH) {
            request.complete();
        } else {
            if (!writeCache && request.operation().modifies() && !request.has(RequestFlags.FUA)) {
                forceUnitAccess(request);
            }
            slot.top().submit(request);
        }
    }

    private static void forceUnitAccess(final BlockRequest request) {
        request.push(RESTORE_FLAGS, request.flags());
        request.set(request.operation(), request.offset(), request.length(), request.flags() | RequestFlags.FUA);
    }

    /** Why a request may not enter, in the order in which the reasons count; OK when it may. */
    private Status refusal(final BlockRequest request) {
        final long length = request.length();
        final Operation operation = request.operation();
        if (length < 0 || (operation.transfers() && length > BlockLimits.MAX_REQUEST)) {
            return Status.INVALID;
        }
        if (request.generation() != slot.generation()) {
            return slot.occupied() && MediumSlot.hadMedium(request.generation())
                    ? Status.MEDIUM_CHANGED
                    : Status.NO_MEDIUM;
        }
        if (canceling) {
            return Status.CANCELED;
        }
        if (!slot.occupied() || (trayDevice != null && trayDevice.trayOpen())) {
            return Status.NO_MEDIUM;
        }
        if (operation == Operation.FLUSH) {
            return Status.OK;
        }
        final long offset = request.offset();
        final long mediumBytes = slot.lengthBytes();
        final boolean outside = offset < 0 || offset > mediumBytes || length > mediumBytes - offset;
        if ((outside || length == 0) && !slot.inserted()) {
            return Status.NO_MEDIUM; // a drive of the host's own, empty: where there is a range, its driver says so
        }
        if (outside || (operation.transfers() && request.vector().bytes() != length)) {
            return Status.INVALID;
        }
        return Status.OK;
    }

    private void refuse(final BlockRequest request, final Status refusal) {
        if (refusal == Status.INVALID) {
            statistics.invalid(request.operation());
            request.fail(refusal, Status.IO_ERROR.errno(), name);
        } else {
            request.fail(refusal, name);
        }
    }

    @Override
    public void completed(final BlockRequest request) {
        final long nowNs = clock.nanoTime();
        inFlight.remove(request);
        if (request.status() != Status.INVALID || !name.equals(request.origin())) {
            statistics.record(request, nowNs);
        }
        if (nowNs - request.submittedNs() >= slowThresholdNs) {
            recordSlow(request, nowNs);
        }
        try {
            request.release();
        } finally {
            pending--;
            if (pending == 0 && quiesceCount > 0) {
                drainWaiters.check();
            }
        }
    }

    private void recordSlow(final BlockRequest request, final long nowNs) {
        final SlowRequestEvent event = new SlowRequestEvent();
        if (event.isEnabled()) {
            event.backend = name;
            event.operation = request.operation().name();
            event.status = request.status().name();
            event.offset = request.offset();
            event.length = request.length();
            event.queueNs = request.startedNs() - request.submittedNs();
            event.serviceNs = nowNs - request.startedNs();
            event.commit();
        }
    }

    // ---- drain ----

    boolean closed() {
        return quiesceCount > 0;
    }

    /** True when this was the first of nested closings. */
    boolean close() {
        return quiesceCount++ == 0;
    }

    /** True when this was the end of the outermost closing. */
    boolean reopen() {
        if (quiesceCount == 0) {
            throw new IllegalStateException("drain of " + name + " ended more often than begun");
        }
        return --quiesceCount == 0;
    }

    /** True when no request that has entered is still on its way. */
    boolean quiet() {
        return pending == 0;
    }

    void checkDrains() {
        drainWaiters.check();
    }

    int pending() {
        return pending;
    }

    /** Calls with each request that has entered, oldest first. */
    void forEachPending(final Consumer<BlockRequest> action) {
        inFlight.forEach(action);
    }
}
