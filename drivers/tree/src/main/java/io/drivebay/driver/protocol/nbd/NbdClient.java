package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.backend.context.Timer;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.protocol.nbd.ClientSlot.Stage;
import io.drivebay.nbd.SocketLoop;
import io.drivebay.nbd.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a node's requests through a connection, and through the next one when that breaks.
 *
 * <p>Whatever is in flight when the connection ends is sent again on the next: NBD's commands may be repeated. Requests
 * wait for it as long as the reconnect delay says, then they fail, and so do new ones until there is a connection again.
 * One over which connections are lost again and again, for that long, fails too. The context's thread.
 */
final class NbdClient extends ReadySource implements ReplyReader.Slots {
    private static final Logger LOG = LoggerFactory.getLogger(NbdClient.class);
    /** What a server of QEMU's takes at least without turning a blind eye; more brings nothing. */
    private static final int MAX_IN_FLIGHT = 64;
    /** The longest TRIM, WRITE_ZEROES or BLOCK_STATUS with a length of 32 bits. */
    private static final long MAX_NARROW = 1L << 31;

    private static final long MAX_WIDE = 1L << 62;
    private static final int ENOTCONN = 107;

    private final IoContext context;
    private final SocketLoop loop;
    private final Connector connector;
    private final NbdTarget target;
    private final NbdLink first;
    private final long reconnectDelayNs;
    private final Timer patience;

    private final RequestSender sender = new RequestSender();
    private final ReplyReader reader = new ReplyReader(this);
    private final List<ClientSlot> slots = new ArrayList<>();
    private final ArrayDeque<ClientSlot> free = new ArrayDeque<>();
    private final ArrayDeque<ClientSlot> queued = new ArrayDeque<>();
    private int inFlight;
    /* A write that the server has answered, usually refused, before it had all of the data. */
    private @Nullable ClientSlot answeredEarly;

    private String nodeName = "nbd";
    private @Nullable NbdLink link;
    private SocketLoop.@Nullable Watch watch;
    private boolean failing;
    private boolean draining;
    private volatile boolean closed;
    private final AtomicLong reconnects = new AtomicLong();
    private volatile String lastLoss = "";

    NbdClient(
            final IoContext context,
            final SocketLoop loop,
            final Connector connector,
            final NbdTarget target,
            final NbdLink first,
            final long reconnectDelayNs) {
        this.context = context;
        this.loop = loop;
        this.connector = connector;
        this.target = target;
        this.first = first;
        this.reconnectDelayNs = reconnectDelayNs;
        this.patience = context.timer(() -> failAll("no connection within the reconnect delay"));
    }

    void nodeName(final String name) {
        nodeName = name;
    }

    /** How often a connection was lost and found again. Any thread. */
    long reconnects() {
        return reconnects.get();
    }

    /** Why the connection was lost last; empty if it never was. Any thread. */
    String lastLoss() {
        return lastLoss;
    }

    /** Begins with the first connection. */
    void begin() {
        online(first);
    }

    // ---- requests ----

    /** Takes a request of the node. */
    void start(final BlockRequest request) {
        if (failing || (link == null && draining)) {
            request.fail(Status.IO_ERROR, ENOTCONN, nodeName);
            return;
        }
        ClientSlot slot = free.pollLast();
        if (slot == null) {
            slot = new ClientSlot(slots.size());
            slots.add(slot);
        }
        slot.request = request;
        slot.done = 0;
        slot.lostAtNs = ClientSlot.NEVER;
        if (prepare(slot)) {
            queued.add(slot);
            context.ready(this);
        } else {
            end(slot);
        }
    }

    /** Sets the slot's next command up; false when there is nothing (more) to do. */
    private boolean prepare(final ClientSlot slot) {
        final BlockRequest request = slot.requireRequest();
        if (request.operation() == Operation.FLUSH) {
            slot.length = 0;
            slot.begin();
            return true;
        }
        final long left = Math.min(request.length(), first.sizeBytes() - request.offset()) - slot.done;
        slot.length = request.operation().transfers() ? left : Math.min(left, longest());
        slot.begin();
        return left > 0;
    }

