package io.drivebay.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Unix stream socket that others connect to. Never blocks. One thread, but for {@link #close}. */
public final class UnixListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnixListener.class);
    private static final int BACKLOG = 16;

    private final PosixFile file;
    private final @Nullable Path path;

    private UnixListener(final PosixFile file, final @Nullable Path path) {
        this.file = file;
        this.path = path;
    }

    /**
     * Listens on a path, which is removed at the end. A socket there that nobody listens on any more is replaced.
     *
     * @throws PosixException EADDRINUSE when somebody does, or when there is something else
     */
    public static UnixListener listen(final String path) throws PosixException {
        final PosixFile file = UnixSocket.open(path);
        try {
            if (!bind(file, path)) {
                removeAbandoned(path);
                if (!bind(file, path)) {
                    throw inUse(path);
                }
            }
            Calls.check(LibC.listen(file.fd(), BACKLOG), "listen", path);
            return new UnixListener(file, Path.of(path));
        } catch (final PosixException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Takes over a socket that is bound already, as a service manager passes it; nothing is removed at the end.
     *
     * @throws PosixException when it is no such socket; then it stays as it is
     */
    public static UnixListener adopt(final PosixFile bound) throws PosixException {
        Calls.check(LibC.listen(bound.fd(), BACKLOG), "listen", bound.path());
        bound.nonBlocking();
        return new UnixListener(bound, null);
    }

    private static boolean bind(final PosixFile file, final String path) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        final int bytes = SocketAddressDescriptor.encode(scratch.structure(), path);
        if (LibC.bind(file.fd(), scratch.address(), bytes) == 0) {
            return true;
        }
        final int errno = LibC.errno();
        if (Errno.EADDRINUSE.is(errno)) {
            return false;
        }
        throw Calls.failure(errno, "bind", path);
    }

    private static void removeAbandoned(final String path) throws PosixException {
        try {
            UnixSocket.connect(path).close();
            throw inUse(path);
        } catch (final PosixException e) {
            if (!Errno.ECONNREFUSED.is(e.errno()) || PosixFile.statusOf(path).kind() != FileStatus.Kind.OTHER) {
                throw inUse(path);
            }
        }
        try {
            Files.deleteIfExists(Path.of(path));
        } catch (final IOException e) {
            throw inUse(path);
        }
    }

    private static PosixException inUse(final String path) {
        return Calls.failure(Errno.EADDRINUSE.number(), "bind", path);
    }

    /** The next connection; null when there is none yet. */
    public @Nullable UnixSocket accept() throws PosixException {
        int fd;
        do {
            fd = LibC.accept4(file.fd(), 0, 0, UnixSocket.NONBLOCK | UnixSocket.CLOEXEC);
        } while (Calls.interrupted(fd));
        if (fd >= 0) {
            return new UnixSocket(PosixFile.adopt(fd, file.path()));
        }
        final int errno = LibC.errno();
        if (Errno.EAGAIN.is(errno) || Errno.ECONNABORTED.is(errno)) {
            return null;
        }
        throw Calls.failure(errno, "accept", file.path());
    }

    /** The descriptor, to be watched. */
    public int fd() {
        return file.fd();
    }

    /** Where it listens. */
    public String path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
        if (path != null) {
            try {
                Files.deleteIfExists(path);
            } catch (final IOException e) {
                LOG.warn("{} could not be removed: {}", path, e.toString());
            }
        }
    }
}
