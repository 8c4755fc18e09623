package io.drivebay.driver.protocol.nbd;

import static io.drivebay.nbd.Handshake.ERR_TLS_REQD;
import static io.drivebay.nbd.Handshake.ERR_UNSUP;
import static io.drivebay.nbd.Handshake.INFO_BLOCK_SIZE;
import static io.drivebay.nbd.Handshake.INFO_EXPORT;
import static io.drivebay.nbd.Handshake.OPT_EXPORT_NAME;
import static io.drivebay.nbd.Handshake.OPT_EXTENDED_HEADERS;
import static io.drivebay.nbd.Handshake.OPT_GO;
import static io.drivebay.nbd.Handshake.OPT_SET_META_CONTEXT;
import static io.drivebay.nbd.Handshake.OPT_STARTTLS;
import static io.drivebay.nbd.Handshake.OPT_STRUCTURED_REPLY;
import static io.drivebay.nbd.Handshake.REP_ACK;
import static io.drivebay.nbd.Handshake.REP_INFO;
import static io.drivebay.nbd.Handshake.REP_META_CONTEXT;

import io.drivebay.driver.protocol.nbd.NbdLink.Mode;
import io.drivebay.nbd.Handshake;
import io.drivebay.nbd.PatientStream;
import io.drivebay.nbd.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;

/** The client's side of a newstyle handshake; takes the best that the server has. */
final class ClientHandshake {
    private static final int MAX_REPLY_DATA = 64 << 10;
    private static final int MAX_REPLIES = 100;
    private static final int MAX_MIN_BLOCK = 64 << 10;
    /** So much of what a server says is passed on to people. */
    private static final int MAX_TEXT = 500;
    /** What can still be rounded up to any alignment. */
    private static final long MAX_SIZE = Long.MAX_VALUE & -(1L << 30);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final PatientStream io;
    private final NbdTarget target;
    private boolean padding;
    private Mode mode = Mode.SIMPLE;
    private int allocationId = -1;
    private long sizeBytes = -1;
    private int flags;
    private int minBlock = 1;
    private int maxPayload = Transmission.MAX_PAYLOAD;

    /** One reply to an option. */
    private record Reply(int type, ByteBuffer data) {
        String reason() {
            final ByteBuffer start = data.slice(data.position(), Math.min(data.remaining(), MAX_TEXT));
            final String text =
                    CONTROL.matcher(StandardCharsets.UTF_8.decode(start)).replaceAll("?");
            return Handshake.describeReply(type) + (text.isEmpty() ? "" : ": " + text);
        }
    }

    ClientHandshake(final PatientStream io, final NbdTarget target) {
        this.io = io;
        this.target = target;
    }

    /** Goes through it all. */
    NbdLink run() throws IOException {
        greet();
        final SSLEngine engine = target.newEngine();
        if (engine != null) {
            startTls(engine);
        }
        if (accepts(OPT_EXTENDED_HEADERS)) {
            mode = Mode.EXTENDED;
        } else if (accepts(OPT_STRUCTURED_REPLY)) {
            mode = Mode.STRUCTURED;
        }
        if (mode != Mode.SIMPLE) {
            chooseAllocation();
        }
        enter();
        check();
        return new NbdLink(io.stream(), mode, sizeBytes, flags, minBlock, maxPayload, allocationId);
    }

    private void greet() throws IOException {
        final ByteBuffer greeting = io.read(Handshake.GREETING_BYTES);
        if (greeting.getLong() != Handshake.NBD_MAGIC) {
            throw new IOException("what answers is no NBD server");
        }
        if (greeting.getLong() != Handshake.OPTION_MAGIC) {
            throw new IOException("the server speaks the oldstyle handshake, which is not supported");
        }
        final int offered = greeting.getShort();
        if ((offered & Handshake.FIXED_NEWSTYLE) == 0) {
            throw new IOException("the server speaks newstyle that is not fixed, which is not supported");
        }
        padding = (offered & Handshake.NO_ZEROES) == 0;
        final int answer = Handshake.FIXED_NEWSTYLE | (offered & Handshake.NO_ZEROES);
        io.write(ByteBuffer.allocate(Integer.BYTES).putInt(answer).flip());
    }

    private void startTls(final SSLEngine engine) throws IOException {
        send(OPT_STARTTLS, ByteBuffer.allocate(0));
        final Reply reply = reply(OPT_STARTTLS);
        if (reply.type != REP_ACK) {
            throw new IOException("the server refuses TLS: " + reply.reason());
        }
        io.secure(engine);
    }