    private long longest() {
        return first.mode() == NbdLink.Mode.EXTENDED ? MAX_WIDE : MAX_NARROW;
    }

    @Override
    public @Nullable ClientSlot slot(final long cookie) {
        final int index = (int) cookie;
        if (index < 0 || index >= slots.size()) {
            return null;
        }
        final ClientSlot slot = slots.get(index);
        final boolean asked = slot.stage == Stage.WRITING || slot.stage == Stage.WRITTEN;
        return asked && slot != answeredEarly && slot.cookie() == cookie ? slot : null;
    }

    @Override
    public void answered(final ClientSlot slot) {
        if (slot.stage == Stage.WRITING) {
            answeredEarly =
                    slot; // the server still waits for the rest of the data, and the sender needs the slot for it
            return;
        }
        slot.stage = Stage.QUEUED;
        inFlight--;
        final BlockRequest request = slot.requireRequest();
        if (slot.error == 0 && request.operation() == Operation.READ && slot.moved != slot.length) {
            slot.error = Transmission.EIO; // holes in the answer, in the wrong sense
        }
        if (slot.error != 0) {
            release(slot);
            request.fail(Status.ofErrno(slot.error), slot.error, nodeName);
            return;
        }
        slot.done += slot.length;
        final boolean steps = request.operation() == Operation.DISCARD || request.operation() == Operation.WRITE_ZEROES;
        if (steps && prepare(slot)) {
            queued.add(slot);
        } else {
            end(slot);
        }
    }

    /** All of a request has been carried out. */
    private void end(final ClientSlot slot) {
        final BlockRequest request = slot.requireRequest();
        release(slot);
        final long beyond = request.offset() + request.length() - first.sizeBytes();
        switch (request.operation()) {
            case READ -> {
                if (beyond > 0) {
                    final long zeros = Math.min(beyond, request.length());
                    request.vector().fill(request.length() - zeros, zeros, (byte) 0);
                }
                request.complete();
            }
            case BLOCK_STATUS -> endStatus(slot, request);
            default -> request.complete();
        }
    }

    private void endStatus(final ClientSlot slot, final BlockRequest request) {
        if (request.offset() >= first.sizeBytes()) {
            request.completeStatus(BlockStatusFlags.ZERO | BlockStatusFlags.END_OF_FILE, request.length());
        } else if (slot.statusBytes == 0) {
            request.fail(Status.IO_ERROR, nodeName);
        } else {
            final boolean last = request.offset() + slot.statusBytes >= first.sizeBytes();
            final int end = last ? BlockStatusFlags.END_OF_FILE : 0;
            request.completeStatus(slot.statusFlags | end, slot.statusBytes);
        }
    }

    private void release(final ClientSlot slot) {
        slot.request = null;
        free.addLast(slot);
    }

    // ---- as a source of the context ----

    @Override
    protected int run() {
        final NbdLink present = link;
        if (present == null) {
            return 0;
        }
        try {
            while (!queued.isEmpty() && inFlight < MAX_IN_FLIGHT) {
                final ClientSlot slot = queued.removeFirst();
                slot.stage = Stage.HANDED;
                inFlight++;
                sender.add(slot);
            }
            final int sent = sender.send(present) > 0 ? 1 : 0;
            endEarly();
            return sent + reader.receive(present);
        } catch (final IOException e) {
            lost(e);
            return 1;
        }
    }

    private void endEarly() {
        final ClientSlot slot = answeredEarly;
        if (slot != null && slot.stage == Stage.WRITTEN) {
            answeredEarly = null;
            answered(slot);
        }
    }

    @Override
    protected boolean hasWork() {
        final NbdLink present = link;
        final SocketLoop.Watch watcher = watch;
        if (present == null || watcher == null) {
            return false;
        }
        final boolean canSend = !queued.isEmpty() && inFlight < MAX_IN_FLIGHT;
        if (canSend || present.stream().holdsInput()) {
            return true;
        }
        final boolean output = sender.pending() || present.stream().holdsOutput();
        watcher.arm(SelectionKey.OP_READ | (output ? SelectionKey.OP_WRITE : 0));
        return false;
    }

    // ---- connections ----

