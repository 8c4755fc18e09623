package io.drivebay.exports.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.driver.Contexts;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixListener;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class VhostExportsTest {
    @TempDir
    private Path folder;

    private final IoContext context = Contexts.create("exports-test").start();
    private final BlockLayer layer = new BlockLayer();
    private final BlockExports exports = new BlockExports(layer, SystemClock.INSTANCE);
    private final Map<String, Object> options = new HashMap<>();
    private Path socket;

    @BeforeEach
    void makeDisk() throws BlockException {
        socket = folder.resolve("s");
        new Blockdevs(layer).add(context, Map.of("driver", "memory", "node-name", "disk", "size", 1 << 20));
        options.putAll(Map.of("type", "vhost-user-blk", "id", "e", "node-name", "disk"));
        options.putAll(Map.of("addr.type", "unix", "addr.path", socket.toString()));
    }

    @AfterEach
    void close() {
        exports.close();
        layer.close();
        context.close();
    }

    private VhostUserGuest guest() throws PosixException {
        return VhostUserGuest.start(
                socket.toString(),
                DriverOptions.of(8, 4096).withQueues(4),
                Pause.spinning(SystemClock.INSTANCE, TimeUnit.SECONDS.toNanos(20)));
    }

    @Test
    void theGuestSeesWhatWasAskedFor() throws Exception {
        options.putAll(Map.of("num-queues", 3, "logical-block-size", "4k"));
        exports.add(options);

        assertEquals("vhost-user-blk", exports.describe().get(0).get("type"));
        try (VhostUserGuest guest = guest()) {
            assertEquals(4096, guest.driver().config().blockBytes());
            assertEquals(3, guest.driver().queueCount());
            assertEquals(BlkStatus.IOERR, guest.disk().write(0, new byte[4096]), "it was not asked to be writable");
        }
    }

    @Test
    void writeThroughIsTheGuestsWriteCacheFromTheFirstMomentOn() throws Exception {
        options.putAll(Map.of("writable", true, "writethrough", true));
        exports.add(options);

        try (VhostUserGuest guest = guest()) {
            assertFalse(guest.driver().config().writeback());
        }
    }

    @Test
    void withAClientItGoesOnlyTheHardWay() throws Exception {
        exports.add(options);
        final VhostUserGuest guest = guest();
        assertEquals(
                Kind.IN_USE,
                assertThrows(BlockException.class, () -> exports.remove("e", false))
                        .kind());

        exports.remove("e", true);

        assertEquals(List.of(), exports.describe());
        assertFalse(Files.exists(socket));
        guest.vanish();
    }

    @Test
    void aListeningDescriptorWillDo() throws Exception {
        final UnixListener passed = UnixListener.listen(socket.toString());
        options.remove("addr.path");
        options.putAll(Map.of("addr.type", "fd", "addr.str", Integer.toString(passed.fd())));

        exports.add(options);

        try (VhostUserGuest guest = guest()) {
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[512]));
        }
    }

    @Test
    void theServerOfNbdIsAnother() throws BlockException {
        exports.startNbdServer(
                Map.of("addr.type", "unix", "addr.path", folder.resolve("n").toString()));
        exports.add(options);

        exports.stopNbdServer();

        assertEquals(1, exports.describe().size());
        assertTrue(Files.exists(socket));
    }

    @ParameterizedTest
    @CsvSource({
        "num-queues, 0",
        "num-queues, 257",
        "num-queues, 4294967297",
        "logical-block-size, 0",
        "logical-block-size, 1000",
        "logical-block-size, 65536",
        "addr.type, inet",
        "addr.path, ''",
        "addr.host, h",
        "name, n"
    })
    void whatMakesNoSenseIsRefusedAndNothingListens(final String key, final String value) {
        options.put(key, value);

        assertEquals(
                Kind.INVALID_OPTION,
                assertThrows(BlockException.class, () -> exports.add(options)).kind());

        assertEquals(List.of(), exports.describe());
        assertFalse(Files.exists(socket));
    }

    @Test
    void aDescriptorThatIsNoSocketIsRefusedAndStaysOpen() throws Exception {
        options.remove("addr.path");
        options.putAll(Map.of("addr.type", "fd", "addr.str", "0"));

        assertEquals(
                Kind.IO,
                assertThrows(BlockException.class, () -> exports.add(options)).kind());

        assertTrue(Files.exists(Path.of("/proc/self/fd/0")));
    }
}
