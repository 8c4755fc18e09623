package io.drivebay.exports.vhost;

import io.drivebay.exports.Peers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A disk's image, as this machine's own tools see it. */
record GuestImage(Path path) {
    /** A new one, all hole. */
    static GuestImage create(final Path path, final long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return new GuestImage(path);
    }

    /** The space that it takes up. */
    long allocatedBytes() throws IOException, InterruptedException {
        return 512
                * Long.parseLong(Peers.run("stat", "-c", "%b", path.toString()).trim());
    }

    /** Checks the file system that begins at a sector, which must be clean; then the SHA-256 of a file on it. */
    String checkedSum(final long sector, final String file) throws IOException, InterruptedException {
        final String fileSystem = path + "?offset=" + 512 * sector;
        Peers.run("e2fsck", "-f", "-n", fileSystem);
        final Path copy = path.resolveSibling("copy");
        Peers.run("debugfs", "-R", "dump " + file + " " + copy, fileSystem);
        return sum(Files.readAllBytes(copy));
    }

    static String sum(final byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
