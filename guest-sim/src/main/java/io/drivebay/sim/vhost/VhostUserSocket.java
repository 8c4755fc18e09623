package io.drivebay.sim.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.Epoll;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixSocket;
import io.drivebay.sim.virtio.DeviceViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A front-end's end of a vhost-user socket: one message at a time goes out, and its reply is waited for.
 *
 * <pre>
 *   request u32 | flags u32: version 1, reply 4, need reply 8 | payload size u32 | payload
 * </pre>
 */
public final class VhostUserSocket implements AutoCloseable {
    private static final int SIZE = 8;
    private static final int PAYLOAD = 12;
    private static final int VERSION = 1;
    private static final int REPLY = 4;
    private static final int NEED_REPLY = 8;
    private static final int MOST_PAYLOAD = 1024;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int MOST_WAITS = 10;

    private final UnixSocket socket;
    private final Epoll epoll;
    private final MemoryRegion memory = MemoryRegion.allocate(PAYLOAD + MOST_PAYLOAD);
    private final List<PosixFile> files = new ArrayList<>();

    private VhostUserSocket(final UnixSocket socket, final Epoll epoll) {
        this.socket = socket;
        this.epoll = epoll;
    }

    /** Connects to a back-end. */
    public static VhostUserSocket connect(final String path) throws PosixException {
        return of(UnixSocket.connect(path));
    }

    /** Speaks over a socket. */
    public static VhostUserSocket of(final UnixSocket socket) throws PosixException {
        final Epoll epoll = Epoll.create(1);
        epoll.add(socket.fd(), Epoll.READABLE, 0);
        return new VhostUserSocket(socket, epoll);
    }

    /** Where a payload is made, and where a reply's is found: its first byte has index 0. */
    public VhostUserSocket putInt(final int index, final int value) {
        memory.putInt(PAYLOAD + index, value);
        return this;
    }

    public VhostUserSocket putLong(final int index, final long value) {
        memory.putLong(PAYLOAD + index, value);
        return this;
    }

    public VhostUserSocket putByte(final int index, final int value) {
        memory.putByte(PAYLOAD + index, (byte) value);
        return this;
    }

    public int getInt(final int index) {
        return memory.getInt(PAYLOAD + index);
    }

    public long getLong(final int index) {
        return memory.getLong(PAYLOAD + index);
    }

    public int getByte(final int index) {
        return memory.getByte(PAYLOAD + index) & 0xff;
    }

    /** Sends a message with what was put, and no wish for an answer. */
    public void send(final int request, final int payloadBytes, final int... descriptors) throws PosixException {
        sendFlagged(request, VERSION, payloadBytes, descriptors);
    }

    private void sendFlagged(final int request, final int flags, final int payloadBytes, final int... descriptors)
            throws PosixException {
        memory.putInt(0, request);
        memory.putInt(Integer.BYTES, flags);
        memory.putInt(SIZE, payloadBytes);
        final int sent = socket.send(memory, 0, PAYLOAD + payloadBytes, descriptors);
        if (sent != PAYLOAD + payloadBytes) {
            throw new DeviceViolation("the back-end does not read message " + request);
        }
    }

    /** Sends a message and waits for whether it was carried out; needs REPLY_ACK. */
    public void sendAndConfirm(final int request, final int payloadBytes, final int... descriptors)
            throws PosixException {
        sendFlagged(request, VERSION | NEED_REPLY, payloadBytes, descriptors);
        receiveReply(request);
        if (getLong(0) != 0) {
            throw new DeviceViolation("the back-end has refused message " + request + ": " + getLong(0));
        }
    }

    /** Sends a message and waits for the reply that belongs to it; returns its payload's size. */
    public int ask(final int request, final int payloadBytes, final int... descriptors) throws PosixException {
        sendFlagged(request, VERSION, payloadBytes, descriptors);
        return receiveReply(request);
    }

    private int receiveReply(final int request) throws PosixException {
        receive(0, PAYLOAD);
        final int size = memory.getInt(SIZE);
        if (memory.getInt(0) != request || memory.getInt(Integer.BYTES) != (VERSION | REPLY) || size > MOST_PAYLOAD) {
            throw new DeviceViolation("message " + request + " was answered by message " + memory.getInt(0)
                    + " with flags " + memory.getInt(Integer.BYTES) + " and " + size + " bytes");
        }
        receive(PAYLOAD, size);
        return size;
    }

    private void receive(final int index, final int bytes) throws PosixException {
        int done = 0;
        int waits = 0;
        while (done < bytes) {
            final int got = socket.receive(memory, index + done, bytes - done, files);
            if (got == 0) {
                throw new DeviceViolation("the back-end has closed the connection");
            }
            if (got == UnixSocket.NOT_NOW) {
                if (epoll.await(PATIENCE_NS) == 0 && ++waits == MOST_WAITS) { // a signal ends a wait, too
                    throw new DeviceViolation("the back-end does not answer");
                }
            } else {
                done += got;
            }
        }
    }

    /**
     * A message that the other side has sent by itself.
     *
     * @return its number, without payload; negative when there is none
     */
    public int poll() throws PosixException {
        final int got = socket.receive(memory, 0, PAYLOAD, files);
        if (got == UnixSocket.NOT_NOW || got == 0) {
            return -1;
        }
        receive(got, PAYLOAD - got);
        receive(PAYLOAD, Math.min(MOST_PAYLOAD, memory.getInt(SIZE)));
        if ((memory.getInt(Integer.BYTES) & NEED_REPLY) != 0) {
            putLong(0, 0);
            sendFlagged(memory.getInt(0), VERSION | REPLY, Long.BYTES);
        }
        return memory.getInt(0);
    }

    /** A file that came with the last reply, the caller's from now on. */
    public PosixFile takeFile() {
        return files.remove(0);
    }

    @Override
    public void close() {
        files.forEach(PosixFile::close);
        epoll.close();
        socket.close();
    }
}
