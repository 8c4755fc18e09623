package io.drivebay.monitor.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client on a socket, which reads only when it is asked to. */
public final class SocketClient implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader reader;

    public SocketClient(final SocketChannel channel) {
        this.channel = channel;
        this.reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    public static SocketClient to(final SocketAddress address) throws IOException {
        return new SocketClient(SocketChannel.open(address));
    }

    public SocketChannel channel() {
        return channel;
    }

    public void send(final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The next line; null at the end. */
    public @Nullable JsonNode next() throws IOException {
        final String line = reader.readLine();
        return line == null ? null : TestClient.json(line);
    }

    /** Sends a command; the reply to it, whatever comes before. */
    public JsonNode ask(final String message) throws IOException {
        send(message);
        for (JsonNode line = next(); line != null; line = next()) {
            if (line.has("return") || line.has("error")) {
                return line;
            }
        }
        throw new IOException("closed without a reply to " + message);
    }

    public SocketClient negotiate() throws IOException {
        next();
        ask("{'execute': 'qmp_capabilities'}");
        return this;
    }

    /** Reads up to the end of the stream; how many lines there were. */
    public int drain() throws IOException {
        int lines = 0;
        while (reader.readLine() != null) {
            lines++;
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
