package io.drivebay.nbd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * X.509 credentials in a folder, under the names that QEMU's {@code tls-creds-x509} gives them: {@code ca-cert.pem},
 * {@code server-cert.pem}, {@code server-key.pem}, {@code client-cert.pem}, {@code client-key.pem}, {@code ca-crl.pem}.
 */
public final class TlsCredentials {
    private static final char[] NO_PASSWORD = {};

    private TlsCredentials() {}

    /**
     * What a server shows, and whom it trusts.
     *
     * @param verifyPeer whether clients have to show a certificate; then {@code ca-cert.pem} must be there
     * @throws IOException naming the file that is missing or wrong
     */
    public static SSLContext server(final Path folder, final boolean verifyPeer) throws IOException {
        return context(folder, "server", true, verifyPeer);
    }

    /**
     * Whom a client trusts, and what it shows if it has a certificate.
     *
     * @throws IOException naming the file that is missing or wrong
     */
    public static SSLContext client(final Path folder) throws IOException {
        return context(folder, "client", Files.exists(folder.resolve("client-cert.pem")), true);
    }

    private static SSLContext context(
            final Path folder, final String role, final boolean withKey, final boolean withTrust) throws IOException {
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    withKey ? keyManagers(folder, role) : new KeyManager[0],
                    withTrust ? trustManagers(folder) : new TrustManager[0],
                    null);
            return context;
        } catch (final GeneralSecurityException e) {
            throw new IOException("the TLS credentials in " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Path need(final Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("TLS credentials need " + file + ", which is not there or not readable");
        }
        return file;
    }

    private static KeyManager[] keyManagers(final Path folder, final String role)
            throws IOException, GeneralSecurityException {
        final Path certificate = need(folder.resolve(role + "-cert.pem"));
        final Path key = need(folder.resolve(role + "-key.pem"));
        final KeyStore store = newStore();
        store.setKeyEntry(
                role,
                Pem.privateKey(key),
                NO_PASSWORD,
                Pem.certificates(certificate).toArray(new Certificate[0]));
        final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Trusts the authorities of {@code ca-cert.pem}, but for what they have revoked in {@code ca-crl.pem} if it is there. */
    private static TrustManager[] trustManagers(final Path folder) throws IOException, GeneralSecurityException {
        final KeyStore store = newStore();
        int count = 0;
        for (final Certificate certificate : Pem.certificates(need(folder.resolve("ca-cert.pem")))) {
            store.setCertificateEntry("ca" + count++, certificate);
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        final Path revoked = folder.resolve("ca-crl.pem");
        if (Files.exists(revoked)) {
            final PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(Pem.revocations(revoked))));
            parameters.setRevocationEnabled(true);
            factory.init(new CertPathTrustManagerParameters(parameters));
        } else {
            factory.init(store);
        }
        return factory.getTrustManagers();
    }

    private static KeyStore newStore() throws IOException, GeneralSecurityException {
        final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
