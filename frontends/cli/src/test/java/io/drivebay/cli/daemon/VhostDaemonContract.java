package io.drivebay.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.exports.vhost.VhostUserContract;
import io.drivebay.sim.virtio.VirtioFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code drivebay daemon} in qemu-storage-daemon's place: an export for each test, all in one process. */
abstract class VhostDaemonContract extends VhostUserContract {
    private static final int EXPORTS = 24;

    @TempDir
    private static Path folder;

    private static VhostDaemon daemon;
    private static Iterator<Path> sockets;
    private Path socket;

    VhostDaemonContract(final VirtioFeature... more) {
        super(more);
    }

    @BeforeAll
    static void serve() throws IOException {
        daemon = VhostDaemon.serve(folder, EXPORTS);
        sockets = IntStream.range(0, EXPORTS).mapToObj(daemon::socket).iterator();
    }

    @BeforeEach
    void take() {
        socket = sockets.next();
    }

    @AfterEach
    void stillThere() {
        assertTrue(daemon.alive());
    }

    @AfterAll
    static void end() throws Exception {
        assertEquals("", daemon.end());
    }

    @Override
    protected String path() {
        return socket.toString();
    }
}
