package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.driver.Disk;
import io.drivebay.nbd.PatientStream;
import io.drivebay.nbd.RemoteExports;
import io.drivebay.nbd.SocketAddresses;
import io.drivebay.nbd.SocketLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fuzz target: the NBD client, with whatever a server may send. The first byte of the input says where it begins: with the
 * greeting, for a connection or for a list of exports, or in transmission with replies of one of the three forms; the rest
 * is what the server sends before it hangs up. Whatever it is, opening fails or each request completes once, and no byte beside a request's memory changes.
 */
public final class NbdClientFuzz {
    private static final int MODES = 4;
    private static final byte LISTING = 'L';
    private static final int MAX_INPUT = 64 << 10;
    private static final long DISK_BYTES = 1 << 20;
    private static final int ALL_FLAGS = 0x0c7d; // all but read-only and rotational
    private static final int MAX_PAYLOAD = 32 << 20;
    private static final int ALLOCATION_ID = 1;
    private static final int GUARD_BYTES = 64;
    private static final byte GUARD = 0x5a;

    private static final Clock CLOCK = new VirtualClock();
    private static final MemoryRegion LONG = guarded(512 << 10);
    private static final Path SOCKET = newSocket();
    private static final SocketAddress ADDRESS = UnixDomainSocketAddress.of(SOCKET);
    private static final ServerSocketChannel LISTENER = listen();
    private static final NbdTarget TARGET = new NbdTarget(SOCKET, "", 0, "disk", null, "");

    private NbdClientFuzz() {}

    private static Path newSocket() {
        try {
            final Path folder = Files.createTempDirectory("drivebay-nbd-fuzz");
            folder.toFile().deleteOnExit();
            return folder.resolve("socket");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocketChannel listen() {
        try {
            final ServerSocketChannel listener = SocketAddresses.listen(ADDRESS);
            SOCKET.toFile().deleteOnExit();
            return listener;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One input; throws where the client does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final int mode = input.length == 0 ? 0 : Math.floorMod(input[0], MODES);
        final int from = Math.min(1, input.length);
        final ByteBuffer said = ByteBuffer.wrap(input, from, Math.min(MAX_INPUT, input.length - from));
        try (SocketChannel channel = SocketAddresses.open(ADDRESS);
                PatientStream io = PatientStream.connect(channel, ADDRESS, CLOCK, Long.MAX_VALUE);
                SocketChannel server = LISTENER.accept()) {
            server.write(said);
            server.shutdownOutput();
            if (from > 0 && input[0] == LISTING) {
                RemoteExports.list(io, null);
            } else {
                transmit(link(io, mode));
            }
        } catch (final IOException | BlockException e) {
            return; // refused
        }
    }

    private static NbdLink link(final PatientStream io, final int mode) throws IOException {
        return mode == 0
                ? new ClientHandshake(io, TARGET).run()
                : new NbdLink(
                        io.stream(),
                        NbdLink.Mode.values()[mode - 1],
                        DISK_BYTES,
                        ALL_FLAGS,
                        1,
                        MAX_PAYLOAD,
                        ALLOCATION_ID);
    }

    /** Requests of all kinds, at once; the loop never runs, so there is no second connection. */
    private static void transmit(final NbdLink link) throws IOException, BlockException {
        try (Disk disk = new Disk(CLOCK, new ParkPort())) {
            disk.insert(node(disk, link));
            final List<Disk.Submitted> requests = new ArrayList<>();
            final MemoryRegion memory = guarded(8192);
            requests.add(disk.submit(Operation.READ, 512, 8192, 0, halves(memory)));
            requests.add(disk.submit(Operation.BLOCK_STATUS, 0, 64 << 10, 0, new IoVector()));
            requests.add(disk.submit(Operation.WRITE, 0, 512, 0, new IoVector().add(LONG, 0, 512)));
            requests.add(disk.submit(Operation.FLUSH, 0, 0, 0, new IoVector()));
            requests.add(disk.submit(Operation.DISCARD, 0, 64 << 10, 0, new IoVector()));
            requests.add(disk.submit(Operation.WRITE_ZEROES, 0, 64 << 10, 0, new IoVector()));
            requests.add(disk.submit(Operation.WRITE, 0, 512 << 10, 0, halves(LONG)));

            disk.runUntil(() -> requests.stream().allMatch(Disk.Submitted::done));
            disk.context.runUntilIdle();

            if (requests.stream().anyMatch(request -> request.completions != 1)) {
                throw new IllegalStateException("a request has completed more than once");
            }
            checkGuards(memory);
        }
    }

    private static BlockNode node(final Disk disk, final NbdLink link) throws IOException, BlockException {
        final IoContext context = disk.context;
        final SocketLoop loop = new SocketLoop("nbd-fuzz", CLOCK);
        final Connector connector = new Connector(loop, CLOCK, TARGET);
        final NodeOptions options = NodeOptions.DEFAULTS.withDiscard(true).withReadOnly(link.readOnly());
        return disk.layer.addNode(
                "fuzzed", context, options, new NbdDriver(context, loop, connector, TARGET, link, 0), Map.of());
    }

    private static MemoryRegion guarded(final int bytes) {
        final MemoryRegion region = MemoryRegion.allocate(bytes + 3 * GUARD_BYTES);
        region.fill(0, region.size(), GUARD);
        return region;
    }

    /** The region but for its edges and its middle. */
    private static IoVector halves(final MemoryRegion region) {
        final int half = (region.size() - 3 * GUARD_BYTES) / 2;
        return new IoVector().add(region, GUARD_BYTES, half).add(region, 2 * GUARD_BYTES + half, half);
    }

    private static void checkGuards(final MemoryRegion region) {
        final int half = (region.size() - 3 * GUARD_BYTES) / 2;
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (region.getByte(i) != GUARD
                    || region.getByte(GUARD_BYTES + half + i) != GUARD
                    || region.getByte(region.size() - 1 - i) != GUARD) {
                throw new IllegalStateException("a reply has overwritten what is not the request's");
            }
        }
    }
}
