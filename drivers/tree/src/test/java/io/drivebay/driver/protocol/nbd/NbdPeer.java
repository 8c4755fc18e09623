package io.drivebay.driver.protocol.nbd;

import io.drivebay.peers.Peers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/** Somebody else's NBD server in a process of its own, on a Unix socket in a folder. */
final class NbdPeer implements AutoCloseable {
    final Path socket;
    private final Process process;

    private NbdPeer(final Path socket, final String... command) throws IOException {
        Peers.need(command[0]);
        this.socket = socket;
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** nbdkit with a plugin and its parameters. */
    static NbdPeer nbdkit(final Path folder, final String... plugin) throws IOException {
        final Path socket = folder.resolve("nbdkit.sock");
        final String[] start = {"nbdkit", "-f", "-U", socket.toString()};
        final String[] command = Arrays.copyOf(start, start.length + plugin.length);
        System.arraycopy(plugin, 0, command, start.length, plugin.length);
        return new NbdPeer(socket, command);
    }

    /** qemu-nbd with a new raw file of a size. */
    static NbdPeer qemuNbd(final Path folder, final long bytes) throws IOException {
        Peers.need("qemu-nbd");
        final Path file = Files.createTempFile(folder, "disk", ".raw");
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.position(bytes - 1).write(ByteBuffer.allocate(1));
        }
        final Path socket = folder.resolve("qemu-nbd.sock");
        return new NbdPeer(
                socket,
                "qemu-nbd",
                "-f",
                "raw",
                "--discard=unmap",
                "-t",
                "-e",
                "8",
                "-k",
                socket.toString(),
                file.toString());
    }

    /** Options of a node on this server, patient while it starts. */
    Map<String, Object> options() {
        return Map.of(
                "driver",
                "nbd",
                "server.type",
                "unix",
                "server.path",
                socket.toString(),
                "open-timeout",
                20,
                "reconnect-delay",
                20);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }
}
