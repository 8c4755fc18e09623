package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.backend.request.BlockRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The ring between those who submit requests and the context that carries them out.
 *
 * <p>Many threads put requests in, without locks; the context takes them out in the order in which each thread put them
 * in. A full ring refuses, and the room listeners are called once there is room again. The requests in the ring are
 * untouched while the gate is closed.
 *
 * <p>Why no call for room is lost: a submitter that finds the ring full sets {@code roomWanted}, marks this source ready
 * and only then looks at the ring once more. If the mark was there already, the context has yet to clear it, and after
 * clearing it looks at {@code roomWanted} ({@link #hasWork}); so one of the two sees what the other did.
 */
final class SubmissionQueue extends ReadySource {
    private static final int BATCH = 64;

    private final IoContext context;
    private final RequestGate gate;
    private final MpscVarHandleArrayQueue<BlockRequest> ring;
    private final List<Runnable> roomListeners = new CopyOnWriteArrayList<>();
    private volatile boolean roomWanted;
    private long admitUpTo;

    SubmissionQueue(final IoContext context, final RequestGate gate, final int capacity) {
        this(context, gate, new MpscVarHandleArrayQueue<>(capacity));
    }

    /** A queue on a ring that a test looks into. */
    SubmissionQueue(final IoContext context, final RequestGate gate, final MpscVarHandleArrayQueue<BlockRequest> ring) {
        this.context = context;
        this.gate = gate;
        this.ring = ring;
    }

    /** Puts a queued request in; false when the ring is full. Any thread. */
    boolean offer(final BlockRequest request) {
        if (!ring.offer(request) && !offerWantingRoom(request)) {
            return false;
        }
        context.ready(this);
        return true;
    }

    /** Says that room is wanted before it looks again, so that room made in between is not missed. */
    private boolean offerWantingRoom(final BlockRequest request) {
        roomWanted = true;
        context.ready(this);
        return ring.offer(request);
    }

    void addRoomListener(final Runnable listener) {
        roomListeners.add(listener);
    }

    void removeRoomListener(final Runnable listener) {
        roomListeners.remove(listener);
    }

    /** Takes what is in the ring now even though the gate is closed; nothing that comes later. */
    void admitPresent() {
        admitUpTo = ring.currentProducerIndex();
        context.ready(this);
    }

    /** True when everything that {@link #admitPresent} let in has been taken. */
    boolean presentTaken() {
        return ring.currentConsumerIndex() >= admitUpTo;
    }

    private boolean open() {
        return !gate.closed() || !presentTaken();
    }

    @Override
    protected int run() {
        int taken = 0;
        long nowNs = 0;
        while (taken < BATCH && open()) {
            final BlockRequest request = ring.relaxedPoll();
            if (request == null) {
                break;
            }
            if (taken == 0) {
                nowNs = context.clock().nanoTime();
            }
            taken++;
            gate.enter(request, nowNs);
        }
        if (taken > 0 && gate.closed()) {
            gate.checkDrains();
        }
        if (roomIsNews()) {
            roomWanted = false; // before the calls, so that whoever finds the ring full during them is called again
            roomListeners.forEach(Runnable::run);
        }
        return taken;
    }

    private boolean roomIsNews() {
        return roomWanted && ring.size() < ring.capacity();
    }

    @Override
    protected boolean hasWork() {
        return (open() && !ring.isEmpty()) || roomIsNews();
    }

    /** The gate has opened: look at the ring again. The context's thread. */
    void resume() {
        context.ready(this);
    }
}
