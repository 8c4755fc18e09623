package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A socket's bytes in and out for one thread, which looks for more for a little while before it sleeps in the kernel.
 * {@link #wake} and {@link #stop} are for any thread.
 */
final class LineChannel implements AutoCloseable {
    private static final int CAPACITY = 1 << 16;
    /** How long to look before sleeping, in nanoseconds: what a sleep and a wake-up cost, about. */
    private static final long MOST_SPIN_NS = 50_000;

    private static final long LEAST_SPIN_NS = 2_000;

    private final SocketChannel socket;
    private final Clock clock;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(CAPACITY);
    private final ByteBuffer out = ByteBuffer.allocateDirect(CAPACITY);
    private long spinNs = MOST_SPIN_NS;
    private volatile boolean sleeping;
    private volatile boolean woken;
    private volatile boolean stopping;

    LineChannel(final SocketChannel socket, final Clock clock) throws IOException {
        this.socket = socket;
        this.clock = clock;
        this.selector = Selector.open();
        socket.configureBlocking(false);
        this.key = socket.register(selector, SelectionKey.OP_READ);
    }

    /** Ends a present or the next wait for bytes. Any thread. */
    void wake() {
        woken = true;
        if (sleeping) {
            selector.wakeup();
        }
    }

    /** Forgets the calls of {@link #wake} so far: their reason will be looked at now. */
    void awake() {
        woken = false;
    }

    // ---- in ----

    /**
     * Waits for bytes, or for {@link #wake}, and adds them to a buffer.
     *
     * @return false at the end of the stream, or after {@link #stop}
     */
    boolean receive(final LineBuffer target) throws IOException {
        final long beganNs = clock.nanoTime();
        boolean slept = false;
        while (true) {
            in.clear();
            final int count = socket.read(in);
            if (count < 0 || stopping) {
                return false;
            }
            if (count > 0 || woken) {
                learn(clock.nanoTime() - beganNs, slept);
                target.add(in.flip());
                return true;
            }
            if (clock.nanoTime() - beganNs >= spinNs) {
                sleep();
                slept = true;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /* Looks longer while that has lately saved a sleep, hardly at all while the line is idle. */
    private void learn(final long waitedNs, final boolean slept) {
        if (slept) {
            spinNs = waitedNs <= MOST_SPIN_NS ? MOST_SPIN_NS : Math.max(LEAST_SPIN_NS, spinNs / 2);
        }
    }

    private void sleep() throws IOException {
        sleeping = true;
        if (!woken) {
            selector.select(LineChannel::nothing);
        }
        sleeping = false;
    }

    // ---- out ----

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
                awaitRoom();
            }
        }
        out.clear();
    }

    private static void nothing(final SelectionKey ready) {}

    private void awaitRoom() throws IOException {
        if (stopping) {
            throw new ClosedChannelException();
        }
        key.interestOps(SelectionKey.OP_WRITE);
        selector.select(LineChannel::nothing);
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Lets the present or next wait of the channel's thread be the last one. Any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }
}
