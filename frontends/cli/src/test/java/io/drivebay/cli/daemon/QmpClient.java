package io.drivebay.cli.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of a monitor: one command after the other. */
final class QmpClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream out;
    private final BufferedReader in;
    private final List<JsonNode> events = new ArrayList<>();

    /** Reads the greeting and negotiates. */
    QmpClient(final InputStream in, final OutputStream out) throws IOException {
        this.out = out;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        if (!read().has("QMP")) {
            throw new IOException("no greeting");
        }
        execute("qmp_capabilities");
    }

    static QmpClient connect(final Path socket) throws IOException {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new QmpClient(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    private JsonNode read() throws IOException {
        final String line = in.readLine();
        if (line == null) {
            throw new IOException("the monitor has hung up");
        }
        return JSON.readTree(line);
    }

    /** Carries a command out; its reply. */
    JsonNode execute(final String command) throws IOException {
        return execute(command, "{}");
    }

    /** Carries a command out; its reply. */
    JsonNode execute(final String command, final String arguments) throws IOException {
        final String message = "{\"execute\": \"" + command + "\", \"arguments\": " + arguments + "}\n";
        out.write(message.getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (true) {
            final JsonNode read = read();
            if (!read.has("event")) {
                return read;
            }
            events.add(read);
        }
    }

    /** Waits for an event; its data. */
    JsonNode event(final String name) throws IOException {
        while (true) {
            for (final JsonNode event : events) {
                if (event.get("event").textValue().equals(name)) {
                    events.remove(event);
                    return event.get("data");
                }
            }
            events.add(read());
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
        out.close();
    }
}
