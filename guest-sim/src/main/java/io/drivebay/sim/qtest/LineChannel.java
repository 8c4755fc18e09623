package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A socket's bytes in and out for a client's thread, which looks for more for a little while before it sleeps. */
final class LineChannel implements AutoCloseable {
    private static final int CAPACITY = 1 << 16;
    /** Hardly a microsecond or two: the machine may want this very processor. */
    private static final int LOOKS_BEFORE_YIELD = 4;

    private final SocketChannel socket;
    private final Clock clock;
    private final Selector selector;
    private final SelectionKey key;
    private final Patience patience = new Patience();
    private final ByteBuffer in = ByteBuffer.allocateDirect(CAPACITY);
    private final ByteBuffer out = ByteBuffer.allocateDirect(CAPACITY);

    LineChannel(final SocketChannel socket, final Clock clock) throws IOException {
        this.socket = socket;
        this.clock = clock;
        this.selector = Selector.open();
        socket.configureBlocking(false);
        this.key = socket.register(selector, 0);
    }

    /**
     * Waits for bytes and adds them to a buffer.
     *
     * @return false at the end of the stream
     */
    @SuppressWarnings("ThreadPriorityCheck")
    boolean receive(final LineBuffer target) throws IOException {
        patience.begin(clock.nanoTime());
        int looks = 0;
        boolean slept = false;
        while (true) {
            in.clear();
            final int count = socket.read(in);
            if (count < 0) {
                return false;
            }
            if (count > 0) {
                patience.progress(clock.nanoTime(), slept);
                target.add(in.flip());
                return true;
            }
            if (patience.lasts(clock.nanoTime())) {
                if (++looks % LOOKS_BEFORE_YIELD == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            } else {
                await(SelectionKey.OP_READ);
                slept = true;
            }
        }
    }

    /* A socket that nobody waits for is taken out of the kernel's set, so that what arrives there costs less. */
    private void await(final int operation) throws IOException {
        key.interestOps(operation);
        selector.select(LineChannel::nothing);
        key.interestOps(0);
        selector.selectNow(LineChannel::nothing);
    }

    private static void nothing(final SelectionKey ready) {}

    /** Queues one byte, and sends what is queued when there is no room. */
    void put(final int character) throws IOException {
        if (!out.hasRemaining()) {
            flush();
        }
        out.put((byte) character);
    }

    /** Sends all that is queued, however long the other side takes. */
    void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            if (socket.write(out) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        out.clear();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }
}
