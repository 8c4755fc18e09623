package io.drivebay.exports.nbd;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.SocketLoop;
import io.drivebay.nbd.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A client in transmission. It lives in the I/O context of its export: while there is work the context reads and writes
 * the socket in its turns, without any other thread; once there is none, the server's loop watches the socket.
 *
 * <p>A request has a slot from its header until its reply has gone. When slots or bytes run out, requests stay in the
 * socket: a client that sends much or reads nothing holds up itself alone. The context's thread, but for the making.
 */
final class NbdConnection extends ReadySource {
    private enum State {
        /** Requests come and replies go. */
        OPEN,
        /** No more requests; what is in flight is answered, then the socket closed. */
        FINISHING,
        /** The socket is closed; requests may still be in flight. */
        CLOSED
    }

    private static final int INPUT_BYTES = 256 << 10;
    /** What is longer goes from the socket straight to its place. */
    private static final int DIRECT_BYTES = 16 << 10;

    private static final int REQUESTS_PER_TURN = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final NbdExport export;
    private final BlockBackend backend;
    private final ByteStream stream;
    private final SocketLoop.Watch watch;
    private final Session session;
    private final NbdServerOptions limits;
    private final String peer;
    private final Runnable closedAction;

    private final ArrayDeque<RequestSlot> free = new ArrayDeque<>();
    private final ArrayDeque<RequestSlot> unsubmitted = new ArrayDeque<>();
    private final ReplyQueue replies;
    private final ReplyBatching batching = new ReplyBatching();
    private final ReplyEncoder encoder;
    private final CommandRunner runner;
    private final RequestHeader header = new RequestHeader();

    private State state = State.OPEN;
    /* There only while something has been read that is not dealt with: a client that is idle costs next to nothing. */
    private @Nullable DataBuffer inputBuffer;
    private ByteBuffer input = NOTHING;
    private @Nullable RequestSlot receiving;
    private long skipBytes;
    private boolean socketDry;
    /* The next request needs more bytes than are free; until a slot is free again there is no point in looking. */
    private boolean bytesWanted;
    private int slots;
    private int inFlight;
    private long inFlightBytes;
    private long nowNs;

    /** Takes a client over from its negotiation; to be followed by {@link #begin} in the context. */
    NbdConnection(
            final Negotiation client,
            final NbdExport export,
            final Session session,
            final SocketLoop loop,
            final NbdServerOptions limits,
            final Runnable closedAction)
            throws IOException {
        this.export = export;
        this.backend = export.backend();
        this.stream = client.stream();
        this.peer = client.peer();
        this.session = session;
        this.limits = limits;
        this.closedAction = closedAction;
        this.replies = new ReplyQueue(limits.maxInFlight());
        this.encoder = new ReplyEncoder(session);
        this.runner = new CommandRunner(session, encoder.maxStatusBytes());
        this.watch = loop.watch(stream.channel(), () -> backend.context().ready(this));
    }

    String peer() {
        return peer;
    }

    /** Begins with what the client has sent ahead of time. */
    void begin(final ByteBuffer ahead) {
        try {
            if (ahead.hasRemaining()) {
                openInput();
                input.clear().put(ahead).flip();
            }
            wake();
        } catch (final ProtocolException e) {
            offence(e.reason());
        }
    }

    /** There may be something to do. */
    void wake() {
        backend.context().ready(this);
    }

    // ---- as a source of the context ----

    @Override
    protected int run() {
        if (state == State.CLOSED) {
            return 0;
        }
        try {
            nowNs = backend.context().clock().nanoTime();
            int done = sendReplies();
            done += submitHeld();
            done += receive();
            if (state == State.FINISHING && inFlight == 0 && stream.flush()) {
                close();
            }
            return done;
        } catch (final ProtocolException e) {
            offence(e.reason());
        } catch (final IOException e) {
            // A client may leave as it likes: no reason to raise one's voice.
            export.log().debug("NBD client {} of export '{}' is gone: {}", peer, export.name(), e.toString());
            close();
        }
        return 1;
    }

    @Override
    protected boolean hasWork() {
        if (state == State.CLOSED) {
            return false;
        }
        if (!input.hasRemaining()) {
            closeInput();
        }
        int operations = replies.isEmpty() && !stream.holdsOutput() ? 0 : SelectionKey.OP_WRITE;
        if (wantsInput()) {
            if (stream.holdsInput()) {
                return true;
            }
            operations |= SelectionKey.OP_READ;
        }
        if (operations != 0) {
            watch.arm(operations);
        }
        return false;
    }

