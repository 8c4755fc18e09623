package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A port, a file attached to it, and what its operations came to. */
@Timeout(60)
abstract class PortFixture {
    static final int OPERATIONS = 8;
    static final int FILE_BYTES = 1 << 20;
    static final int BLOCK = 4096;

    @TempDir
    Path folder;

    AsyncFilePort port;
    PosixFile file;
    AsyncFile<String> async;
    final Map<String, Integer> results = new HashMap<>();
    final List<String> order = new ArrayList<>();

    /** The port under test. */
    abstract AsyncFilePort open(PortOptions options) throws PosixException;

    @BeforeEach
    void openPortAndFile() throws PosixException {
        port = open(PortOptions.DEFAULT.withOperations(OPERATIONS));
        file = TestFiles.filled(folder.resolve("disk"), FILE_BYTES, 7);
        async = port.attach(file, this::completed);
    }

    @AfterEach
    void closePortAndFile() {
        port.close();
        file.close();
    }

    final void completed(final String cookie, final int result) {
        final Integer before = results.put(cookie, result);
        assertTrue(before == null, "completed twice: " + cookie);
        order.add(cookie);
    }

    final int resultOf(final String cookie) {
        while (!results.containsKey(cookie)) {
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
        return results.get(cookie);
    }

    final void finishAll() {
        while (port.busy()) {
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
    }

    static long at(final MemoryRegion region) {
        return NativeMemory.addressOf(region);
    }
}
