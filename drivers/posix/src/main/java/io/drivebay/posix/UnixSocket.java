package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.Collection;

/**
 * A connected Unix stream socket over which bytes and open files go. Never blocks. One thread.
 *
 * <p>Reads end where other files begin to belong to the bytes: whoever reads exactly as many bytes as a message has
 * gets the message's files with them.
 */
public final class UnixSocket implements AutoCloseable {
    /** The answer of {@link #receive} when there is nothing yet, and of {@link #send} when there is no room. */
    public static final int NOT_NOW = -1;

    static final int STREAM = 1;
    static final int NONBLOCK = 0x800;
    static final int CLOEXEC = 0x80000;

    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final PosixFile file;
    private final MessageDescriptor message = new MessageDescriptor();

    UnixSocket(final PosixFile file) {
        this.file = file;
    }

    /** Connects to whoever listens on a path. */
    public static UnixSocket connect(final String path) throws PosixException {
        final PosixFile file = open(path);
        try {
            final Scratch scratch = Scratch.zeroed();
            final int bytes = SocketAddressDescriptor.encode(scratch.structure(), path);
            Calls.check(LibC.connect(file.fd(), scratch.address(), bytes), "connect", path);
        } catch (final PosixException e) {
            file.close();
            throw e;
        }
        return new UnixSocket(file);
    }

    /** Takes over a connected socket that another process has passed, and makes it non-blocking. */
    public static UnixSocket adopt(final PosixFile passed) throws PosixException {
        try {
            passed.nonBlocking();
        } catch (final PosixException e) {
            passed.close();
            throw e;
        }
        return new UnixSocket(passed);
    }

    /** Two sockets that are connected with each other. */
    public static UnixSocket[] pair() throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        final int type = STREAM | NONBLOCK | CLOEXEC;
        final int result = LibC.socketpair(SocketAddressDescriptor.AF_UNIX, type, 0, scratch.address());
        Calls.check(result, "socketpair", "a pair of sockets");
        return new UnixSocket[] {
            new UnixSocket(PosixFile.adopt(scratch.structure().getInt(0), "socket")),
            new UnixSocket(PosixFile.adopt(scratch.structure().getInt(Integer.BYTES), "socket"))
        };
    }

    static PosixFile open(final String path) throws PosixException {
        final int fd = LibC.socket(SocketAddressDescriptor.AF_UNIX, STREAM | NONBLOCK | CLOEXEC, 0);
        return PosixFile.adopt(Calls.check(fd, "socket", path), path);
    }

    /** The descriptor, to be watched or passed on. */
    public int fd() {
        return file.fd();
    }

    /**
     * Reads bytes, and the files that come with them.
     *
     * @param files where those are added, open and not inherited by programs that this process starts; the caller's to
     *     close
     * @return bytes read; 0 when the other side has closed; {@link #NOT_NOW}
     * @throws PosixException EMFILE when files were lost on the way because no descriptor was free
     */
    public int receive(final MemoryRegion target, final int offset, final int length, final Collection<PosixFile> files)
            throws PosixException {
        message.toReceive(NativeMemory.addressOf(target) + offset, length);
        long got;
        do {
            got = LibC.recvmsg(file.fd(), message.address(), MSG_CMSG_CLOEXEC);
        } while (Calls.interrupted(got));
        if (got < 0) {
            return notNow("receiving");
        }
        for (int i = 0; i < message.received(); i++) {
            files.add(PosixFile.adopt(message.descriptor(i), "passed by " + file.path()));
        }
        if (message.truncated()) {
            throw Calls.failure(Errno.EMFILE.number(), "receiving descriptors", file.path());
        }
        return (int) got;
    }

    /**
     * Writes bytes, and passes files with them.
     *
     * @return bytes written, the files being on their way with the first; {@link #NOT_NOW}
     */
    public int send(final MemoryRegion source, final int offset, final int length, final int... descriptors)
            throws PosixException {
        if (descriptors.length > MessageDescriptor.MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.length + " descriptors in one message");
        }
        message.toSend(NativeMemory.addressOf(source) + offset, length, descriptors);
        long put;
        do {
            put = LibC.sendmsg(file.fd(), message.address(), MSG_NOSIGNAL);
        } while (Calls.interrupted(put));
        return put < 0 ? notNow("sending") : (int) put;
    }

    private int notNow(final String attempted) throws PosixException {
        final int errno = LibC.errno();
        if (Errno.EAGAIN.is(errno)) {
            return NOT_NOW;
        }
        throw Calls.failure(errno, attempted, file.path());
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return "UnixSocket[" + file + "]";
    }
}
