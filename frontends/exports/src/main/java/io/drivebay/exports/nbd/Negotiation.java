package io.drivebay.exports.nbd;

import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.Handshake;
import io.drivebay.nbd.PlainStream;
import io.drivebay.nbd.SocketLoop;
import io.drivebay.nbd.TlsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client between its arrival and transmission. The server's loop only.
 *
 * <p>The next option is looked at only once the client has taken the answer to the last one, so that nothing piles up.
 */
final class Negotiation {
    /** What becomes of a client. */
    interface Outcome {
        /** The handshake is over; input holds what the client has sent ahead. */
        void entered(Negotiation client, NbdExport export, Session session, ByteBuffer input);

        /** The client is gone; with a reason when that is not the regular end. */
        void gone(Negotiation client, @Nullable String reason);
    }

    /**
     * What the server holds ready for a client.
     *
     * @param directory what it may enter
     * @param tls what it has to show; null without TLS
     * @param beganNs when it arrived
     */
    record Terms(ExportDirectory directory, @Nullable TlsPolicy tls, long beganNs) {}

    private enum Phase {
        CLIENT_FLAGS,
        OPTIONS,
        TLS,
        TRANSMISSION,
        END
    }

    /** Longest option data taken: enough for 15 queries of the longest kind. */
    private static final int MAX_OPTION_DATA = 64 << 10;

    private static final int INITIAL_INPUT = 1024;
    private static final int MAX_OPTIONS = 256;

    private final String peer;
    private final Outcome outcome;
    private final @Nullable TlsPolicy tls;
    private final OptionReplies replies = new OptionReplies();
    private final Session session = new Session();
    private final OptionHandler handler;
    private final SocketLoop.Watch watch;
    private final long beganNs;
    private ByteStream stream;
    private ByteBuffer input = ByteBuffer.allocate(INITIAL_INPUT).limit(0);
    private Phase phase = Phase.CLIENT_FLAGS;
    private int options;
    private boolean closed;

    Negotiation(
            final SocketChannel channel,
            final String peer,
            final Outcome outcome,
            final SocketLoop loop,
            final Terms terms)
            throws IOException {
        this.peer = peer;
        this.outcome = outcome;
        this.tls = terms.tls;
        this.stream = new PlainStream(channel);
        this.handler = new OptionHandler(terms.directory, session, replies, tls != null);
        this.beganNs = terms.beganNs;
        this.watch = loop.watch(channel, this::proceed);
    }

    String peer() {
        return peer;
    }

    long beganNs() {
        return beganNs;
    }

    ByteStream stream() {
        return stream;
    }

    /** Greets the client. */
    void begin() {
        replies.raw(ByteBuffer.allocate(Handshake.GREETING_BYTES)
                .putLong(Handshake.NBD_MAGIC)
                .putLong(Handshake.OPTION_MAGIC)
                .putShort((short) (Handshake.FIXED_NEWSTYLE | Handshake.NO_ZEROES))
                .flip());
        proceed();
    }

    /** Hangs up. */
    void close(final @Nullable String reason) {
        if (!closed) {
            closed = true;
            outcome.gone(this, reason);
            stream.close();
        }
    }

    /** Goes as far as it gets without waiting, then waits. */
    private void proceed() {
        if (closed) {
            return;
        }
        try {
            advance();
        } catch (final ProtocolException e) {
            close(e.reason());
        } catch (final IOException e) {
            close("handshake failed: " + e);
        }
    }

    private void advance() throws IOException {
        while (true) {
            if (!replies.flush(stream)) {
                watch.arm(SelectionKey.OP_WRITE);
                return;
            }
            if (phase == Phase.END) {
                close(null);
                return;
            }
            if (phase == Phase.TRANSMISSION) {
                closed = true;
                outcome.entered(this, Objects.requireNonNull(handler.entered()), session, input);
                return;
            }
            if (phase == Phase.TLS && !secure()) {
                return;
            }
            if (!step() && !receive()) {
                return;
            }
        }
    }

    /** True once TLS is up. */
    private boolean secure() throws IOException {
        final TlsStream secured;
        if (stream instanceof TlsStream begun) {
            secured = begun;
        } else {
            secured =
                    new TlsStream(stream.channel(), Objects.requireNonNull(tls).newEngine());
            stream = secured;
        }
        if (!secured.handshake()) {
            watch.arm(secured.flush() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
            return false;
        }
        handler.tlsActive();
        phase = Phase.OPTIONS;
        return true;
    }

    /** More input; false when it has to be waited for, or never comes. */
    private boolean receive() throws IOException {
        input.compact();
        final int bytes;
        try {
            bytes = stream.read(input);
        } finally {
            input.flip();
        }
        if (bytes < 0) {
            close(options == 0 && phase == Phase.CLIENT_FLAGS ? null : "left during the handshake");
        } else if (bytes == 0) {
            watch.arm(SelectionKey.OP_READ);
        }
        return bytes > 0;
    }

    /** Deals with one message if it is there as a whole. */
    private boolean step() throws ProtocolException {
        return phase == Phase.CLIENT_FLAGS ? clientFlags() : option();
    }

    private boolean clientFlags() throws ProtocolException {
        if (input.remaining() < Integer.BYTES) {
            return false;
        }
        final int flags = input.getInt();
        if ((flags & ~(Handshake.FIXED_NEWSTYLE | Handshake.NO_ZEROES)) != 0) {
            throw new ProtocolException("sent unknown client flags 0x" + Integer.toHexString(flags));
        }
        if ((flags & Handshake.NO_ZEROES) != 0) {
            handler.noPadding();
        }
        phase = Phase.OPTIONS;
        return true;
    }

    private boolean option() throws ProtocolException {
        if (input.remaining() < Handshake.OPTION_BYTES) {
            return false;
        }
        final int at = input.position();
        if (input.getLong(at) != Handshake.OPTION_MAGIC) {
            throw new ProtocolException("sent an option without its magic number");
        }
        final int option = input.getInt(at + 8);
        final int length = input.getInt(at + 12);
        if (length < 0 || length > MAX_OPTION_DATA) {
            throw new ProtocolException("sent option " + Integer.toUnsignedString(option) + " with "
                    + Integer.toUnsignedString(length) + " bytes of data; at most " + MAX_OPTION_DATA + " are taken");
        }
        if (input.remaining() < Handshake.OPTION_BYTES + length) {
            makeRoom(Handshake.OPTION_BYTES + length);
            return false;
        }
        if (++options > MAX_OPTIONS) {
            throw new ProtocolException("sent more than " + MAX_OPTIONS + " options");
        }
        final ByteBuffer data = input.slice(at + Handshake.OPTION_BYTES, length);
        input.position(at + Handshake.OPTION_BYTES + length);
        follow(handler.handle(option, data));
        return true;
    }

    private void makeRoom(final int bytes) {
        if (input.capacity() < bytes) {
            input = ByteBuffer.allocate(bytes).put(input).flip();
        }
    }

    private void follow(final OptionHandler.Next next) throws ProtocolException {
        switch (next) {
            case OPTION -> phase = Phase.OPTIONS;
            case TRANSMISSION -> phase = Phase.TRANSMISSION;
            case END -> phase = Phase.END;
            case TLS -> startTls();
        }
    }

    /** What was sent in the clear after STARTTLS would pass for something that TLS has protected. */
    private void startTls() throws ProtocolException {
        if (input.hasRemaining()) {
            throw new ProtocolException("sent data behind STARTTLS without waiting for the answer");
        }
        phase = Phase.TLS;
    }
}
