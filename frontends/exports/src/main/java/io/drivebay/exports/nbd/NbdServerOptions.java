package io.drivebay.exports.nbd;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server allows its clients. Together these bound its memory: connections times bytes in flight.
 *
 * @param maxConnections how many clients are served at a time; more wait to be accepted
 * @param handshakeTimeout how long a client may take until transmission begins
 * @param maxInFlight how many requests of a connection are worked on at a time; the rest stays in the socket
 * @param maxInFlightBytes how many bytes of data those hold at most; one request alone may exceed it
 * @param tls what clients have to show; null for a server without TLS
 */
public record NbdServerOptions(
        int maxConnections,
        Duration handshakeTimeout,
        int maxInFlight,
        long maxInFlightBytes,
        @Nullable TlsPolicy tls) {

    /** 128 connections, 10 seconds, 64 requests, 32 MiB, no TLS. */
    public static final NbdServerOptions DEFAULT =
            new NbdServerOptions(128, Duration.ofSeconds(10), 64, 32L << 20, null);

    private static final int MOST_IN_FLIGHT = 512;
    /** As many as go: idle clients cost little, and descriptors run out before memory does. */
    private static final int MOST_CONNECTIONS = 1 << 16;

    /** Checks the limits. */
    public NbdServerOptions {
        if (maxConnections < 1 || maxInFlightBytes < 1) {
            throw new IllegalArgumentException(
                    "maxConnections=" + maxConnections + ", maxInFlightBytes=" + maxInFlightBytes + ": at least 1");
        }
        if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException("maxInFlight=" + maxInFlight + " is not in 1.." + MOST_IN_FLIGHT);
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshakeTimeout=" + handshakeTimeout + " is not positive");
        }
    }

    /** How many clients a number of QEMU's stands for: with 0, as many as go. */
    public static int connections(final long given) {
        return given == 0 ? MOST_CONNECTIONS : (int) Math.min(given, MOST_CONNECTIONS);
    }

    /** The same with another number of connections. */
    public NbdServerOptions withMaxConnections(final int connections) {
        return new NbdServerOptions(connections, handshakeTimeout, maxInFlight, maxInFlightBytes, tls);
    }

    /** The same with another limit on the handshake. */
    public NbdServerOptions withHandshakeTimeout(final Duration timeout) {
        return new NbdServerOptions(maxConnections, timeout, maxInFlight, maxInFlightBytes, tls);
    }

    /** The same with other limits on what a connection has in flight. */
    public NbdServerOptions withInFlight(final int requests, final long bytes) {
        return new NbdServerOptions(maxConnections, handshakeTimeout, requests, bytes, tls);
    }

    /** The same with TLS. */
    public NbdServerOptions withTls(final TlsPolicy policy) {
        return new NbdServerOptions(maxConnections, handshakeTimeout, maxInFlight, maxInFlightBytes, policy);
    }
}
