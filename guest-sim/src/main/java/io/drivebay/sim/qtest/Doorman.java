package io.drivebay.sim.qtest;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Sleeps in the kernel for a session that nobody talks to, in a thread of its own, and wakes it. */
final class Doorman implements QtestSession.Watch {
    private final Selector selector;
    private final SelectionKey key;
    private final QtestSession session;

    /** For a session on a socket that does not block. */
    Doorman(final SocketChannel socket, final QtestSession session) throws IOException {
        this.session = session;
        this.selector = Selector.open();
        this.key = socket.register(selector, 0);
    }

    @Override
    public void begin(final boolean toRead) {
        try {
            key.interestOps(toRead ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
            selector.wakeup();
        } catch (final CancelledKeyException e) {
            session.end();
        }
    }

    /** Serves until the session has ended. */
    void serve() throws IOException {
        session.begin(this);
        try (selector) {
            while (!session.ended()) {
                selector.select(this::knock);
            }
        } catch (final CancelledKeyException | ClosedSelectorException e) {
            return; // the session has ended
        }
    }

    private void knock(final SelectionKey ready) {
        ready.interestOps(0);
        session.wake();
    }

    @Override
    public void end() {
        selector.wakeup();
    }
}
