package io.drivebay.exports.vhost;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixSocket;
import io.drivebay.virtio.blk.VirtioBlk;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Fuzz target: the vhost-user-blk server, from a client's first message to its last.
 *
 * <p>The first byte of the input says how far a proper set-up goes; then come steps, each a byte that says what to do, one
 * that says how, and a number of changes to be made to what is proper: see {@link FuzzedFrontEnd}. Whatever a client does,
 * the server answers or disconnects it, nothing escapes, and nothing of it is left when it has gone.
 */
public final class VhostUserFuzz {
    private static final int MOST_TURNS = 1000;
    private static final int TURNS_PER_STEP = 4;
    private static final int MOST_STEPS = 64;

    private static final IoContext CONTEXT;
    private static final AsyncFilePort PORT;
    private static final VirtioBlk DEVICE;
    private static final FuzzedFrontEnd CLIENT;

    static {
        try {
            PORT = AsyncFilePort.open(PortOptions.DEFAULT);
            CONTEXT = new IoContext("fuzz", () -> 0L, PORT);
            final BlockLayer layer = new BlockLayer();
            final BlockBackend backend = layer.createBackend(CONTEXT, 64);
            layer.insertMedium(
                    backend,
                    new Blockdevs(layer)
                            .add(CONTEXT, Map.of("driver", "memory", "node-name", "disk", "size", 1 << 20)));
            DEVICE = VirtioBlk.attach(
                    backend,
                    GuestMemory.of(List.of()),
                    VhostUserBlkOptions.of("fuzz")
                            .withWritable(true)
                            .withQueues(2)
                            .device());
            CLIENT = new FuzzedFrontEnd();
        } catch (final BlockException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private VhostUserFuzz() {}

    /** One input; throws where the server does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) throws PosixException {
        final String[] end = new String[1];
        final UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket client = pair[0]) {
            final Session session = new Session(DEVICE, CONTEXT, PORT, pair[1], offence -> end[0] = "" + offence);
            CONTEXT.run(session::open);
            final FuzzedFrontEnd.Steps steps = CLIENT.begin(client, input);
            for (int i = 0; i < MOST_STEPS && end[0] == null && steps.next(); i++) {
                turns(TURNS_PER_STEP);
            }
        }
        for (int i = 0; i < MOST_TURNS && end[0] == null; i++) {
            CONTEXT.runOnce();
        }
        if (end[0] == null) {
            throw new IllegalStateException("a client has gone, and the server does not notice");
        }
        if (end[0].contains("serving it failed")) {
            throw new IllegalStateException(end[0]);
        }
    }

    private static void turns(final int count) {
        for (int i = 0; i < count; i++) {
            CONTEXT.runOnce();
        }
    }
}
