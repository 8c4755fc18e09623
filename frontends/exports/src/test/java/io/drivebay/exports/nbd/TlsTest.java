package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.exports.Peers;
import io.drivebay.nbd.TlsCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** X.509 on both sides, ours and others'. */
@Timeout(60)
final class TlsTest {
    private static final int ERR_TLS_REQD = 0x80000005;
    private static final int ERR_INVALID = 0x80000003;

    @TempDir
    private static Path certificates;

    @TempDir
    private Path folder;

    private Served served;
    private InetSocketAddress tcp;

    @BeforeAll
    static void makeCertificates() throws Exception {
        new Certificates(certificates);
    }

    @BeforeEach
    void serve() throws Exception {
        served = new Served(NbdServerOptions.DEFAULT.withTls(
                        new TlsPolicy(TlsCredentials.server(certificates, true), true)))
                .with("disk");
        tcp = (InetSocketAddress) served.server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    @Test
    void withoutTlsNothingIsToldAndNobodyEnters() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();

            assertEquals(ERR_TLS_REQD, client.option(3).type());
            assertEquals(
                    ERR_TLS_REQD, client.option(7, RawClient.goData("disk")).type());
            assertEquals(ERR_TLS_REQD, client.option(8).type());
            assertEquals(ERR_INVALID, client.option(5, (byte) 1).type());
            assertEquals(RawClient.ACK, client.option(2).type());
        }
    }

    @Test
    void exportNameWithoutTlsEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            client.sendOption(1, "disk".getBytes(StandardCharsets.UTF_8));

            assertEquals(0, client.drain());
        }
        assertTrue(served.complaint().contains("without TLS, which is required"), served.complaint());
    }

    @Test
    void whatIsSentAheadOfTlsIsNotTakenForProtected() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            client.send(ByteBuffer.allocate(32)
                    .putLong(RawClient.OPTION_MAGIC)
                    .putInt(5)
                    .putInt(0)
                    .putLong(RawClient.OPTION_MAGIC)
                    .putInt(3)
                    .putInt(0)
                    .flip());

            client.drain();
        }
        assertTrue(served.complaint().contains("sent data behind STARTTLS"), served.complaint());
    }

    @Test
    void noiseInTheTlsHandshakeEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            assertEquals(RawClient.ACK, client.option(5).type());
            client.send(ByteBuffer.wrap(new byte[1000]));

            client.drain();
        }
        assertTrue(served.complaint().contains("handshake failed"), served.complaint());
    }

    @Test
    void qemuReadsAndWritesThroughTls() throws Exception {
        final String image = "driver=nbd,server.type=inet,server.host=127.0.0.1,server.port=" + tcp.getPort()
                + ",export=disk,tls-creds=t";

        final String output = Peers.run(
                "qemu-io",
                "--object",
                "tls-creds-x509,id=t,endpoint=client,dir=" + certificates,
                "--image-opts",
                "-c",
                "write -P 5 1M 300k",
                "-c",
                "read -P 5 1M 300k",
                "-c",
                "write -P 6 0 1M",
                "-c",
                "read -P 6 0 1M",
                image);

        assertTrue(!output.contains("failed"), output);
    }

    @Test
    void nbdinfoSeesTls() throws Exception {
        final String info =
                Peers.run("nbdinfo", "nbds://127.0.0.1:" + tcp.getPort() + "/disk?tls-certificates=" + certificates);

        assertTrue(info.contains("newstyle-fixed with TLS"), info);
    }

    private Map<String, Object> driver(final int port) {
        return new LinkedHashMap<>(Map.of(
                "driver", "nbd",
                "server.type", "inet",
                "server.host", "127.0.0.1",
                "server.port", port,
                "export", "disk",
                "open-timeout", 20,
                "tls-creds", certificates.toString()));
    }

    @Test
    void ourDriverReadsWhatItWroteThroughTls() throws Exception {
        try (OwnDisk disk = new OwnDisk(driver(tcp.getPort()))) {
            final byte[] data = new byte[3_000_000];
            new Random(3).nextBytes(data);

            disk.write(1000, data);

            assertArrayEquals(data, disk.read(1000, data.length));
        }
    }

    @Test
    void ourDriverRefusesAServerOfAnotherName() {
        final Map<String, Object> options = driver(tcp.getPort());
        options.put("tls-hostname", "elsewhere.example");
        options.put("open-timeout", 0);

        final BlockException refusal = assertThrows(BlockException.class, () -> new OwnDisk(options));

        assertEquals(BlockException.Kind.IO, refusal.kind());
        assertTrue(String.valueOf(refusal.getMessage()).contains("elsewhere.example"), refusal.getMessage());
    }

    @Test
    void aClientWithoutACertificateIsNotLetIn() throws Exception {
        final Path trust = Files.createDirectory(folder.resolve("trust"));
        Files.copy(certificates.resolve("ca-cert.pem"), trust.resolve("ca-cert.pem"));
        final Map<String, Object> options = driver(tcp.getPort());
        options.put("tls-creds", trust.toString());
        options.put("open-timeout", 0);

        final BlockException refusal = assertThrows(BlockException.class, () -> new OwnDisk(options));

        assertEquals(BlockException.Kind.IO, refusal.kind());
    }

    @Test
    void aCertificateThatWasRevokedIsNotLetIn() throws Exception {
        final Path revoking = Files.createDirectory(folder.resolve("revoking"));
        for (final String file : List.of("ca-cert.pem", "server-cert.pem", "server-key.pem")) {
            Files.copy(certificates.resolve(file), revoking.resolve(file));
        }
        Certificates.revoke(certificates, "client", revoking.resolve("ca-crl.pem"));
        try (Served strict = new Served(
                        NbdServerOptions.DEFAULT.withTls(new TlsPolicy(TlsCredentials.server(revoking, true), true)))
                .with("disk")) {
            final int port = ((InetSocketAddress)
                            strict.server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                    .getPort();
            final Map<String, Object> options = driver(port);
            options.put("open-timeout", 0);

            final BlockException refusal = assertThrows(BlockException.class, () -> new OwnDisk(options));

            assertEquals(BlockException.Kind.IO, refusal.kind());
            assertTrue(strict.complaint().contains("revoked"), strict.complaint());
        }
    }

    @Test
    void aListOfRevokedCertificatesThatNamesNobodyKeepsNobodyOut() throws Exception {
        final Path listed = Files.createDirectory(folder.resolve("listed"));
        for (final String file : List.of("ca-cert.pem", "server-cert.pem", "server-key.pem")) {
            Files.copy(certificates.resolve(file), listed.resolve(file));
        }
        Certificates.revoke(certificates, null, listed.resolve("ca-crl.pem"));
        try (Served served = new Served(
                        NbdServerOptions.DEFAULT.withTls(new TlsPolicy(TlsCredentials.server(listed, true), true)))
                .with("disk")) {
            final int port = ((InetSocketAddress)
                            served.server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                    .getPort();
            try (OwnDisk disk = new OwnDisk(driver(port))) {
                assertArrayEquals(new byte[5], disk.read(0, 5));
            }
        }
    }

    @Test
    void ourDriverReachesQemuNbdThroughTls() throws Exception {
        final Path image = Files.write(folder.resolve("image"), new byte[1 << 20]);
        final int port = 20_000 + (int) (ProcessHandle.current().pid() % 20_000);
        final Process qemu = Peers.start(
                "qemu-nbd",
                "--object",
                "tls-creds-x509,id=t,endpoint=server,dir=" + certificates + ",verify-peer=yes",
                "--tls-creds",
                "t",
                "-f",
                "raw",
                "-x",
                "disk",
                "-b",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                image.toString());
        try (OwnDisk disk = new OwnDisk(driver(port))) {
            disk.write(4096, new byte[] {1, 2, 3});

            assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, disk.read(4095, 5));
        } finally {
            qemu.destroy();
        }
    }

    @Test
    void credentialsThatAreMissingAreNamed() {
        final IOException refusal = assertThrows(IOException.class, () -> TlsCredentials.server(folder, true));

        assertTrue(String.valueOf(refusal.getMessage()).contains("server-cert.pem"), refusal.getMessage());
    }

    @Test
    void rsaKeysInTheOldFormAreRead() throws Exception {
        final Path own = Files.createDirectory(folder.resolve("rsa"));
        Peers.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                own.resolve("new.pem").toString(),
                "-out",
                own.resolve("server-cert.pem").toString(),
                "-subj",
                "/CN=x");
        Peers.run(
                "openssl",
                "rsa",
                "-traditional",
                "-in",
                own.resolve("new.pem").toString(),
                "-out",
                own.resolve("server-key.pem").toString());

        assertEquals("TLS", TlsCredentials.server(own, false).getProtocol());
        assertTrue(Files.readString(own.resolve("server-key.pem")).contains("BEGIN RSA PRIVATE KEY"));
    }
}
