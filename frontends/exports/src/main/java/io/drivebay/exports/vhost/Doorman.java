package io.drivebay.exports.vhost;

import io.drivebay.backend.context.IoContext;
import io.drivebay.exports.OffenceLog;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.FdWatch;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixListener;
import io.drivebay.posix.UnixSocket;
import io.drivebay.virtio.blk.VirtioBlk;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets one client in at a time: the next one when the device has forgotten the last. The context's thread. */
final class Doorman {
    private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);

    private final String id;
    private final VirtioBlk device;
    private final IoContext context;
    private final AsyncFilePort port;
    private final UnixListener listener;
    private final OffenceLog offences;
    private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
    private @Nullable FdWatch watch;
    private @Nullable Session session;
    private boolean closing;
    private long clients;

    Doorman(
            final String id,
            final VirtioBlk device,
            final IoContext context,
            final AsyncFilePort port,
            final UnixListener listener,
            final OffenceLog offences) {
        this.id = id;
        this.device = device;
        this.context = context;
        this.port = port;
        this.listener = listener;
        this.offences = offences;
    }

    /** Looks out for the next client; who waits already is seen, too. The listener is not watched while one is in. */
    void open() {
        watch = port.watch(listener.fd(), this::accept);
    }

    private void stopWatching() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    boolean hasClient() {
        return session != null;
    }

    private void accept() {
        while (session == null && !closing) {
            final UnixSocket socket;
            try {
                socket = listener.accept();
            } catch (final PosixException e) {
                LOG.error("vhost-user export '{}' cannot accept: {}", id, e.getMessage());
                return;
            }
            if (socket == null) {
                return;
            }
            stopWatching();
            clients++;
            LOG.debug("vhost-user client {} of '{}' connected", clients, id);
            final Session next = new Session(device, context, port, socket, this::ended);
            session = next;
            next.open();
        }
    }

    /** A session is over and nothing of it is left. */
    private void ended(final @Nullable String offence) {
        if (offence == null) {
            LOG.debug("vhost-user client {} of '{}' is gone", clients, id);
        } else {
            offences.disconnected(clients + " of '" + id + "'", offence);
        }
        session = null;
        if (closing) {
            left.complete(null);
        } else {
            context.execute(this::nextPlease);
        }
    }

    private void nextPlease() {
        if (session == null && watch == null && !closing) {
            open();
        }
    }

    /** Lets nobody in any more and sends away whoever is in, after answering what is in flight; completes when nobody is left. */
    CompletableFuture<@Nullable Void> close() {
        closing = true;
        stopWatching();
        final Session present = session;
        if (present == null) {
            left.complete(null);
        } else {
            present.dismiss();
        }
        return left;
    }
}
