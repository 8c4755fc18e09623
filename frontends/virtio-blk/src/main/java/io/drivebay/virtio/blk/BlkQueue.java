package io.drivebay.virtio.blk;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a block device at work: takes chains, submits requests, gives buffers back.
 *
 * <p>Taking is done by one thread at a time: whoever finds the queue idle makes it busy, and who comes meanwhile leaves
 * word that there may be more. Giving back is done in the context only, so the used ring needs no lock; what ends without
 * reaching the backend is handed to the context too. Used buffers are published a few at a time; a driver that sleeps is
 * told of the first of them in a turn, and then now and then.
 */
final class BlkQueue extends ReadySource {
    /** Most chains that one notification takes before the rest is left to the context. */
    private static final int NOTIFIER_BUDGET = 1024;

    private static final int CONTEXT_BUDGET = 64;

    /** So many used buffers are published without waiting for the end of the turn, so that the guest is not idle then. */
    private static final int PUBLISH_EARLY = 4;

    /**
     * A driver that sleeps is woken with the first of a turn that are published early: while it wakes up, the rest are
     * being used. It may fall asleep again before the end of the turn, and is woken once more after so many publications.
     */
    private static final int WAKE_EARLY = 8;

    /** How often a request follows the medium when that changes under it. */
    private static final int MAX_MEDIUM_CHANGES = 16;

    /** Nobody takes. */
    private static final int IDLE = 0;
    /** Somebody takes. */
    private static final int BUSY = 1;
    /** Somebody takes, and is to look again before it stops. */
    private static final int LOOK_AGAIN = 2;
    /** The queue is not in use. */
    private static final int CLOSED = 3;

    private final VirtioBlk device;
    private final BlockBackend backend;
    private final int index;
    private final boolean inContext;
    private final DescriptorChain chain = new DescriptorChain();
    private final RequestParser parser;
    private final RequestStarter starter;
    private final @Nullable Slot[] slots;
    private final LookAhead lookAhead;
    private final AtomicInteger turn = new AtomicInteger(CLOSED);
    private final Runnable endOfTurn = this::publish;
    private final StoppedRequests stopped = new StoppedRequests();

    /* Whoever has the turn. */
    private long sequence;

    private volatile @Nullable Virtqueue ring;
    /** Nothing is taken any more. */
    private volatile boolean ending;
    /** Nothing is given back any more, either. */
    private volatile boolean closing;

    private volatile boolean leftToContext;
    /* Used buffers will be published at the end of this turn. The context's thread. */
    private boolean publishing;
    /* Publications until a driver that sleeps is woken. */
    private int untilWake;

    BlkQueue(final VirtioBlk device, final int index, final RequestParser parser, final RequestStarter starter) {
        this.device = device;
        this.backend = device.backend();
        this.index = index;
        this.inContext = device.options().processing() == Processing.CONTEXT;
        this.parser = parser;
        this.starter = starter;
        this.slots = new Slot[device.options().queueSize()];
        this.lookAhead = new LookAhead(slots);
    }

    // ---- opening and closing; control threads ----

    /** True while the queue is in use, and until {@link #closed} after that. */
    boolean isOpen() {
        return ring != null;
    }

    /** Takes the queue into use; it must not be open. */
    void open(final Virtqueue newRing) {
        ring = newRing;
        ending = false;
        closing = false;
        turn.set(IDLE);
    }

    /** Has the requests to come read from other memory; the queue is not open. */
    void memory(final GuestMemory memory) {
        parser.memory(memory);
        lookAhead.forget();
    }

    /** Stops taking, for good, and giving back. When it returns nobody takes. */
    void close() {
        closing = true;
        stop();
    }

    /** Stops taking, for good; what was taken is carried out and given back. When it returns nobody takes. */
    void stop() {
        ending = true;
        while (!turn.compareAndSet(IDLE, CLOSED) && turn.get() != CLOSED) {
            Thread.onSpinWait();
        }
    }

    /** True when no request of a stopped or closing queue is on its way any more. The context's thread, after {@link #close}. */
    boolean quiet() {
        for (final Slot slot : slots) {
            if (slot != null && slot.isBusy()) {
                return false;
            }
        }
        return true;
    }

    /** The end of stopping or closing. The context's thread. */
    void closed() {
        publish();
        ring = null;
    }

    /**
     * A fault in guest memory may have cut short what was being done: ends that. The context's thread, which is the one
     * that takes.
     */
    void abandonHalfDone() {
        turn.compareAndSet(BUSY, IDLE);
        turn.compareAndSet(LOOK_AGAIN, IDLE);
        for (final Slot slot : slots) {
            if (slot != null && slot.isBusy() && slot.request().idle()) {
                slot.free();
            }
        }
    }

    boolean isClosing() {
        return closing;
    }

    // ---- taking ----

    /** The driver may have made chains available. Any thread. */
    void kick() {
        if (inContext) {
            backend.context().ready(this);
        } else if (takeUnlessBusy(NOTIFIER_BUDGET) >= NOTIFIER_BUDGET) {
            kickInContext();
        }
    }

    /** Has the context look at the queue. Any thread. */
    void kickInContext() {
        leftToContext = true;
        backend.context().ready(this);
    }

    @Override
    protected int run() {
        if (!inContext && !leftToContext) {
            return 0;
        }
        leftToContext = false;
        final int taken = takeUnlessBusy(CONTEXT_BUDGET);
        leftToContext |= !inContext && taken >= CONTEXT_BUDGET;
        return taken;
    }

    /** Before the context stops looking by itself: has the driver notify again. */
    @Override
    protected boolean hasWork() {
        if (!inContext) {
            return leftToContext;
        }
        if (!turn.compareAndSet(IDLE, BUSY)) {
            return false;
        }
        final Virtqueue open = ring;
        final boolean more = open != null && mayTake() && open.enableNotifications();
        turn.set(IDLE);
        return more;
    }

