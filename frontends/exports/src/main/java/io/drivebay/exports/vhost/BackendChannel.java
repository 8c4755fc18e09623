package io.drivebay.exports.vhost;

import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixSocket;

/** The socket over which this side speaks first (vhost-user, "Back-end message types"). The context's thread. */
final class BackendChannel implements AutoCloseable {
    private static final int CONFIG_CHANGED = 2;

    private final UnixSocket socket;
    private final Message message;

    BackendChannel(final UnixSocket socket) {
        this.socket = socket;
        this.message = new Message(socket);
    }

    /** Tells the client to read the configuration anew. */
    void configChanged() throws ProtocolException, PosixException {
        message.request(CONFIG_CHANGED);
    }

    @Override
    public void close() {
        socket.close();
    }
}
