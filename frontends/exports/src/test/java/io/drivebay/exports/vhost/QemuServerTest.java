package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.drivebay.exports.Peers;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.VirtioFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same guest on qemu-storage-daemon's server: so the suite says what the protocol says, not what we think it says. */
final class QemuServerTest extends VhostUserContract {
    @TempDir
    private Path folder;

    private Process daemon;
    private Path socket;

    @BeforeEach
    void serve() throws IOException {
        final Path image = folder.resolve("disk.img");
        try (SeekableByteChannel file =
                Files.newByteChannel(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.position(VhostServed.SIZE - 1).write(ByteBuffer.allocate(1));
        }
        socket = folder.resolve("socket");
        daemon = Peers.start(
                "qemu-storage-daemon",
                "--blockdev",
                "driver=file,node-name=disk,discard=unmap,filename=" + image,
                "--export",
                "type=vhost-user-blk,id=export,node-name=disk,writable=on,num-queues=4,addr.type=unix,addr.path="
                        + socket);
        Eventually.holds("the daemon's socket", () -> Files.exists(socket));
    }

    /** Once it does, it has to pass the suite with them, too. */
    @Test
    void itHasNoPackedRings() throws PosixException {
        try (VhostUserGuest guest = guest(OPTIONS.with(VirtioFeature.RING_PACKED))) {
            assertFalse(guest.driver().has(VirtioFeature.RING_PACKED));
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        daemon.destroy();
        if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
            daemon.destroyForcibly();
        }
    }

    @Override
    protected String path() {
        return socket.toString();
    }
}