    private void online(final NbdLink fresh) {
        if (closed) {
            fresh.stream().close();
            return;
        }
        try {
            watch = loop.watch(fresh.stream().channel(), () -> context.ready(this));
        } catch (final IOException e) {
            lost(e);
            return;
        }
        patience.cancel();
        failing = false;
        sender.reset();
        reader.reset();
        link = fresh;
        context.ready(this);
    }

    /** The connection is gone, or not fit to go on with. */
    private void lost(final IOException reason) {
        final NbdLink broken = link;
        link = null;
        if (broken != null) {
            broken.stream().close();
        }
        if (closed) {
            return;
        }
        lastLoss = Objects.requireNonNullElse(reason.getMessage(), reason.toString());
        LOG.warn("Node '{}' lost its connection to {}: {}", nodeName, target.describe(), lastLoss);
        inFlight = 0;
        answeredEarly = null;
        final long nowNs = context.clock().nanoTime();
        requeue(nowNs);
        if (reconnectDelayNs == 0 || draining) {
            failAll("there is no reconnect delay");
        } else {
            patience.arm(nowNs + reconnectDelayNs);
        }
        connector.connect(Long.MAX_VALUE, new Reconnection());
    }

    /** What was underway is to be sent again, unless one connection after another has been lost over it. */
    private void requeue(final long nowNs) {
        for (int i = 0; i < slots.size(); i++) { // whoever is told of a failure may begin a request
            if (slots.get(i).underway()) {
                requeue(slots.get(i), nowNs);
            }
        }
    }

    private void requeue(final ClientSlot slot, final long nowNs) {
        slot.begin();
        if (slot.lostAtNs == ClientSlot.NEVER) {
            slot.lostAtNs = nowNs;
        }
        if (reconnectDelayNs == 0 || nowNs - slot.lostAtNs < reconnectDelayNs) {
            queued.addFirst(slot);
        } else {
            fail(slot);
        }
    }

    /** What becomes of an attempt to connect again; in the loop. */
    private final class Reconnection implements Connector.Outcome {
        @Override
        public void connected(final NbdLink fresh) throws IOException {
            fresh.refuseUnlike(first);
            reconnects.incrementAndGet();
            context.execute(() -> online(fresh));
            LOG.info("Node '{}' is connected to {} again", nodeName, target.describe());
        }

        @Override
        public void gaveUp(final IOException lastFailure) {
            LOG.debug("Node '{}' no longer tries to connect", nodeName, lastFailure);
        }
    }

    private void failAll(final String why) {
        failing = link == null;
        if (!queued.isEmpty()) {
            LOG.warn("Node '{}' fails {} requests: {}", nodeName, queued.size(), why);
        }
        for (ClientSlot slot = queued.poll(); slot != null; slot = queued.poll()) {
            fail(slot);
        }
    }

    private void fail(final ClientSlot slot) {
        final BlockRequest request = slot.requireRequest();
        release(slot);
        request.fail(Status.IO_ERROR, ENOTCONN, nodeName);
    }

    // ---- drain and the end ----

    void drainBegin() {
        draining = true;
        if (link == null) {
            patience.cancel();
            failAll("a drain cannot wait for a connection");
        }
    }

    void drainEnd() {
        draining = false;
    }

    /** Says goodbye and hangs up; nothing is in flight. */
    void close() {
        closed = true;
        patience.cancel();
        final NbdLink present = link;
        link = null;
        if (present != null) {
            goodbye(present);
            present.stream().close();
        }
    }

    private static void goodbye(final NbdLink present) {
        final boolean extended = present.mode() == NbdLink.Mode.EXTENDED;
        final ByteBuffer request =
                ByteBuffer.allocate(extended ? Transmission.EXTENDED_REQUEST_BYTES : Transmission.REQUEST_BYTES);
        request.putInt(extended ? Transmission.EXTENDED_REQUEST_MAGIC : Transmission.REQUEST_MAGIC)
                .putShort((short) 0)
                .putShort((short) Transmission.CMD_DISC)
                .rewind();
        try {
            present.stream().write(new ByteBuffer[] {request}, 0, 1);
        } catch (final IOException e) {
            LOG.debug("The server did not wait for the goodbye", e);
        }
    }
}
