package io.drivebay.ide.device;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Status;
import org.jspecify.annotations.Nullable;

/**
 * A drive's way to its backend: one request, owned for ever, and what may keep it from being carried out at once: a full
 * ring, a drain, a stopped machine.
 *
 * <p>Everything under the channel's lock. A drain takes that lock to begin, so a medium cannot change between the look
 * at its generation and the submission: what a command began on one medium never goes on on the next.
 */
public final class DiskPort implements CompletionListener {
    /** Where the request is. */
    private enum State {
        /** With the drive. */
        IDLE,
        /** Kept back until the drain ends or the ring has room. */
        HELD,
        /** With the backend. */
        SUBMITTED,
        /** Kept back until the machine goes on. */
        STOPPED
    }

    /** Whoever does something with the outcome. */
    @FunctionalInterface
    public interface Client {
        /** The request has ended. In the backend's context, under the lock. */
        void ioDone(BlockRequest request);
    }

    private final BlockBackend backend;
    private final Object lock;
    private final Client client;
    private final String id;
    private final BlockRequest request = new BlockRequest(this);
    private final Runnable refusal = this::refuse;
    private final Runnable room = this::roomAgain;

    private State state = State.IDLE;
    private boolean draining;
    private long generation;
    private @Nullable IoError failure;

    DiskPort(final BlockBackend backend, final Object lock, final Client client, final String id) {
        this.backend = backend;
        this.lock = lock;
        this.client = client;
        this.id = id;
        backend.addRoomListener(room);
    }

    void close() {
        backend.removeRoomListener(room);
    }

    public BlockBackend backend() {
        return backend;
    }

    /** A command begins: what it submits from now on is for the medium that is there now. */
    public void beginCommand() {
        generation = backend.generation();
    }

    /** The request, to be filled while it is not {@link #busy}. */
    public BlockRequest request() {
        return request;
    }

    /** True from submission to the end. */
    public boolean busy() {
        return state != State.IDLE;
    }

    /** Submits the request, now or as soon as it may be. Never ends within this call. */
    public void submit() {
        if (draining) {
            state = State.HELD;
        } else if (backend.generation() != generation) {
            state = State.SUBMITTED;
            backend.context().execute(refusal);
        } else {
            state = backend.submit(request) ? State.SUBMITTED : State.HELD;
        }
    }

    private void refuse() {
        request.result(Status.MEDIUM_CHANGED, Status.MEDIUM_CHANGED.errno(), id);
        completed(request);
    }

    @Override
    public void completed(final BlockRequest ended) {
        synchronized (lock) {
            state = State.IDLE;
            client.ioDone(ended);
        }
    }

    /** Takes the request back; false when the backend has it, and its end must be awaited. */
    public boolean takeBack() {
        if (state == State.SUBMITTED) {
            return false;
        }
        state = State.IDLE;
        return true;
    }

    // ---- errors ----

    /**
     * Decides about a failure: STOP keeps the request for {@link #goOn}, IGNORE lets the drive go on as if nothing had
     * happened, REPORT is for the drive to carry out and then to tell {@link #reported}.
     */
    public ErrorAction judge() {
        failure = backend.errors().judge(request);
        final ErrorAction action = failure == null ? ErrorAction.REPORT : failure.action();
        if (action == ErrorAction.STOP) {
            state = State.STOPPED;
        }
        if (action != ErrorAction.REPORT) {
            announce();
        }
        return action;
    }

    /** The guest can see the error now. */
    public void reported() {
        announce();
    }

    private void announce() {
        final IoError announced = failure;
        if (announced != null) {
            failure = null;
            backend.errors().announce(announced);
        }
    }

    /** The machine goes on: what was stopped is tried once more. */
    void goOn() {
        if (state == State.STOPPED) {
            submit();
        }
    }

    // ---- the backend's context ----

    private void roomAgain() {
        synchronized (lock) {
            submitHeld();
        }
    }

    void drainBegin() {
        draining = true;
    }

    void drainEnd() {
        draining = false;
        submitHeld();
    }

    private void submitHeld() {
        if (state == State.HELD) {
            submit();
        }
    }
}
