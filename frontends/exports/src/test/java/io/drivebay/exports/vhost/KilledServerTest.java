package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkQueue;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is killed under load, again and again, loses nothing and repeats nothing that was completed. */
@Timeout(120)
final class KilledServerTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;
    private static final int SLOTS = 32;
    private static final int KILLS = 5;

    @TempDir
    private Path folder;

    /** Writes blocks of rising versions, and finds in each the last one whose write has completed. */
    private static final class Load implements BlkQueue.Listener {
        private final BlkQueue queue;
        private final Random random = new Random(1);
        private final long[] versions = new long[BLOCKS];
        private final int[] blockOf = new int[SLOTS];
        private final boolean[] writes = new boolean[SLOTS];
        private final BitSet busy = new BitSet();
        private final BitSet inFlight = new BitSet();
        private long completed;

        Load(final BlkQueue queue) {
            this.queue = queue;
        }

        void fill() {
            for (int slot = inFlight.nextClearBit(0); slot < SLOTS; slot = inFlight.nextClearBit(slot + 1)) {
                final int block = random.nextInt(BLOCKS);
                if (!busy.get(block)) {
                    begin(slot, block, random.nextBoolean());
                }
            }
            queue.kick();
        }

        void begin(final int slot, final int block, final boolean write) {
            busy.set(block);
            inFlight.set(slot);
            blockOf[slot] = block;
            writes[slot] = write;
            final GuestBuffer data = queue.data(slot);
            if (write) {
                versions[block]++;
                for (int at = 0; at < BLOCK; at += 16) {
                    data.region().putLong(data.offset() + at, block);
                    data.region().putLong(data.offset() + at + 8, versions[block]);
                }
                queue.write(slot, (long) block * (BLOCK / 512), BLOCK);
            } else {
                queue.read(slot, (long) block * (BLOCK / 512), BLOCK);
            }
        }

        @Override
        public void completed(final int slot, final BlkStatus status, final int usedBytes) {
            assertEquals(BlkStatus.OK, status);
            final int block = blockOf[slot];
            if (!writes[slot]) {
                final GuestBuffer data = queue.data(slot);
                for (int at = 0; at < BLOCK; at += 16) {
                    assertEquals(versions[block], data.region().getLong(data.offset() + at + 8), "block " + block);
                }
            }
            inFlight.clear(slot);
            busy.clear(block);
            completed++;
        }

        void run(final long requests) {
            final long until = completed + requests;
            Eventually.holds("a completion of all requests", () -> {
                fill();
                queue.poll(this);
                return completed >= until;
            });
        }

        void finish() {
            Eventually.holds("a completion of what is in flight", () -> {
                queue.poll(this);
                return inFlight.isEmpty();
            });
        }

        void readAll() {
            for (int block = 0; block < BLOCKS; block++) {
                begin(0, block, false);
                queue.kick();
                finish();
            }
        }
    }

    private Path image() throws IOException {
        final Path image = folder.resolve("disk.img");
        try (SeekableByteChannel file =
                Files.newByteChannel(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.position((long) BLOCK * BLOCKS - 1).write(ByteBuffer.allocate(1));
        }
        return image;
    }

    static Stream<DriverOptions> rings() {
        final DriverOptions split = DriverOptions.of(SLOTS, BLOCK);
        return Stream.of(
                split,
                split.with(VirtioFeature.RING_PACKED),
                split.with(VirtioFeature.RING_PACKED).without(VirtioFeature.INDIRECT_DESC, VirtioFeature.EVENT_IDX));
    }

    @ParameterizedTest
    @MethodSource("rings")
    void nothingIsLostAndNothingIsRepeated(final DriverOptions options) throws IOException, InterruptedException {
        final String socket = folder.resolve("socket").toString();
        final Path image = image();
        ServerProcess server = ServerProcess.start(socket, image);
        try (VhostUserGuest guest = VhostUserGuest.start(socket, options, VhostUserContract.pause())) {
            final Load load = new Load(guest.driver().queue(0));
            final Random random = new Random(2);
            for (int i = 0; i < KILLS; i++) {
                load.run(200 + random.nextInt(2000));
                load.fill();
                server.kill();
                server = restart(socket, image, guest);
            }
            load.run(500);
            load.finish();
            load.readAll();
            assertTrue(load.completed > KILLS * 200L);
        } finally {
            server.close();
        }
    }

    private static ServerProcess restart(final String socket, final Path image, final VhostUserGuest guest)
            throws IOException {
        final ServerProcess next = ServerProcess.start(socket, image);
        try {
            guest.transport().reconnect(socket);
            return next;
        } catch (final PosixException e) {
            next.close();
            throw e;
        }
    }
}