    private boolean mayTake() {
        return !ending && device.running();
    }

    /** Takes chains unless somebody else does, who then looks again; says how many were taken. */
    private int takeUnlessBusy(final int budget) {
        while (true) {
            final int now = turn.get();
            if (now == IDLE) {
                if (turn.compareAndSet(IDLE, BUSY)) {
                    return takeAll(budget);
                }
            } else if (now != BUSY || turn.compareAndSet(BUSY, LOOK_AGAIN)) {
                return 0;
            }
        }
    }

    private int takeAll(final int budget) {
        int taken = 0;
        while (true) {
            taken += take(budget - taken);
            if (turn.compareAndSet(BUSY, IDLE)) {
                return taken;
            }
            turn.set(BUSY);
        }
    }

    private int take(final int budget) {
        final Virtqueue open = ring;
        if (open == null) {
            return 0;
        }
        if (inContext) {
            open.suppressNotifications();
        }
        long nowNs = 0;
        int fetched = 0;
        for (int taken = 0; taken < budget; taken++) {
            if (!mayTake()) {
                return taken;
            }
            final int head = open.peek(chain);
            if (head == Virtqueue.EMPTY) {
                if (inContext || !open.enableNotifications()) {
                    return taken;
                }
                continue;
            }
            if (taken >= fetched) {
                fetched = taken + lookAhead.fetch(open);
            }
            if (nowNs == 0) {
                nowNs = backend.context().clock().nanoTime();
            }
            if (head < 0 || !begin(head, nowNs)) {
                if (head < 0) {
                    device.breakDown("queue " + index + ": " + open.problem());
                }
                return taken;
            }
            open.advance();
        }
        return budget;
    }

    /** Begins the request of the chain at hand; false when it has to stay in the queue. */
    private boolean begin(final int head, final long nowNs) {
        final Slot slot = slot(head);
        if (slot.isBusy()) {
            device.breakDown("queue " + index + ": head " + head + " was made available while it was in use");
            return false;
        }
        slot.occupy();
        slot.sequence = ++sequence;
        final int status = parser.parse(chain, slot) ? starter.prepare(slot, device.shape()) : GuestStatus.IO_ERROR;
        if (status != RequestStarter.SUBMIT) {
            slot.immediateStatus = status;
            backend.context().execute(slot);
        } else if (!backend.submit(slot.request(), nowNs)) {
            slot.free();
            return false;
        }
        return true;
    }

    private Slot slot(final int head) {
        Slot slot = slots[head];
        if (slot == null) {
            slot = new Slot(this, head);
            slots[head] = slot;
        }
        return slot;
    }

    // ---- giving back; the context's thread ----

    /** The backend is done with a slot's request. */
    void completed(final Slot slot) {
        final BlockRequest request = slot.request();
        if (request.status() == Status.MEDIUM_CHANGED && !closing && slot.mediumChanges < MAX_MEDIUM_CHANGES) {
            slot.mediumChanges++;
            device.submitAgain(request);
        } else if (request.succeeded() || closing) {
            goOn(slot);
        } else {
            failed(slot);
        }
    }

    /** A part of a request is done, or as good as done. */
    private void goOn(final Slot slot) {
        if (!closing && slot.nextRange()) {
            device.submitAgain(slot.request());
        } else {
            if (slot.request().succeeded() && !closing) {
                slot.answer();
            }
            finish(slot, GuestStatus.OK);
        }
    }

    /** A reported error is the guest's to see before anybody else is told of it (semantics E3). */
    private void failed(final Slot slot) {
        final IoError error = backend.errors().judge(slot.request());
        switch (error == null ? ErrorAction.REPORT : error.action()) {
            case REPORT -> finish(slot, GuestStatus.of(slot.request(), device.zoned()));
            case IGNORE -> goOn(slot);
            case STOP -> stopped.keep(slot);
        }
        if (error != null) {
            publish();
            backend.errors().announce(error);
        }
    }

    /** The machine goes on: what was stopped is tried once more. */
    void retryStopped() {
        stopped.takeAll(slot -> device.submitAgain(slot.request()));
    }

    /** Forgets what was stopped, if the queue is closing. */
    void dropStopped() {
        if (closing) {
            stopped.takeAll(Slot::free);
        }
    }

    /** Ends a request: the only place that writes status bytes and used buffers. */
    void finish(final Slot slot, final int status) {
        if (closing) {
            slot.free();
            device.checkQuiet();
            return;
        }
        if (slot.statusRegion != null) {
            slot.statusRegion.putByte(slot.statusOffset, (byte) status);
        }
        final Virtqueue open = ring;
        if (open == null) {
            throw new IllegalStateException("a request ended after its queue had been closed");
        }
        final int waiting = open.used(slot.id(), slot.usedBytes());
        slot.free();
        if (ending) {
            device.checkQuiet();
        } else if (waiting > 0 && !publishing) {
            publishing = true;
            backend.context().atEndOfTurn(endOfTurn);
        } else if (waiting % PUBLISH_EARLY == 0) {
            if (untilWake > 0) {
                untilWake--;
                open.publish();
            } else {
                untilWake = WAKE_EARLY - 1;
                publishAndTell(open);
            }
        }
    }

    private void publish() {
        publishing = false;
        untilWake = 0;
        final Virtqueue open = ring;
        if (open != null && !closing) {
            publishAndTell(open);
        }
    }

    private void publishAndTell(final Virtqueue open) {
        if (open.publishAndAsk()) {
            device.events().queueUsed(index);
        }
    }
}
