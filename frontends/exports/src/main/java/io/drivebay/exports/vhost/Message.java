package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * A message on its way in, or the reply to it on its way out. The next one overwrites it.
 *
 * <pre>
 * 0 request (4)   4 flags (4): 1..0 version, 2 is a reply, 3 wants a reply   8 payload's bytes (4)   12 payload
 * </pre>
 */
final class Message implements AutoCloseable {
    private static final int REQUEST = 0;
    private static final int FLAGS = 4;
    private static final int PAYLOAD_BYTES = 8;
    private static final int HEADER_BYTES = 12;
    private static final int VERSION_MASK = 0x3;
    private static final int VERSION = 1;
    private static final int REPLY = 1 << 2;
    private static final int NEED_REPLY = 1 << 3;
    private static final int MOST_PAYLOAD = 512;
    /** Of any message; a client could send some with every byte of one, until there are no more to be had. */
    private static final int MOST_FILES = 8;

    private final UnixSocket socket;
    private final MemoryRegion memory = MemoryRegion.allocate(HEADER_BYTES + MOST_PAYLOAD);
    private final ArrayDeque<PosixFile> files = new ArrayDeque<>();
    private final ArrayList<PosixFile> arrived = new ArrayList<>();
    private int received;

    Message(final UnixSocket socket) {
        this.socket = socket;
    }

    // ---- in ----

    /**
     * Reads on, until a message is complete.
     *
     * @return false when the rest has not come yet
     * @throws ProtocolException when the client is gone, or what comes is no message
     */
    boolean receive() throws ProtocolException, PosixException {
        while (received < HEADER_BYTES || received < HEADER_BYTES + payloadBytes()) {
            final int wanted = (received < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + payloadBytes()) - received;
            final int got;
            try {
                got = socket.receive(memory, received, wanted, arrived);
            } finally {
                files.addAll(arrived);
                arrived.clear();
            }
            if (files.size() > MOST_FILES) {
                throw new ProtocolException("a message with more than " + MOST_FILES + " descriptors");
            }
            if (got == UnixSocket.NOT_NOW) {
                return false;
            }
            if (got == 0) {
                throw new ProtocolException(received == 0 ? HUNG_UP : "the client hung up within a message");
            }
            received += got;
            if (received == HEADER_BYTES) {
                checkHeader();
            }
        }
        return true;
    }

    /** The reason of a disconnection that is nobody's fault. */
    static final String HUNG_UP = "the client hung up";

    private void checkHeader() throws ProtocolException {
        if ((flags() & VERSION_MASK) != VERSION || (flags() & REPLY) != 0) {
            throw new ProtocolException("a message with flags 0x" + Integer.toHexString(flags()));
        }
        if (payloadBytes() < 0 || payloadBytes() > MOST_PAYLOAD) {
            throw new ProtocolException(
                    "message " + code() + " with a payload of " + Integer.toUnsignedString(payloadBytes()) + " bytes");
        }
    }

    /** True while a part of a message is here. */
    boolean begun() {
        return received > 0;
    }

    /** The message has been dealt with: closes what came with it and nobody took. */
    void done() {
        received = 0;
        close();
    }

    @Override
    public void close() {
        for (PosixFile file = files.poll(); file != null; file = files.poll()) {
            file.close();
        }
    }

    int code() {
        return memory.getInt(REQUEST);
    }

    private int flags() {
        return memory.getInt(FLAGS);
    }

    int payloadBytes() {
        return memory.getInt(PAYLOAD_BYTES);
    }

    boolean needsReply() {
        return (flags() & NEED_REPLY) != 0;
    }

    int files() {
        return files.size();
    }

    /** The next file that came with it, the caller's from now on. */
    PosixFile takeFile() {
        return files.remove();
    }

    int intAt(final int offset) {
        return memory.getInt(HEADER_BYTES + offset);
    }

    int shortAt(final int offset) {
        return memory.getShort(HEADER_BYTES + offset) & 0xffff;
    }

    int byteAt(final int offset) {
        return memory.getByte(HEADER_BYTES + offset) & 0xff;
    }

    long longAt(final int offset) {
        return memory.getLong(HEADER_BYTES + offset);
    }

    // ---- out ----

    Message putInt(final int offset, final int value) {
        memory.putInt(HEADER_BYTES + offset, value);
        return this;
    }

    Message putLong(final int offset, final long value) {
        memory.putLong(HEADER_BYTES + offset, value);
        return this;
    }

    Message putByte(final int offset, final int value) {
        memory.putByte(HEADER_BYTES + offset, (byte) value);
        return this;
    }

    /** Sends what is here as the reply to itself. */
    void reply(final int bytes, final int... descriptors) throws ProtocolException, PosixException {
        memory.putInt(FLAGS, VERSION | REPLY);
        memory.putInt(PAYLOAD_BYTES, bytes);
        send(descriptors);
    }

    /** Sends a request without payload, and wants no answer. */
    void request(final int code) throws ProtocolException, PosixException {
        memory.putInt(REQUEST, code);
        memory.putInt(FLAGS, VERSION);
        memory.putInt(PAYLOAD_BYTES, 0);
        send();
    }

    /** A client whose socket takes no more has stopped reading: it gets nothing but small answers to its own messages. */
    private void send(final int... descriptors) throws ProtocolException, PosixException {
        final int bytes = HEADER_BYTES + payloadBytes();
        if (socket.send(memory, 0, bytes, descriptors) != bytes) {
            throw new ProtocolException("the client does not read what it is sent");
        }
    }
}
