package io.drivebay.nbd;

import io.drivebay.backend.context.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/** A connection that is waited for, until a deadline. For the handshake, in a thread that may block. */
public final class PatientStream implements AutoCloseable {
    private final Clock clock;
    private final long deadlineNs;
    private final Selector selector;
    private final SelectionKey key;
    private ByteStream stream;

    private PatientStream(final SocketChannel channel, final Clock clock, final long deadlineNs) throws IOException {
        this.clock = clock;
        this.deadlineNs = deadlineNs;
        this.stream = new PlainStream(channel);
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
    }

    /** Connects a channel, which does not block from then on. */
    public static PatientStream connect(
            final SocketChannel channel, final SocketAddress address, final Clock clock, final long deadlineNs)
            throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            channel.connect(address);
        }
        channel.configureBlocking(false);
        final PatientStream patient = new PatientStream(channel, clock, deadlineNs);
        try {
            if (!channel.isConnected() && !channel.connect(address)) {
                while (!channel.finishConnect()) {
                    patient.await(SelectionKey.OP_CONNECT);
                }
            }
            SocketAddresses.tune(channel);
            return patient;
        } catch (final IOException e) {
            patient.close();
            throw e;
        }
    }

    /** The connection as it is now. */
    public ByteStream stream() {
        return stream;
    }

    /** Turns to TLS. */
    public void secure(final SSLEngine engine) throws IOException {
        final TlsStream secured = new TlsStream(stream.channel(), engine);
        while (!secured.handshake()) {
            await(secured.holdsOutput() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
        stream = secured;
    }

    /** The next so many bytes. */
    public ByteBuffer read(final int bytes) throws IOException {
        final ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining()) {
            final int got = stream.read(target);
            if (got < 0) {
                throw new EOFException("the server hung up during the handshake");
            }
            if (got == 0) {
                await(SelectionKey.OP_READ);
            }
        }
        return target.flip();
    }

    /** Sends a buffer as a whole. */
    public void write(final ByteBuffer bytes) throws IOException {
        final ByteBuffer[] one = {bytes};
        while (bytes.hasRemaining()) {
            if (stream.write(one, 0, 1) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        while (!stream.flush()) {
            await(SelectionKey.OP_WRITE);
        }
    }

    private void await(final int operation) throws IOException {
        final long leftNs = deadlineNs - clock.nanoTime();
        if (leftNs <= 0) {
            throw new SocketTimeoutException("the server did not answer in time");
        }
        key.interestOps(operation);
        selector.select(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
        selector.selectedKeys().clear();
    }

    /** Ends the waiting; the connection stays. */
    @Override
    public void close() throws IOException {
        selector.close();
    }
}