    private boolean accepts(final int option) throws IOException {
        send(option, ByteBuffer.allocate(0));
        final Reply reply = reply(option);
        if (reply.type == ERR_TLS_REQD) {
            throw new IOException("the server requires TLS, and none is configured: " + reply.reason());
        }
        return reply.type == REP_ACK;
    }

    private void chooseAllocation() throws IOException {
        final byte[] name = utf8(target.export());
        final byte[] query = utf8(Transmission.BASE_ALLOCATION);
        send(
                OPT_SET_META_CONTEXT,
                ByteBuffer.allocate(3 * Integer.BYTES + name.length + query.length)
                        .putInt(name.length)
                        .put(name)
                        .putInt(1)
                        .putInt(query.length)
                        .put(query)
                        .flip());
        Reply reply = reply(OPT_SET_META_CONTEXT);
        for (int i = 0; i < MAX_REPLIES && reply.type == REP_META_CONTEXT; i++) {
            if (reply.data.remaining() > Integer.BYTES) {
                final int id = reply.data.getInt();
                allocationId = reply.data.equals(ByteBuffer.wrap(query)) ? id & Integer.MAX_VALUE : allocationId;
            }
            reply = reply(OPT_SET_META_CONTEXT);
        }
        if (reply.type != REP_ACK) {
            allocationId = -1;
        }
    }

    private void enter() throws IOException {
        final byte[] name = utf8(target.export());
        send(
                OPT_GO,
                ByteBuffer.allocate(Integer.BYTES + name.length + 2 * Short.BYTES)
                        .putInt(name.length)
                        .put(name)
                        .putShort((short) 1)
                        .putShort((short) INFO_BLOCK_SIZE)
                        .flip());
        Reply reply = reply(OPT_GO);
        for (int i = 0; i < MAX_REPLIES && reply.type == REP_INFO; i++) {
            info(reply.data);
            reply = reply(OPT_GO);
        }
        if (reply.type == ERR_UNSUP) {
            enterByName(name);
        } else if (reply.type != REP_ACK) {
            throw new IOException("the server refuses: " + reply.reason());
        }
    }

    private void info(final ByteBuffer data) throws IOException {
        final int type = data.remaining() < Short.BYTES ? -1 : data.getShort();
        if (type == INFO_EXPORT && data.remaining() >= 10) {
            sizeBytes = data.getLong();
            flags = Short.toUnsignedInt(data.getShort());
        } else if (type == INFO_BLOCK_SIZE && data.remaining() >= 12) {
            minBlock = data.getInt();
            data.getInt();
            final int most = data.getInt();
            maxPayload = most < 0 ? Transmission.MAX_PAYLOAD : Math.min(Transmission.MAX_PAYLOAD, most);
        }
    }

    private void enterByName(final byte[] name) throws IOException {
        send(OPT_EXPORT_NAME, ByteBuffer.wrap(name));
        final ByteBuffer answer = io.read(10);
        sizeBytes = answer.getLong();
        flags = Short.toUnsignedInt(answer.getShort());
        if (padding) {
            io.read(Handshake.EXPORT_NAME_PADDING);
        }
    }

    private void check() throws IOException {
        if (sizeBytes < 0 || sizeBytes > MAX_SIZE) {
            throw new IOException("the server says that the export has " + Long.toUnsignedString(sizeBytes) + " bytes");
        }
        if (Integer.bitCount(minBlock) != 1 || minBlock < 0 || minBlock > MAX_MIN_BLOCK || maxPayload < minBlock) {
            throw new IOException(
                    "the server asks for blocks of " + minBlock + " to " + maxPayload + " bytes, which makes no sense");
        }
        if (sizeBytes % minBlock != 0) {
            throw new IOException("the export's " + sizeBytes + " bytes are no multiple of its blocks of " + minBlock);
        }
        maxPayload -= maxPayload % minBlock;
    }

    private void send(final int option, final ByteBuffer data) throws IOException {
        io.write(ByteBuffer.allocate(Handshake.OPTION_BYTES + data.remaining())
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(option)
                .putInt(data.remaining())
                .put(data)
                .flip());
    }

    private Reply reply(final int option) throws IOException {
        final ByteBuffer head = io.read(Handshake.REPLY_BYTES);
        if (head.getLong() != Handshake.REPLY_MAGIC || head.getInt() != option) {
            throw new IOException("the server's answer to option " + option + " is none");
        }
        final int type = head.getInt();
        final int length = head.getInt();
        if (length < 0 || length > MAX_REPLY_DATA) {
            throw new IOException("the server's answer to option " + option + " has " + Integer.toUnsignedString(length)
                    + " bytes; at most " + MAX_REPLY_DATA + " are taken");
        }
        return new Reply(type, io.read(length));
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
