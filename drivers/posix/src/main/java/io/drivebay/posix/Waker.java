package io.drivebay.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An event descriptor with a flag before it: wakers skip the kernel call when the sleeper is awake, no wake is lost,
 * and none reaches the descriptor after it is closed.
 *
 * <pre>
 *  AWAKE  -- trySleep --&gt; ASLEEP
 *  AWAKE  -- wake ------&gt; WOKEN
 *  ASLEEP -- wake ------&gt; WOKEN    and one signal
 *  ASLEEP -- awake -----&gt; AWAKE
 *  WOKEN  -- awake, trySleep (which says no) --&gt; AWAKE
 *  any    -- close -----&gt; WOKEN    for ever
 * </pre>
 *
 * <p>A waker may skip when it sees WOKEN: it published its work before (full fence), the sleeper looks for work after
 * it has left WOKEN (full fence), so one of the two sees the other.
 *
 * <p>The descriptor is watched for edges and not drained before the end. So its count is the number of signals, and
 * close can wait for a waker that was held up between the flag and the descriptor.
 */
final class Waker implements AutoCloseable {
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int WOKEN = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Waker.class, "state", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EventFd event;

    @SuppressWarnings("unused") // accessed through STATE
    private volatile int state;

    private boolean asleep;
    private boolean closed;
    private long signalsDue;

    private Waker(final EventFd event) {
        this.event = event;
    }

    static Waker create() throws PosixException {
        return new Waker(EventFd.create());
    }

    /** The descriptor to sleep on, watched for edges. */
    int fd() {
        return event.fd();
    }

    /** Ends the present or next sleep. Any thread. */
    void wake() {
        VarHandle.fullFence();
        if ((int) STATE.getOpaque(this) == WOKEN) {
            return;
        }
        if ((int) STATE.getAndSet(this, WOKEN) == ASLEEP) {
            event.signal();
        }
    }

    /** The sleeper is about to sleep; false when it was woken already. After true comes {@link #awake}. */
    boolean trySleep() {
        asleep = STATE.compareAndSet(this, AWAKE, ASLEEP);
        if (!asleep && !closed) {
            awake();
        }
        return asleep;
    }

    /** The sleeper is up and looks for work next. */
    void awake() {
        final int before = (int) STATE.getAndSet(this, AWAKE);
        if (asleep && before == WOKEN) {
            signalsDue++;
        }
        asleep = false;
        VarHandle.fullFence();
    }

    /** Closes the descriptor once no waker can reach it any more. The sleeper's thread, or any once that has ended. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        STATE.setVolatile(this, WOKEN);
        long signals = event.drain();
        while (signals < signalsDue) {
            Thread.onSpinWait();
            signals += event.drain();
        }
        event.close();
    }
}
