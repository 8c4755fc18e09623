package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client made by hand, with its own copy of the protocol's numbers, that sends whatever a test wants. */
final class RawClient implements AutoCloseable {
    static final long OPTION_MAGIC = 0x49484156454F5054L;
    static final long REPLY_MAGIC = 0x0003e889045565a9L;
    static final int ACK = 1;

    /** A reply to an option. */
    record OptionReply(int option, int type, ByteBuffer data) {}

    /** A simple reply. */
    record Reply(int error, long cookie) {}

    /** A structured or extended chunk. */
    record Chunk(int flags, int type, long cookie, ByteBuffer data) {}

    private final SocketChannel channel;

    RawClient(final SocketAddress address) throws IOException {
        channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        channel.connect(address);
    }

    // ---- bytes ----

    void send(final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    ByteBuffer receive(final int bytes) throws IOException {
        final ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException("after " + target.position() + " of " + bytes + " bytes");
            }
        }
        return target.flip();
    }

    /** Reads until the server hangs up; how many bytes came. */
    long drain() {
        long total = 0;
        final ByteBuffer rest = ByteBuffer.allocate(64 << 10);
        try {
            for (int bytes = channel.read(rest); bytes >= 0; bytes = channel.read(rest.clear())) {
                total += bytes;
            }
        } catch (final IOException e) {
            return total; // hung up while something that we sent was unread
        }
        return total;
    }

    /** Sends without caring whether anybody still listens, and says that no more will come. */
    void blurt(final ByteBuffer... pieces) {
        try {
            for (final ByteBuffer piece : pieces) {
                send(piece);
            }
            shutdownOutput();
        } catch (final IOException e) {
            return; // hung up already
        }
    }

    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    // ---- handshake ----

    RawClient greet() throws IOException {
        return greet(3);
    }

    RawClient greet(final int clientFlags) throws IOException {
        final ByteBuffer greeting = receive(18);
        assertEquals(0x4e42444d41474943L, greeting.getLong());
        assertEquals(OPTION_MAGIC, greeting.getLong());
        assertEquals(3, greeting.getShort());
        send(ByteBuffer.allocate(4).putInt(clientFlags).flip());
        return this;
    }

    void sendOption(final int option, final byte... data) throws IOException {
        send(ByteBuffer.allocate(16 + data.length)
                .putLong(OPTION_MAGIC)
                .putInt(option)
                .putInt(data.length)
                .put(data)
                .flip());
    }

    OptionReply optionReply() throws IOException {
        final ByteBuffer head = receive(20);
        assertEquals(REPLY_MAGIC, head.getLong());
        final int option = head.getInt();
        final int type = head.getInt();
        return new OptionReply(option, type, receive(head.getInt()));
    }

    /** Sends an option and returns the first reply. */
    OptionReply option(final int option, final byte... data) throws IOException {
        sendOption(option, data);
        return optionReply();
    }

    static byte[] goData(final String name, final int... infos) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer data = ByteBuffer.allocate(6 + bytes.length + 2 * infos.length)
                .putInt(bytes.length)
                .put(bytes)
                .putShort((short) infos.length);
        for (final int info : infos) {
            data.putShort((short) info);
        }
        return data.array();
    }

    static byte[] contextData(final String export, final String... queries) {
        final ByteBuffer data = ByteBuffer.allocate(64 << 10);
        putString(data, export);
        data.putInt(queries.length);
        for (final String query : queries) {
            putString(data, query);
        }
        final byte[] exact = new byte[data.position()];
        data.flip().get(exact);
        return exact;
    }

    private static void putString(final ByteBuffer data, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.putInt(bytes.length).put(bytes);
    }

    /** GO; returns the export's size. */
    long go(final String name) throws IOException {
        OptionReply reply = option(7, goData(name));
        long size = -1;
        while (reply.type() == 3) {
            if (reply.data().getShort(0) == 0) {
                size = reply.data().getLong(2);
            }
            reply = optionReply();
        }
        assertEquals(ACK, reply.type());
        return size;
    }

    /** The handshake for structured replies and base:allocation. */
    RawClient structured(final String name) throws IOException {
        greet();
        assertEquals(ACK, option(8).type());
        chooseAllocation(name);
        go(name);
        return this;
    }

    /** The handshake for extended headers and base:allocation. */
    RawClient extended(final String name) throws IOException {
        greet();
        assertEquals(ACK, option(11).type());
        chooseAllocation(name);
        go(name);
        return this;
    }

    private void chooseAllocation(final String name) throws IOException {
        assertEquals(4, option(10, contextData(name, "base:allocation")).type());
        assertEquals(ACK, optionReply().type());
    }

    /** The plainest handshake. */
    RawClient simple(final String name) throws IOException {
        greet().go(name);
        return this;
    }

    // ---- transmission ----

    static ByteBuffer request(
            final int flags, final int command, final long cookie, final long offset, final int length) {
        return ByteBuffer.allocate(28)
                .putInt(0x25609513)
                .putShort((short) flags)
                .putShort((short) command)
                .putLong(cookie)
                .putLong(offset)
                .putInt(length)
                .flip();
    }

    static ByteBuffer wideRequest(final int flags, final int command, final long offset, final long length) {
        return ByteBuffer.allocate(32)
                .putInt(0x21e41c71)
                .putShort((short) flags)
                .putShort((short) command)
                .putLong(77)
                .putLong(offset)
                .putLong(length)
                .flip();
    }

    Reply reply() throws IOException {
        final ByteBuffer head = receive(16);
        assertEquals(0x67446698, head.getInt());
        return new Reply(head.getInt(), head.getLong());
    }

    /** Sends a request of simple mode and returns its reply without data. */
    Reply ask(final int flags, final int command, final long offset, final int length) throws IOException {
        send(request(flags, command, 99, offset, length));
        return reply();
    }

    Chunk chunk() throws IOException {
        final ByteBuffer head = receive(20);
        assertEquals(0x668e33ef, head.getInt());
        return new Chunk(head.getShort(), head.getShort() & 0xffff, head.getLong(), receive(head.getInt()));
    }

    Chunk wideChunk() throws IOException {
        final ByteBuffer head = receive(32);
        assertEquals(0x6e8a278c, head.getInt());
        final int flags = head.getShort();
        final int type = head.getShort() & 0xffff;
        final long cookie = head.getLong();
        head.getLong();
        return new Chunk(flags, type, cookie, receive((int) head.getLong()));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
