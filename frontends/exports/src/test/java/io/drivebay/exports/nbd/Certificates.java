package io.drivebay.exports.nbd;

import io.drivebay.exports.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folders of certificates as QEMU names them, made by OpenSSL: an authority, a server and a client. */
final class Certificates {
    private static final List<String> KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

    final Path folder;

    Certificates(final Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        openssl(
                KEY,
                "req",
                "-x509",
                "-keyout",
                file("ca-key.pem"),
                "-out",
                file("ca-cert.pem"),
                "-subj",
                "/CN=ca",
                "-days",
                "30");
        signed("server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        signed("client", "/CN=client", "keyUsage=digitalSignature");
    }

    private void signed(final String role, final String subject, final String extension)
            throws IOException, InterruptedException {
        final String request = file(role + ".csr");
        final Path extensions = Files.writeString(folder.resolve(role + ".ext"), extension);
        openssl(KEY, "req", "-keyout", file(role + "-key.pem"), "-out", request, "-subj", subject);
        openssl(
                List.of(),
                "x509",
                "-req",
                "-in",
                request,
                "-CA",
                file("ca-cert.pem"),
                "-CAkey",
                file("ca-key.pem"),
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                extensions.toString(),
                "-out",
                file(role + "-cert.pem"));
    }

    /** Writes the authority's list of revoked certificates, with one of a role in it or none. */
    static void revoke(final Path authority, final @Nullable String role, final Path list)
            throws IOException, InterruptedException {
        final Path work = Files.createTempDirectory(authority, "crl");
        Files.writeString(work.resolve("index"), "");
        Files.writeString(
                work.resolve("conf"),
                "[ca]\ndefault_ca=d\n[d]\ndatabase=" + work.resolve("index")
                        + "\ndefault_md=sha256\ndefault_crl_days=30\n");
        final List<String> common = List.of(
                "-config",
                work.resolve("conf").toString(),
                "-cert",
                authority.resolve("ca-cert.pem").toString(),
                "-keyfile",
                authority.resolve("ca-key.pem").toString());
        if (role != null) {
            openssl(
                    common,
                    "ca",
                    "-revoke",
                    authority.resolve(role + "-cert.pem").toString());
        }
        openssl(common, "ca", "-gencrl", "-out", list.toString());
    }

    private String file(final String name) {
        return folder.resolve(name).toString();
    }

    private static void openssl(final List<String> more, final String... arguments)
            throws IOException, InterruptedException {
        final ArrayList<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        command.addAll(more);
        Peers.run(command.toArray(new String[0]));
    }
}
