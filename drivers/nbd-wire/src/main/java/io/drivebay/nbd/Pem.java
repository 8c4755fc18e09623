package io.drivebay.nbd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Certificates and private keys in PEM files, as OpenSSL and GnuTLS write them. */
final class Pem {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    /* DER of what stands before a PKCS#1 key in a PKCS#8 one: version 0; algorithm rsaEncryption without parameters. */
    private static final byte[] RSA_PREFIX = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };
    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTETS = 0x04;

    private Pem() {}

    /** All certificates of a file, in its order; at least one. */
    static List<Certificate> certificates(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (found.isEmpty()) {
                throw new IOException("there is no certificate in " + file);
            }
            return found;
        } catch (final GeneralSecurityException e) {
            throw new IOException("cannot read certificates from " + file + ": " + e.getMessage(), e);
        }
    }

    /** All lists of revoked certificates of a file; at least one. */
    static List<CRL> revocations(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final List<CRL> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCRLs(in));
            if (found.isEmpty()) {
                throw new IOException("there is no list of revoked certificates in " + file);
            }
            return found;
        } catch (final GeneralSecurityException e) {
            throw new IOException("cannot read revoked certificates from " + file + ": " + e.getMessage(), e);
        }
    }

    /** The private key of a file: PKCS#8 of any algorithm, or PKCS#1. */
    static PrivateKey privateKey(final Path file) throws IOException {
        final String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("-----BEGIN " + PKCS1 + "-----")) {
            return key(file, "RSA", wrapped(decode(file, text, PKCS1)));
        }
        if (text.contains("-----BEGIN EC PRIVATE KEY-----") || text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            throw new IOException("the key in " + file + " is in a form that is not supported; convert it with "
                    + "'openssl pkcs8 -topk8 -nocrypt'");
        }
        final byte[] der = decode(file, text, PKCS8);
        IOException failure = new IOException("the key in " + file + " has an unknown algorithm");
        for (final String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return key(file, algorithm, der);
            } catch (final IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static PrivateKey key(final Path file, final String algorithm, final byte[] der) throws IOException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (final GeneralSecurityException e) {
            throw new IOException("cannot read the key in " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] decode(final Path file, final String text, final String label) throws IOException {
        final String begin = "-----BEGIN " + label + "-----";
        final int from = text.indexOf(begin);
        final int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IOException("there is no private key in " + file);
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (final IllegalArgumentException e) {
            throw new IOException("the key in " + file + " is no Base64", e);
        }
    }

    private static byte[] wrapped(final byte[] pkcs1) throws IOException {
        final ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.write(RSA_PREFIX);
        inner.write(element(DER_OCTETS, pkcs1));
        return element(DER_SEQUENCE, inner.toByteArray());
    }

    private static byte[] element(final int tag, final byte[] content) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x82);
        out.write(content.length >> 8);
        out.write(content.length);
        out.write(content);
        return out.toByteArray();
    }
}