    private int sendReplies() throws IOException {
        if (replies.isEmpty()) {
            stream.flush();
            return 0;
        }
        if (state == State.OPEN && hasRoom() && batching.waits(replies.size(), nowNs)) {
            return 1;
        }
        return replies.send(stream, this) > 0 ? 1 : 0;
    }

    // ---- input ----

    private boolean wantsInput() {
        return state == State.OPEN && (receiving != null || skipBytes > 0 || hasRoom());
    }

    private boolean hasRoom() {
        return !bytesWanted
                && !export.drained()
                && inFlight < limits.maxInFlight()
                && inFlightBytes < limits.maxInFlightBytes();
    }

    private int receive() throws IOException {
        socketDry = false;
        int done = 0;
        while (done < REQUESTS_PER_TURN && wantsInput() && advance()) {
            done++;
        }
        return done;
    }

    /** One step; false when it needs what is not there yet. */
    private boolean advance() throws IOException {
        final RequestSlot slot = receiving;
        if (slot != null) {
            return receivePayload(slot);
        }
        if (skipBytes > 0) {
            return skip();
        }
        if (input.remaining() < RequestHeader.bytes(session)) {
            return fill();
        }
        header.read(input, session);
        return take();
    }

    private void openInput() throws ProtocolException {
        if (inputBuffer == null) {
            final DataBuffer buffer = export.buffers().take(INPUT_BYTES);
            if (buffer == null) {
                throw new ProtocolException("cannot be served: there is no memory left for what it sends");
            }
            inputBuffer = buffer;
            input = buffer.bytes.clear().limit(0);
        }
    }

    private void closeInput() {
        final DataBuffer buffer = inputBuffer;
        if (buffer != null) {
            inputBuffer = null;
            input = NOTHING;
            export.buffers().give(buffer);
        }
    }

    private boolean fill() throws IOException {
        if (socketDry) {
            return false;
        }
        openInput();
        input.compact();
        final int bytes;
        try {
            bytes = stream.read(input);
        } finally {
            input.flip();
        }
        if (bytes < 0) {
            finish();
            return false;
        }
        socketDry = input.limit() < input.capacity();
        return bytes > 0;
    }

    private boolean receivePayload(final RequestSlot slot) throws IOException {
        final ByteBuffer target = slot.requireData().bytes;
        final int buffered = Math.min(input.remaining(), target.remaining());
        target.put(target.position(), input, input.position(), buffered);
        target.position(target.position() + buffered);
        input.position(input.position() + buffered);
        if (!target.hasRemaining()) {
            receiving = null;
            start(slot);
            return true;
        }
        if (target.remaining() <= DIRECT_BYTES) {
            return fill();
        }
        final int bytes = stream.read(target);
        if (bytes < 0) {
            throw new ProtocolException("left in the middle of a write");
        }
        return bytes > 0;
    }

    private boolean skip() throws IOException {
        final int bytes = (int) Math.min(skipBytes, input.remaining());
        input.position(input.position() + bytes);
        skipBytes -= bytes;
        return skipBytes == 0 || fill();
    }

    // ---- requests ----

    /** Takes the request whose header has been read; false when there is no room for its data now. */
    private boolean take() throws ProtocolException {
        if (header.command == Transmission.CMD_DISC) {
            finish();
            return false;
        }
        final long payload = header.payloadBytes(session);
        final long lengthBytes = Math.min(export.lengthBytes(), backend.lengthBytes());
        int error = RequestRules.refusal(header, session, export.options().writable(), lengthBytes);
        final int size = error == 0 ? runner.bufferBytes(header) : 0;
        if (error == 0 && payload > 0 && payload > size) {
            error = Transmission.EINVAL;
        }
        if (size > 0 && inFlight > 0 && inFlightBytes + BufferPool.sizeFor(size) > limits.maxInFlightBytes()) {
            bytesWanted = true;
            return false;
        }
        input.position(input.position() + RequestHeader.bytes(session));
        final RequestSlot slot = newSlot();
        if (error == 0 && size > 0 && !giveBuffer(slot, size)) {
            error = Transmission.ENOMEM;
        }
        if (error == 0 && size > 0) {
            slot.requireData().bytes.clear().limit((int) payload);
        }
        if (error != 0) {
            skipBytes = payload;
            reply(slot, error);
        } else if (payload > 0) {
            receiving = slot;
        } else {
            start(slot);
        }
        return true;
    }

