package io.drivebay.cli.nbd;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.nbd.PatientStream;
import io.drivebay.nbd.RemoteExports;
import io.drivebay.nbd.SocketAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Prints what an NBD server has, as {@code qemu-nbd --list} does. */
public final class NbdListing {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final List<String> FLAG_NAMES = List.of(
            "has-flags",
            "readonly",
            "flush",
            "fua",
            "rotational",
            "trim",
            "zeroes",
            "df",
            "multi",
            "resize",
            "cache",
            "fast-zero",
            "block-status-payload");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final List<String> BLOCK_NAMES = List.of("min", "opt", "max");

    private final PrintWriter out;

    /** A listing that goes to a stream. */
    public NbdListing(final PrintWriter out) {
        this.out = out;
    }

    /**
     * Asks and prints.
     *
     * @param credentials a client's; null without TLS
     * @param hostname whose name the server's certificate has to have
     * @return the exit code
     */
    public int print(final SocketAddress address, final @Nullable SSLContext credentials, final String hostname)
            throws IOException {
        final long deadlineNs = SystemClock.INSTANCE.nanoTime() + TIMEOUT_NS;
        try (SocketChannel channel = SocketAddresses.open(address);
                PatientStream io = PatientStream.connect(channel, address, SystemClock.INSTANCE, deadlineNs)) {
            final List<RemoteExports.Entry> found =
                    RemoteExports.list(io, credentials == null ? null : engine(credentials, hostname));
            out.println("exports available: " + found.size());
            found.forEach(this::print);
            out.flush();
            return 0;
        }
    }

    private static SSLEngine engine(final SSLContext credentials, final String hostname) {
        final SSLEngine engine = credentials.createSSLEngine(hostname, 0);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private void print(final RemoteExports.Entry entry) {
        out.println(" export: '" + printable(entry.name()) + "'");
        if (!entry.description().isEmpty()) {
            out.println("  description: " + printable(entry.description()));
        }
        if (entry.sizeBytes() >= 0) {
            out.println("  size:  " + entry.sizeBytes());
            out.println("  flags: 0x" + Integer.toHexString(entry.flags()) + " (" + names(entry.flags()) + " )");
        }
        for (int i = 0; i < entry.blockSizes().size(); i++) {
            out.println("  " + BLOCK_NAMES.get(i) + " block: "
                    + Integer.toUnsignedString(entry.blockSizes().get(i)));
        }
        if (!entry.contexts().isEmpty()) {
            out.println("  available meta contexts: " + entry.contexts().size());
            entry.contexts().forEach(context -> out.println("   " + printable(context)));
        }
    }

    /** What a server says must not steer the terminal. */
    private static String printable(final String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    private static String names(final int flags) {
        final StringBuilder names = new StringBuilder();
        for (int bit = 1; bit < FLAG_NAMES.size(); bit++) {
            if ((flags >> bit & 1) != 0) {
                names.append(' ').append(FLAG_NAMES.get(bit));
            }
        }
        return names.toString();
    }
}
