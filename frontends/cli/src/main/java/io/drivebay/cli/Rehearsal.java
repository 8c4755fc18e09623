package io.drivebay.cli;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.sim.qtest.QtestClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A short life of {@code drivebay machine}: starts it, drives it a little by qtest, and ends it. The build runs this to
 * learn which classes such a process loads, and archives them.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** Rehearses; the JVM ends with it. */
    public static void main(final String[] args) throws IOException {
        final Path folder = Files.createTempDirectory("drivebay");
        final Path path = folder.resolve("qtest");
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        final Thread guest = new Thread(() -> playAndEnd(server, folder, path));
        guest.setDaemon(true);
        guest.start();
        Main.main(new String[] {
            "machine",
            "-qtest",
            "unix:" + path,
            "-qtest-log",
            "/dev/null",
            "-display",
            "none",
            "-drive",
            "if=ide,driver=null-co,size=1M",
            "-accel",
            "qtest"
        });
    }

    private static void playAndEnd(final ServerSocketChannel server, final Path folder, final Path path) {
        try (server;
                QtestClient client = new QtestClient(server.accept(), SystemClock.INSTANCE)) {
            client.interceptInterrupts();
            client.outb(0x1f7, 0xec);
            client.insw(0x1f0, new byte[512], 0, 256);
            client.outb(0x1f7, 0x20);
            client.write(0x1000, new byte[64], 0, 64);
            client.read(0x1000, new byte[64], 0, 64);
            client.inl(0xcfc);
        } catch (final IOException e) {
            System.err.println("the rehearsal failed: " + e.getMessage());
        } finally {
            path.toFile().delete();
            folder.toFile().delete();
            System.exit(0);
        }
    }
}
