package io.drivebay.cli.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file with this process's id. */
public final class PidFile {
    private PidFile() {}

    /** What is done meanwhile. */
    public interface Service {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Has the file there, locked, while something is done; writes over one that a dead process has left behind.
     *
     * @param path null for no file
     * @throws IOException when it cannot be written, or a living process holds it
     */
    public static void during(final @Nullable Path path, final Service service)
            throws IOException, InterruptedException {
        if (path == null) {
            service.run();
            return;
        }
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (!lock(channel)) {
                throw new IOException("the pid file " + path + " belongs to a process that is running");
            }
            channel.truncate(0);
            final String text = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            try {
                service.run();
            } finally {
                Files.deleteIfExists(path);
            }
        }
    }

    private static boolean lock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException e) {
            return false;
        }
    }
}
