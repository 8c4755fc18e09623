package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command lines with which QEMU's own test programs start a machine, and their first words: both sockets are there
 * and wait, qtest is asked before QMP has been read, SIGTERM ends it, and the exit code must be 0.
 */
@Timeout(120)
final class QemuClientsTest {
    @TempDir
    private Path folder;

    /** A program under a name that ends as clients want it. */
    private Path program() throws IOException {
        final Path script = folder.resolve("drivebay-system-x86_64");
        Files.writeString(
                script, "#!/bin/sh\nexec '" + String.join("' '", ServiceProcess.command("machine")) + "' \"$@\"\n");
        assertTrue(script.toFile().setExecutable(true));
        return script;
    }

    private static ServerSocketChannel listen(final Path path) throws IOException {
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        return server.bind(UnixDomainSocketAddress.of(path));
    }

    private static BufferedReader reader(final SocketChannel socket) {
        return new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8));
    }

    private static void say(final SocketChannel socket, final String line) throws IOException {
        socket.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // libqtest of QEMU 7.2
                "-qtest unix:Q -qtest-log /dev/null -chardev socket,path=M,id=char0 -mon chardev=char0,mode=control"
                        + " -display none -machine none -accel qtest",
                // the same with a trace
                "-trace x -qtest unix:Q -qtest-log /dev/fd/2 -chardev socket,path=M,id=char0"
                        + " -mon chardev=char0,mode=control -display none  -drive if=none,id=d,driver=null-co"
                        + " -device virtio-blk-pci,drive=d,addr=04.0 -accel qtest",
                // libqtest of QEMU 8 and later
                "-qtest unix:Q -qtest-log /dev/null -chardev socket,path=M,id=char0 -mon chardev=char0,mode=control"
                        + " -display none -audio none -accel qtest",
                // the Python class QEMUQtestMachine
                "-display none -vga none -chardev socket,id=mon,path=M -mon chardev=mon,mode=control"
                        + " -qtest unix:path=Q -accel qtest -nodefaults -display none -accel qtest",
                // the same, as it is since QEMU 8.1, but for sockets that are handed down
                "-display none -vga none -chardev socket,id=mon,path=M -mon chardev=mon,mode=control"
                        + " -chardev socket,id=qtest,path=Q -qtest chardev:qtest -accel qtest"
            })
    void aMachineIsStartedGreetedAndEndedByIts(final String options) throws Exception {
        final Path qtestPath = folder.resolve("q");
        final Path monitorPath = folder.resolve("m");
        try (ServerSocketChannel qtestServer = listen(qtestPath);
                ServerSocketChannel monitorServer = listen(monitorPath)) {
            final String command = "exec " + program() + " "
                    + options.replace("unix:Q", "unix:" + qtestPath)
                            .replace("path=Q", "path=" + qtestPath)
                            .replace("path=M", "path=" + monitorPath);
            final Process process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (SocketChannel qtest = qtestServer.accept();
                    SocketChannel monitor = monitorServer.accept()) {
                final BufferedReader said = reader(monitor);
                say(qtest, "endianness");
                assertEquals("OK little", reader(qtest).readLine());
                assertTrue(said.readLine().startsWith("{\"QMP\""));
                say(monitor, "{\"execute\": \"qmp_capabilities\"}");
                assertEquals("{\"return\":{}}", said.readLine());
                process.destroy();
                assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            } finally {
                process.destroyForcibly();
            }
            assertEquals(0, process.exitValue());
        }
    }

    /** As the Python class QEMUQtestMachine does since QEMU 8.1; a shell opens the sockets here. */
    @Test
    void aMachineServesSocketsThatItWasStartedWith() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            final String where = "/dev/tcp/127.0.0.1/" + ((InetSocketAddress) server.getLocalAddress()).getPort();
            final String command = "exec 7<>" + where + "; exec 8<>" + where + "; exec " + program()
                    + " -display none -vga none -chardev socket,id=mon,fd=7 -mon chardev=mon,mode=control"
                    + " -chardev socket,id=qtest,fd=8 -qtest chardev:qtest -accel qtest";
            final Process process = new ProcessBuilder("bash", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (SocketChannel monitor = server.accept();
                    SocketChannel qtest = server.accept()) {
                final BufferedReader said = reader(monitor);
                assertTrue(said.readLine().startsWith("{\"QMP\""));
                say(monitor, "{\"execute\": \"qmp_capabilities\"}");
                assertEquals("{\"return\":{}}", said.readLine());
                say(qtest, "endianness");
                assertEquals("OK little", reader(qtest).readLine());
                process.destroy();
                assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            } finally {
                process.destroyForcibly();
            }
            assertEquals(0, process.exitValue());
        }
    }
}
