package io.drivebay.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sockets of both families, as NBD wants them. */
public final class SocketAddresses {
    private static final int BACKLOG = 512;

    private SocketAddresses() {}

    /** A listening socket that does not block; a Unix socket's file must not exist yet. */
    public static ServerSocketChannel listen(final SocketAddress address) throws IOException {
        final ServerSocketChannel channel = address instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            if (address instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A new socket of an address's family, not yet connected; blocks. */
    public static SocketChannel open(final SocketAddress address) throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }

    /** Tunes a connected socket: no waiting for more to send, and peers that vanished are noticed. */
    public static void tune(final SocketChannel channel) throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    /** An address in words. */
    public static String describe(final SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return "unix:" + unix.getPath();
        }
        if (address instanceof InetSocketAddress inet) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        return address.toString();
    }
}
