package io.drivebay.cli.host;

import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.server.Connection;
import io.drivebay.monitor.server.MonitorServer;
import io.drivebay.posix.InheritedSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The ways to a monitor. A control thread. */
public final class Monitors implements AutoCloseable {
    private final Monitor monitor;
    private final List<MonitorServer> servers = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    public Monitors(final Monitor monitor) {
        this.monitor = monitor;
    }

    /** Listens at an endpoint, connects to whoever listens there, or talks by what the process was started with. */
    public void add(final Endpoint endpoint) throws IOException {
        final SocketAddress address = endpoint.address();
        if (endpoint.isInherited()) {
            final SocketChannel channel = InheritedSocket.adopt(endpoint.descriptor());
            connections.add(Connection.over(monitor, channel, channel, "inherited"));
        } else if (address == null) {
            connections.add(
                    Connection.over(monitor, Channels.newChannel(System.in), Channels.newChannel(System.out), "stdio"));
        } else if (endpoint.server()) {
            servers.add(MonitorServer.listen(monitor, address));
        } else {
            connections.add(Connection.to(monitor, address));
        }
    }

    @Override
    public void close() throws IOException {
        connections.forEach(Connection::close);
        for (final MonitorServer server : servers) {
            server.close();
        }
    }
}
