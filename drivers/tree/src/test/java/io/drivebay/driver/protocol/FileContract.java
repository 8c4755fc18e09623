package io.drivebay.driver.protocol;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.driver.Disk;
import io.drivebay.driver.DriverContract;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.IoUringUnavailableException;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.PortOptions.Engine;
import io.drivebay.posix.PosixException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real file, through a port with so few slots that operations have to wait for them. */
abstract class FileContract extends DriverContract {
    private static final int OPERATIONS = 6;

    @TempDir
    Path folder;

    static Disk diskOn(final Engine engine) {
        try {
            return new Disk(
                    SystemClock.INSTANCE,
                    AsyncFilePort.open(PortOptions.DEFAULT.with(engine).withOperations(OPERATIONS)));
        } catch (final IoUringUnavailableException e) {
            Assumptions.abort("no io_uring here: " + e.getMessage());
            throw new AssertionError(e);
        } catch (final PosixException e) {
            throw new AssertionError(e);
        }
    }

    static Path sparse(final Path folder, final String name, final long bytes) throws IOException {
        final Path path = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return path;
    }

    final Map<String, Object> options(final String aio, final boolean direct) throws IOException {
        final Map<String, Object> options = new HashMap<>();
        options.put("driver", "file");
        options.put("filename", sparse(folder, "image", SIZE).toString());
        options.put("aio", aio);
        options.put("cache.direct", direct);
        return options;
    }
}
