package io.drivebay.cli.host;

import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.server.Connection;
import io.drivebay.monitor.server.MonitorServer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Channels;
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

    /** Listens at an endpoint, connects to whoever listens there, or talks by standard input and output. */
    public void add(final Endpoint endpoint) throws IOException {
        final SocketAddress address = endpoint.address();
        if (address == null) {
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
