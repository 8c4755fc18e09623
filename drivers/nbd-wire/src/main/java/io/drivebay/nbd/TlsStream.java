package io.drivebay.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * The bytes of a socket through TLS.
 *
 * <p>{@link #handshake} first; then as any stream. Tasks that the engine delegates run in the caller's thread.
 */
public final class TlsStream implements ByteStream {
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SocketChannel channel;
    private final SSLEngine engine;
    /* In all three the bytes between position and limit are waiting to go on. */
    private final ByteBuffer sealedIn;
    private final ByteBuffer plainIn;
    private final ByteBuffer sealedOut;
    private boolean begun;
    private boolean starving;
    private boolean inputEnded;

    /** A stream over a channel that does not block, and an engine whose mode has been set. */
    public TlsStream(final SocketChannel channel, final SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        this.sealedIn = empty(2 * engine.getSession().getPacketBufferSize());
        this.plainIn = empty(engine.getSession().getApplicationBufferSize());
        this.sealedOut = empty(2 * engine.getSession().getPacketBufferSize());
    }

    private static ByteBuffer empty(final int capacity) {
        return ByteBuffer.allocateDirect(capacity).limit(0);
    }

    /**
     * Carries the handshake on as far as it goes without waiting.
     *
     * @return true when it is done; else wait for the socket to be readable or, while {@link #flush} is false, writable
     * @throws IOException when the other side breaks the protocol, is not trusted, or leaves
     */
    public boolean handshake() throws IOException {
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        while (true) {
            if (!flush()) {
                return false;
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> seal(NOTHING, 0, 1);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unseal()) {
                        refuseEnd();
                        return false;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return true;
                }
            }
        }
    }

    private void refuseEnd() throws EOFException {
        if (inputEnded) {
            throw new EOFException("the other side left during the TLS handshake");
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            if (plainIn.hasRemaining()) {
                total += move(plainIn, target);
            } else if (inputEnded || !unseal()) {
                break;
            } else {
                answerEngine();
            }
        }
        return total == 0 && inputEnded ? -1 : total;
    }

    private static int move(final ByteBuffer from, final ByteBuffer to) {
        final int bytes = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), bytes);
        from.position(from.position() + bytes);
        to.position(to.position() + bytes);
        return bytes;
    }

    /** What a key update after the handshake asks for. */
    private void answerEngine() throws IOException {
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flush()) {
            seal(NOTHING, 0, 1);
            flush();
        }
    }

    /** Opens one record; false when the socket has to give more first, or has ended. Only while no plain byte waits. */
    private boolean unseal() throws IOException {
        while (true) {
            plainIn.clear();
            final SSLEngineResult result;
            try {
                result = engine.unwrap(sealedIn, plainIn);
            } finally {
                plainIn.flip();
            }
            switch (result.getStatus()) {
                case OK -> {
                    starving = false;
                    return true;
                }
                case BUFFER_UNDERFLOW -> {
                    if (!receive()) {
                        return false;
                    }
                }
                case BUFFER_OVERFLOW -> throw new IOException("a TLS record is longer than the protocol allows");
                case CLOSED -> {
                    inputEnded = true;
                    return false;
                }
            }
        }
    }

    private boolean receive() throws IOException {
        sealedIn.compact();
        final int bytes;
        try {
            bytes = channel.read(sealedIn);
        } finally {
            sealedIn.flip();
        }
        inputEnded |= bytes < 0;
        starving = bytes <= 0;
        return bytes > 0;
    }

    @Override
    public long write(final ByteBuffer[] sources, final int from, final int count) throws IOException {
        long total = 0;
        while (flush() && hasRemaining(sources, from, count)) {
            total += seal(sources, from, count);
        }
        return total;
    }

    private static boolean hasRemaining(final ByteBuffer[] sources, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            if (sources[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    /** Makes one record of what there is, once the last one has gone; the bytes that went in. */
    private long seal(final ByteBuffer[] sources, final int from, final int count) throws IOException {
        sealedOut.clear();
        final SSLEngineResult result;
        try {
            result = engine.wrap(sources, from, count, sealedOut);
        } finally {
            sealedOut.flip();
        }
        if (result.getStatus() != Status.OK) {
            throw new EOFException("TLS has ended");
        }
        return result.bytesConsumed();
    }

    @Override
    public boolean flush() throws IOException {
        if (sealedOut.hasRemaining()) {
            channel.write(sealedOut);
        }
        return !sealedOut.hasRemaining();
    }

    @Override
    public boolean holdsInput() {
        return plainIn.hasRemaining() || (sealedIn.hasRemaining() && !starving);
    }

    @Override
    public boolean holdsOutput() {
        return sealedOut.hasRemaining();
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        PlainStream.closeQuietly(channel);
    }
}
