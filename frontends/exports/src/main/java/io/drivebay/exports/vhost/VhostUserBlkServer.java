package io.drivebay.exports.vhost;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.exports.LastFlush;
import io.drivebay.exports.OffenceLog;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixListener;
import io.drivebay.virtio.blk.VirtioBlk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a block node over a vhost-user socket: a virtual machine monitor that connects passes its guest's memory, and the
 * guest's requests are taken from there and carried out in the node's I/O context, which serves the socket, too.
 *
 * <p>One client at a time; others wait in the socket. All methods are for control threads.
 */
public final class VhostUserBlkServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VhostUserBlkServer.class);
    private static final int RING_CAPACITY = 4096;
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(35);

    private final VhostUserBlkOptions options;
    private final BlockBackend backend;
    private final VirtioBlk device;
    private final UnixListener listener;
    private final Doorman doorman;
    private boolean closed;

    private VhostUserBlkServer(
            final VhostUserBlkOptions options,
            final BlockBackend backend,
            final VirtioBlk device,
            final UnixListener listener,
            final Doorman doorman) {
        this.options = options;
        this.backend = backend;
        this.device = device;
        this.listener = listener;
        this.doorman = doorman;
    }

    /**
     * Serves a node on a socket that is made at a path, and removed at the end.
     *
     * @throws BlockException IO when the socket cannot be had; NOT_SUPPORTED when the node's context cannot watch sockets;
     *     IN_USE when others do not share the node; INVALID_OPTION when it is to be writable and cannot
     */
    public static VhostUserBlkServer listen(
            final BlockLayer layer, final BlockNode node, final VhostUserBlkOptions options, final String path)
            throws BlockException {
        return open(layer, node, options, listener(path), log(node));
    }

    /** Serves a node on a descriptor that listens already, which it takes over; else as {@link #listen}. */
    public static VhostUserBlkServer adopt(
            final BlockLayer layer, final BlockNode node, final VhostUserBlkOptions options, final int fd)
            throws BlockException {
        try {
            final UnixListener listener = UnixListener.adopt(PosixFile.adopt(fd, "fd " + fd));
            return open(layer, node, options, listener, log(node));
        } catch (final PosixException e) {
            throw new BlockException(Kind.IO, "cannot listen on descriptor " + fd + ": " + e.getMessage(), e);
        }
    }

    private static OffenceLog log(final BlockNode node) {
        return new OffenceLog(node.domain().context().clock(), "vhost-user client");
    }

    private static UnixListener listener(final String path) throws BlockException {
        try {
            return UnixListener.listen(path);
        } catch (final PosixException e) {
            throw new BlockException(Kind.IO, "cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #listen}, complaining elsewhere. */
    static VhostUserBlkServer listen(
            final BlockLayer layer,
            final BlockNode node,
            final VhostUserBlkOptions options,
            final String path,
            final OffenceLog offences)
            throws BlockException {
        return open(layer, node, options, listener(path), offences);
    }

    private static VhostUserBlkServer open(
            final BlockLayer layer,
            final BlockNode node,
            final VhostUserBlkOptions options,
            final UnixListener listener,
            final OffenceLog offences)
            throws BlockException {
        try {
            return serve(layer, node, options, listener, offences);
        } catch (final BlockException e) {
            listener.close();
            throw e;
        }
    }

    private static VhostUserBlkServer serve(
            final BlockLayer layer,
            final BlockNode node,
            final VhostUserBlkOptions options,
            final UnixListener listener,
            final OffenceLog offences)
            throws BlockException {
        final IoContext context = node.domain().context();
        if (!(context.port() instanceof AsyncFilePort port)) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED,
                    "context '" + context.name() + "' cannot watch sockets: vhost-user needs Linux");
        }
        if (options.writable() && node.readOnly()) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "cannot export " + node.describe() + " as '" + options.id() + "' writable: it is read-only");
        }
        final BlockBackend backend = layer.createBackend(context, RING_CAPACITY);
        backend.writeCache(!options.writeThrough());
        try {
            layer.insertMedium(backend, node);
            final VirtioBlk device = VirtioBlk.attach(backend, GuestMemory.of(List.of()), options.device());
            final Doorman doorman = new Doorman(options.id(), device, context, port, listener, offences);
            context.run(doorman::open);
            return new VhostUserBlkServer(options, backend, device, listener, doorman);
        } catch (final BlockException e) {
            backend.release();
            throw e;
        }
    }

    /** What was asked for when it was made. */
    public VhostUserBlkOptions options() {
        return options;
    }

    /** The backend behind it; its medium may be changed, and the guest is told of another length. */
    public BlockBackend backend() {
        return backend;
    }

    /** Checks whether a medium may take the place of the present one, as {@link VirtioBlk#checkMedium}. */
    public void checkMedium(final BlockNode medium) throws BlockException {
        device.checkMedium(medium);
    }

    /** Where it listens. */
    public String path() {
        return listener.path();
    }

    /** True while a client is connected. */
    public boolean hasClient() {
        return backend.context().call(doorman::hasClient);
    }

    /** Sends the client away when its requests are done, flushes, gives the node back and stops listening. */
    @Override
    public synchronized void close() throws BlockException {
        if (closed) {
            return;
        }
        closed = true;
        final CompletableFuture<@Nullable Void> left = backend.context().call(doorman::close);
        try {
            backend.context().await(left, GRACE_NS);
        } catch (final TimeoutException e) {
            LOG.warn("vhost-user export '{}' is removed while requests have not ended: {}", options.id(), e.toString());
        }
        listener.close();
        final boolean loaded = backend.context().<@Nullable BlockNode>call(backend::medium) != null;
        final String failure = options.writable() && loaded ? LastFlush.of(backend) : null;
        device.detach();
        backend.release();
        if (failure != null) {
            throw new BlockException(Kind.IO, "export '" + options.id() + "' was not flushed at its end: " + failure);
        }
    }
}
