package io.drivebay.exports.vhost;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.FdWatch;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixSocket;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.blk.VirtioBlk;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client from its connection to its end: reads messages one by one, has them carried out by {@link FrontEnd} and
 * answers. While one waits for the rings to come to rest no further one is read. The context's thread.
 */
final class Session implements GuestEvents {
    /** Whoever is told when nothing of a client is left. */
    @FunctionalInterface
    interface EndListener {
        /**
         * A client has left.
         *
         * @param offence what it was disconnected for; null when it left by itself, or was sent away
         */
        void ended(@Nullable String offence);
    }

    /** Something that a message asks for. */
    @FunctionalInterface
    interface Step {
        void run() throws ProtocolException, PosixException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int MESSAGES_PER_TURN = 64;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final VirtioBlk device;
    private final IoContext context;
    private final AsyncFilePort port;
    private final UnixSocket socket;
    private final EndListener listener;
    private final Message message;
    private final Rings rings;
    private final FrontEnd frontEnd;
    private final Timer deadline;
    private final Runnable memoryCheck = this::checkMemory;
    private @Nullable FdWatch watch;
    private @Nullable BackendChannel channel;
    private boolean reading;
    private boolean inHand;
    private boolean waiting;
    private boolean ended;

    Session(
            final VirtioBlk device,
            final IoContext context,
            final AsyncFilePort port,
            final UnixSocket socket,
            final EndListener listener) {
        this.device = device;
        this.context = context;
        this.port = port;
        this.socket = socket;
        this.listener = listener;
        this.message = new Message(socket);
        this.rings = new Rings(device, context, port);
        this.frontEnd = new FrontEnd(this, device, rings);
        this.deadline = context.timer(this::tooSlow);
    }

    void open() {
        device.connect(this);
        context.addFaultListener(memoryCheck);
        awaitRest();
        watch = port.watch(socket.fd(), this::readable);
        readable();
    }

    private void awaitRest() {
        deadline.arm(context.clock().nanoTime() + PATIENCE_NS);
    }

    private void tooSlow() {
        offence("no whole message within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
    }

    // ---- messages ----

    private void readable() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            guarded(this::readMessages);
        } finally {
            reading = false;
        }
    }

    private void readMessages() throws ProtocolException, PosixException {
        int budget = MESSAGES_PER_TURN;
        while (!waiting && !ended) {
            if (!message.receive()) {
                if (message.begun() && !deadline.armed()) {
                    awaitRest();
                }
                return;
            }
            deadline.cancel();
            if (budget-- == 0) {
                context.execute(this::readable);
                return;
            }
            inHand = true;
            frontEnd.handle(message);
            if (!waiting) {
                finishMessage();
            }
        }
    }

    /** Answers the message in hand, unless that has been done in the course of a wait that was over at once. */
    private void finishMessage() throws ProtocolException, PosixException {
        if (!inHand || ended) {
            return;
        }
        inHand = false;
        frontEnd.acknowledge(message);
        message.done();
    }

    /** Runs something while no ring does, then goes on with the rings that can run and with the next message. */
    void whileStopped(final Step change) throws ProtocolException {
        waiting = true;
        rings.stopAll(() -> goOn(change));
    }

    /** A wait that {@link #waitFor} or {@link #whileStopped} began is over: does what the message is about, and goes on. */
    private void goOn(final Step step) {
        if (ended) {
            return;
        }
        guarded(() -> {
            step.run();
            rings.startRunnable(frontEnd.driverReady());
            waiting = false;
            finishMessage();
        });
        if (!ended) {
            readable();
        }
    }

    /**
     * Waits for something to come to rest, then does what the present message is about, and goes on.
     *
     * @param wait is given what is to run then; may run it at once
     */
    void waitFor(final Wait wait, final Step then) throws ProtocolException {
        waiting = true;
        wait.begin(() -> goOn(then));
    }

    /** Something that ends later. */
    @FunctionalInterface
    interface Wait {
        void begin(Runnable whenOver) throws ProtocolException;
    }

    /** Nothing that a client does may get any further than this. */
    private void guarded(final Step step) {
        try {
            step.run();
        } catch (final ProtocolException e) {
            if (e.reason().equals(Message.HUNG_UP)) {
                end(null);
            } else {
                offence(e.reason());
            }
        } catch (final PosixException e) {
            offence(String.valueOf(e.getMessage()));
        } catch (final RuntimeException e) {
            LOG.error("serving a vhost-user client failed", e);
            offence("serving it failed: " + e);
        }
    }

    // ---- the other way ----

    void channel(final BackendChannel newChannel) {
        closeChannel();
        channel = newChannel;
    }

    private void closeChannel() {
        final BackendChannel present = channel;
        channel = null;
        if (present != null) {
            present.close();
        }
    }

    @Override
    public void queueUsed(final int queue) {
        rings.used(queue);
    }

    @Override
    public void configChanged() {
        final BackendChannel present = channel;
        if (present != null && !ended && frontEnd.wantsConfigChanges()) {
            guarded(present::configChanged);
        }
    }

    @Override
    public void needsReset(final String why) {
        if (!ended) {
            LOG.warn("'{}' needs a reset: {}", device.id(), why);
            rings.broken();
            frontEnd.needsReset();
            configChanged();
        }
    }

    // ---- the end ----

    /** An access to memory has faulted: if it was this client that cut it off, it is disconnected. */
    private void checkMemory() {
        guarded(() -> {
            if (!ended && !rings.memoryWhole()) {
                device.memoryFaulted();
                throw new ProtocolException("it has cut off memory that it had passed");
            }
        });
    }

    private void offence(final String reason) {
        end(reason);
    }

    /** Answers what is in flight, then disconnects the client. */
    void dismiss() {
        if (waiting || ended) {
            end(null);
            return;
        }
        waiting = true;
        guarded(() -> rings.stopAll(() -> end(null)));
    }

    /** Disconnects the client; the listener is told when the device has forgotten it. */
    void end(final @Nullable String offence) {
        if (ended) {
            return;
        }
        ended = true;
        deadline.cancel();
        context.removeFaultListener(memoryCheck);
        if (watch != null) {
            watch.close();
        }
        message.close();
        closeChannel();
        socket.close();
        rings.end(() -> listener.ended(offence));
    }
}
