package io.drivebay.posix;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Makes a Java channel of a connected socket that this process was started with.
 *
 * <p>Java makes channels of sockets of its own only. So one is connected to a listener that nobody accepts from, the
 * kernel's tables tell its descriptor, and the inherited socket takes that descriptor's place.
 */
public final class InheritedSocket {
    private static final Path OWN_FILES = Path.of("/proc/self/fd");
    private static final Path UNIX_SOCKETS = Path.of("/proc/net/unix");
    private static final int INODE_COLUMN = 6;
    private static final int PATH_COLUMN = 7;

    private InheritedSocket() {}

    /**
     * Takes a socket over; its descriptor is closed.
     *
     * @param fd a connected stream socket, of any family
     * @throws IOException when the descriptor is no socket, or this is not Linux
     */
    public static SocketChannel adopt(final int fd) throws IOException {
        if (!Posix.isLinux()) {
            throw new IOException("fd=" + fd + ": sockets are inherited on Linux only");
        }
        final String target = target(OWN_FILES.resolve(Integer.toString(fd)));
        if (!target.startsWith("socket:")) {
            throw new IOException("fd=" + fd + " is no socket that this process was started with");
        }
        final Path folder = Files.createTempDirectory("drivebay");
        final Path there = folder.resolve("listener");
        final Path here = folder.resolve("own");
        final SocketChannel own = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(there));
            own.bind(UnixDomainSocketAddress.of(here));
            own.connect(UnixDomainSocketAddress.of(there));
            replace(descriptorOf(here), fd);
            return own;
        } catch (final IOException e) {
            own.close();
            throw e;
        } finally {
            Files.deleteIfExists(there);
            Files.deleteIfExists(here);
            Files.delete(folder);
        }
    }

    private static void replace(final int descriptor, final int inherited) throws PosixException {
        try (PosixFile passed = PosixFile.adopt(inherited, "fd=" + inherited)) {
            Calls.check(LibC.dup2(passed.fd(), descriptor), "dup2", passed.path());
        }
    }

    /** Which of this process's descriptors is the socket that is bound to a path. */
    private static int descriptorOf(final Path bound) throws IOException {
        final String wanted = "socket:[" + inodeOf(bound) + "]";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OWN_FILES)) {
            for (final Path file : files) {
                if (target(file).equals(wanted)) {
                    return Integer.parseInt(file.getFileName().toString());
                }
            }
        }
        throw new IOException(OWN_FILES + " does not list " + wanted);
    }

    private static String inodeOf(final Path bound) throws IOException {
        try (Stream<String> lines = Files.lines(UNIX_SOCKETS)) {
            return lines.map(line -> line.trim().split(" +", PATH_COLUMN + 1))
                    .filter(columns -> columns.length > PATH_COLUMN && columns[PATH_COLUMN].equals(bound.toString()))
                    .map(columns -> columns[INODE_COLUMN])
                    .findFirst()
                    .orElseThrow(() -> new IOException(UNIX_SOCKETS + " does not list " + bound));
        }
    }

    /** What a descriptor is; empty for one that there is not. */
    private static String target(final Path file) throws IOException {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (final NoSuchFileException e) {
            return "";
        }
    }
}
