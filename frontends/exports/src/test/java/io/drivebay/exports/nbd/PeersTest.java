package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.exports.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote, against our export. */
@Timeout(60)
final class PeersTest {
    @TempDir
    private Path folder;

    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = new Served();
        served.server.add(
                served.layer,
                served.memory("a", Served.SIZE),
                NbdExportOptions.writable("disk").withDescription("a disk").withAllocationDepth());
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    private String uri() {
        return served.uri("disk");
    }

    private Path randomFile() throws IOException {
        final byte[] data = new byte[(int) Served.SIZE];
        new Random(5).nextBytes(data);
        Arrays.fill(data, 1 << 20, 2 << 20, (byte) 0);
        return Files.write(folder.resolve("source"), data);
    }

    @Test
    void nbdinfoSeesWhatTheExportCan() throws Exception {
        final String info = Peers.run("nbdinfo", uri());

        assertTrue(info.contains("export-size: 4194304"), info);
        assertTrue(info.contains("can_fast_zero: true"), info);
        assertTrue(info.contains("can_multi_conn: true"), info);
        assertTrue(info.contains("can_df: true"), info);
        assertTrue(info.contains("block_size_maximum: 33554432"), info);
        assertTrue(info.contains("qemu:allocation-depth"), info);
    }

    @Test
    void nbdinfoListsExportsAndTheirContent() throws Exception {
        final String list = Peers.run("nbdinfo", "--list", served.uri(""));
        Peers.run("qemu-io", "-f", "raw", "-c", "write -P 7 1M 64k", uri());

        final String map = Peers.run("nbdinfo", "--map", uri());
        final String depth = Peers.run("nbdinfo", "--map=qemu:allocation-depth", uri());

        assertTrue(list.contains("export=\"disk\""), list);
        assertTrue(list.contains("description: a disk"), list);
        assertTrue(map.startsWith("         0     1048576    3  hole,zero\n   1048576"), map);
        assertTrue(depth.contains("1  local"), depth);
    }

    @Test
    void qemuIoWritesReadsZeroesAndDiscards() throws Exception {
        final String output = Peers.run(
                "qemu-io",
                "-f",
                "raw",
                "-d",
                "unmap",
                "-c",
                "write -P 5 1M 300k",
                "-c",
                "read -P 5 1M 300k",
                "-c",
                "write -f -P 6 3000 5000",
                "-c",
                "read -P 6 3000 5000",
                "-c",
                "write -z -u 1M 64k",
                "-c",
                "read -P 0 1M 64k",
                "-c",
                "discard 0 1M",
                "-c",
                "flush",
                uri());

        assertTrue(!output.contains("failed"), output);
    }

    @Test
    void qemuImgConvertsComparesAndMaps() throws Exception {
        final String source = randomFile().toString();

        Peers.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", source, uri());

        Peers.run("qemu-img", "compare", "-f", "raw", "-F", "raw", source, uri());
        final String map = Peers.run("qemu-img", "map", "-f", "raw", "--output=json", uri());
        assertTrue(map.contains("\"start\": 1048576, \"length\": 1048576"), map);
        assertTrue(map.contains("\"zero\": true"), map);
    }

    @Test
    void nbdcopyCopiesInAndOutOverSeveralConnections() throws Exception {
        final Path source = randomFile();
        final Path copy = folder.resolve("copy");

        Peers.run("nbdcopy", "--connections=4", source.toString(), uri());
        Peers.run("nbdcopy", "--connections=4", uri(), copy.toString());

        assertEquals(-1, Files.mismatch(source, copy));
    }

    @Test
    void tcpServesAsWell() throws Exception {
        final InetSocketAddress address =
                (InetSocketAddress) served.server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        final String info = Peers.run("nbdinfo", "--size", "nbd://127.0.0.1:" + address.getPort() + "/disk");

        assertEquals("4194304", info.trim());
    }

    @Test
    void fioVerifiesWhatItWrites() throws Exception {
        Peers.run(
                "fio",
                "--name=nbd",
                "--aux-path=" + folder,
                "--ioengine=nbd",
                "--uri=" + uri(),
                "--rw=randwrite",
                "--bs=4k",
                "--size=4m",
                "--iodepth=16",
                "--verify=crc32c",
                "--do_verify=1",
                "--randseed=3");
    }

    @Test
    void fourClientsAtOnceFindTheirOwnData() throws Exception {
        final Process[] clients = new Process[4];
        for (int i = 0; i < 4; i++) {
            final int at = i << 20;
            clients[i] = Peers.start(
                    "qemu-io",
                    "-f",
                    "raw",
                    "-c",
                    "write -P " + (i + 1) + " " + at + " 1M",
                    "-c",
                    "read -P " + (i + 1) + " " + at + " 1M",
                    uri());
        }
        for (final Process client : clients) {
            final String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, client.waitFor(), output);
        }
    }
}
