package io.drivebay.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Asks a server which exports it has. In a thread that may block. */
public final class RemoteExports {
    private static final int MAX_EXPORTS = 10_000;
    private static final int MAX_DATA = 64 << 10;

    private final PatientStream io;

    /**
     * An export as a server shows it.
     *
     * @param name its name; empty for the default export
     * @param description what the server says of it; empty for nothing
     * @param sizeBytes its length; -1 where the server does not tell
     * @param flags transmission flags; 0 where the server does not tell
     */
    public record Entry(String name, String description, long sizeBytes, int flags) {}

    private record Reply(int type, ByteBuffer data) {}

    private RemoteExports(final PatientStream io) {
        this.io = io;
    }

    /** Lists a server's exports, then says goodbye. */
    public static List<Entry> list(final PatientStream io, final @Nullable SSLEngine engine) throws IOException {
        return new RemoteExports(io).run(engine);
    }

    private List<Entry> run(final @Nullable SSLEngine engine) throws IOException {
        final ByteBuffer greeting = io.read(Handshake.GREETING_BYTES);
        if (greeting.getLong() != Handshake.NBD_MAGIC || greeting.getLong() != Handshake.OPTION_MAGIC) {
            throw new IOException("what answers is no newstyle NBD server");
        }
        final int flags = greeting.getShort() & (Handshake.FIXED_NEWSTYLE | Handshake.NO_ZEROES);
        io.write(ByteBuffer.allocate(Integer.BYTES).putInt(flags).flip());
        if (engine != null) {
            require(ask(Handshake.OPT_STARTTLS, ByteBuffer.allocate(0)));
            io.secure(engine);
        }
        final List<Entry> found = new ArrayList<>();
        for (final Entry entry : names()) {
            found.add(info(entry));
        }
        ask(Handshake.OPT_ABORT, ByteBuffer.allocate(0));
        return found;
    }

    private List<Entry> names() throws IOException {
        final List<Entry> found = new ArrayList<>();
        Reply reply = ask(Handshake.OPT_LIST, ByteBuffer.allocate(0));
        while (reply.type == Handshake.REP_SERVER && found.size() < MAX_EXPORTS) {
            final int length = reply.data.remaining() < Integer.BYTES ? -1 : reply.data.getInt();
            if (length < 0 || length > reply.data.remaining()) {
                throw new IOException("the server sent a name that does not fit");
            }
            final String name = text(reply.data.slice(reply.data.position(), length));
            final String description = text(reply.data.position(reply.data.position() + length));
            found.add(new Entry(name, description, -1, 0));
            reply = reply(Handshake.OPT_LIST);
        }
        require(reply);
        return found;
    }

    private Entry info(final Entry entry) throws IOException {
        final byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
        Reply reply = ask(
                Handshake.OPT_INFO,
                ByteBuffer.allocate(Integer.BYTES + name.length + Short.BYTES)
                        .putInt(name.length)
                        .put(name)
                        .putShort((short) 0)
                        .flip());
        Entry known = entry;
        while (reply.type == Handshake.REP_INFO) {
            if (reply.data.remaining() >= 12 && reply.data.getShort(0) == Handshake.INFO_EXPORT) {
                known = new Entry(
                        entry.name,
                        entry.description,
                        reply.data.getLong(2),
                        Short.toUnsignedInt(reply.data.getShort(10)));
            }
            reply = reply(Handshake.OPT_INFO);
        }
        return known;
    }

    private static void require(final Reply reply) throws IOException {
        if (reply.type != Handshake.REP_ACK) {
            throw new IOException("the server refuses: " + Handshake.describeReply(reply.type));
        }
    }

    private Reply ask(final int option, final ByteBuffer data) throws IOException {
        io.write(ByteBuffer.allocate(Handshake.OPTION_BYTES + data.remaining())
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(option)
                .putInt(data.remaining())
                .put(data)
                .flip());
        return reply(option);
    }

    private Reply reply(final int option) throws IOException {
        final ByteBuffer head = io.read(Handshake.REPLY_BYTES);
        if (head.getLong() != Handshake.REPLY_MAGIC || head.getInt() != option) {
            throw new IOException("the server's answer to option " + option + " is none");
        }
        final int type = head.getInt();
        final int length = head.getInt();
        if (length < 0 || length > MAX_DATA) {
            throw new IOException("the server's answer has " + Integer.toUnsignedString(length) + " bytes");
        }
        return new Reply(type, io.read(length));
    }

    private static String text(final ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