    private RequestSlot newSlot() {
        RequestSlot slot = free.pollLast();
        if (slot == null) {
            slot = new RequestSlot(this);
            slots++;
        }
        inFlight++;
        slot.begin();
        slot.header.copy(header);
        return slot;
    }

    private boolean giveBuffer(final RequestSlot slot, final int bytes) {
        final DataBuffer buffer = export.buffers().take(bytes);
        slot.data(buffer);
        if (buffer == null) {
            return false;
        }
        inFlightBytes += buffer.size();
        return true;
    }

    private void start(final RequestSlot slot) {
        final RequestHeader asked = slot.header;
        if (asked.command == Transmission.CMD_BLOCK_STATUS && asked.has(Transmission.CMD_FLAG_PAYLOAD_LEN)) {
            slot.requireData().bytes.flip();
            final int error = runner.readStatusPayload(slot, backend.lengthBytes());
            if (error != 0) {
                reply(slot, error);
                return;
            }
        }
        if (runner.begin(slot)) {
            submit(slot);
        } else {
            reply(slot, 0);
        }
    }

    private void submit(final RequestSlot slot) {
        if (export.drained() || !unsubmitted.isEmpty() || !backend.submit(slot.request, nowNs)) {
            unsubmitted.addLast(slot);
        }
    }

    /** Submits what a drain or a full ring has held up. */
    private int submitHeld() {
        int done = 0;
        while (!export.drained() && !unsubmitted.isEmpty() && backend.submit(unsubmitted.getFirst().request, nowNs)) {
            unsubmitted.removeFirst();
            done++;
        }
        return done;
    }

    /** A slot's block request has ended. */
    void completed(final RequestSlot slot) {
        if (state == State.CLOSED) {
            free(slot);
        } else if (!slot.request.succeeded()) {
            reply(slot, NbdErrors.of(slot.request));
        } else if (runner.next(slot)) {
            nowNs = backend.context().clock().nanoTime();
            submit(slot);
        } else if (slot.header.command == Transmission.CMD_BLOCK_STATUS) {
            encoder.encodeStatus(slot);
            enqueue(slot);
        } else {
            reply(slot, 0);
        }
    }

    private void reply(final RequestSlot slot, final int error) {
        encoder.encode(slot, error);
        enqueue(slot);
    }

    private void enqueue(final RequestSlot slot) {
        replies.add(slot);
        wake();
    }

    /** A slot's reply has gone, or never will. */
    void free(final RequestSlot slot) {
        final DataBuffer buffer = slot.data();
        if (buffer != null) {
            inFlightBytes -= buffer.size();
            export.buffers().give(buffer);
            slot.data(null);
        }
        bytesWanted = false; // even without bytes: alone, a request may have more than the limit
        inFlight--;
        free.addLast(slot);
        if (state == State.CLOSED && inFlight == 0) {
            export.left(this);
        }
    }

    // ---- the end ----

    /** Takes no more requests, answers those that there are, then closes. */
    void finish() {
        if (state == State.OPEN) {
            state = State.FINISHING;
            dropHalfReceived();
            wake();
        }
    }

    /** The medium is another one, or none: what was held back must not reach it. */
    void mediumGone() {
        for (RequestSlot slot = unsubmitted.poll(); slot != null; slot = unsubmitted.poll()) {
            reply(slot, Transmission.ESHUTDOWN);
        }
        if (state == State.OPEN) {
            export.offences().disconnected(describe(), "the medium has changed");
        }
        finish();
    }

    private String describe() {
        return peer + " of export '" + export.name() + "'";
    }

    private void dropHalfReceived() {
        final RequestSlot half = receiving;
        if (half != null) {
            receiving = null;
            free(half);
        }
    }

    /** Closes at once and says why. */
    void offence(final String reason) {
        if (state != State.CLOSED) {
            export.offences().disconnected(describe(), reason);
            close();
        }
    }

    /** Closes at once; what is in flight ends unheard. */
    private void close() {
        stream.close();
        closedAction.run();
        inFlight++; // so that the last slot's way out comes at the end
        state = State.CLOSED;
        closeInput();
        dropHalfReceived();
        for (RequestSlot slot = replies.poll(); slot != null; slot = replies.poll()) {
            free(slot);
        }
        for (RequestSlot slot = unsubmitted.poll(); slot != null; slot = unsubmitted.poll()) {
            free(slot);
        }
        inFlight--;
        if (inFlight == 0) {
            export.left(this);
        }
    }

    @Override
    public String toString() {
        return "NbdConnection[" + peer + ", " + export.name() + ", " + state + ", " + inFlight + "/" + slots + "]";
    }
}
