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
    /** As much as all answers together may be; a server could talk without end. */
    private static final int MAX_TOTAL = 16 << 20;

    private final PatientStream io;

    /**
     * An export as a server shows it.
     *
     * @param name its name; empty for the default export
     * @param description what the server says of it; empty for nothing
     * @param sizeBytes its length; -1 where the server does not tell
     * @param flags transmission flags; 0 where the server does not tell
     * @param blockSizes least, preferred and longest request in bytes; empty where the server does not tell
     * @param contexts the metadata contexts on offer
     */
    public record Entry(
            String name,
            String description,
            long sizeBytes,
            int flags,
            List<Integer> blockSizes,
            List<String> contexts) {}

    private record Reply(int type, ByteBuffer data) {}

    private int total;

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
        final boolean structured =
                ask(Handshake.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0)).type == Handshake.REP_ACK;
        final List<Entry> found = new ArrayList<>();
        for (final Entry entry : names()) {
            final List<String> contexts = structured ? contexts(entry.name) : List.of();
            found.add(info(entry, contexts));
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
            found.add(new Entry(name, description, -1, 0, List.of(), List.of()));
            reply = reply(Handshake.OPT_LIST);
        }
        require(reply);
        return found;
    }

    private Entry info(final Entry entry, final List<String> contexts) throws IOException {
        final byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
        Reply reply = ask(
                Handshake.OPT_INFO,
                ByteBuffer.allocate(Integer.BYTES + name.length + 2 * Short.BYTES)
                        .putInt(name.length)
                        .put(name)
                        .putShort((short) 1)
                        .putShort((short) Handshake.INFO_BLOCK_SIZE)
                        .flip());
        long sizeBytes = -1;
        int flags = 0;
        List<Integer> blockSizes = List.of();
        while (reply.type == Handshake.REP_INFO) {
            final ByteBuffer data = reply.data;
            final int info = data.remaining() < Short.BYTES ? -1 : data.getShort();
            if (info == Handshake.INFO_EXPORT && data.remaining() == Long.BYTES + Short.BYTES) {
                sizeBytes = data.getLong();
                flags = Short.toUnsignedInt(data.getShort());
            } else if (info == Handshake.INFO_BLOCK_SIZE && data.remaining() == 3 * Integer.BYTES) {
                blockSizes = List.of(data.getInt(), data.getInt(), data.getInt());
            }
            reply = reply(Handshake.OPT_INFO);
        }
        return new Entry(entry.name, entry.description, sizeBytes, flags, blockSizes, contexts);
    }

    private List<String> contexts(final String export) throws IOException {
        final byte[] name = export.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer all = ByteBuffer.allocate(2 * Integer.BYTES + name.length)
                .putInt(name.length)
                .put(name)
                .putInt(0)
                .flip();
        final List<String> found = new ArrayList<>();
        Reply reply = ask(Handshake.OPT_LIST_META_CONTEXT, all);
        while (reply.type == Handshake.REP_META_CONTEXT && found.size() < MAX_EXPORTS) {
            if (reply.data.remaining() < Integer.BYTES) {
                throw new IOException("the server sent a metadata context without an id");
            }
            found.add(text(reply.data.position(Integer.BYTES)));
            reply = reply(Handshake.OPT_LIST_META_CONTEXT);
        }
        return found;
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
        total += Handshake.REPLY_BYTES + length;
        if (total > MAX_TOTAL) {
            throw new IOException("the server's answers have more than " + MAX_TOTAL + " bytes");
        }
        return new Reply(type, io.read(length));
    }

    private static String text(final ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
