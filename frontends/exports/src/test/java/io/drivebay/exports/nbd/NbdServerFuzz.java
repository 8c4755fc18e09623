package io.drivebay.exports.nbd;

import io.drivebay.backend.graph.BlockException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Fuzz target: the NBD server, from a client's first byte to its last. The first byte of the input says how far a proper
 * handshake goes; the rest is sent as it is. Whatever it is, the server answers or hangs up, and serves the next client.
 */
public final class NbdServerFuzz {
    private static final int MODES = 4;
    private static final int FLUSH = 3;
    /** Looking in on the server costs more than an input. */
    private static final int INPUTS_PER_LOOK = 64;

    private static final Served SERVED = serve();
    private static int inputs;

    private NbdServerFuzz() {}

    private static Served serve() {
        try {
            return new Served(NbdServerOptions.DEFAULT.withInFlight(8, 1 << 20)).with("disk");
        } catch (final BlockException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One input; throws where the server does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final int mode = input.length == 0 ? 0 : Math.floorMod(input[0], MODES);
        try (RawClient client = SERVED.connect()) {
            enter(client, mode);
            client.blurt(ByteBuffer.wrap(input, Math.min(1, input.length), Math.max(0, input.length - 1)));
            client.drain();
            if (++inputs % INPUTS_PER_LOOK == 0) {
                look();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("the server let a proper client down", e);
        }
    }

    private static void enter(final RawClient client, final int mode) throws IOException {
        switch (mode) {
            case 0 -> client.receive(18);
            case 1 -> client.simple("disk");
            case 2 -> client.structured("disk");
            default -> client.extended("disk");
        }
    }

    private static void look() throws IOException {
        try (RawClient other = SERVED.connect()) {
            if (other.simple("disk").ask(0, FLUSH, 0, 0).error() != 0) {
                throw new IllegalStateException("the server does not flush any more");
            }
        }
    }
}
