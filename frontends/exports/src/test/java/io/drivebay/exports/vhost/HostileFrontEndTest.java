package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.EventFd;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.OpenFlag;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixSocket;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.vhost.VhostUserSocket;
import io.drivebay.sim.virtio.BlkStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients without manners: each is disconnected with a line that says why, and the next one is served. */
@Timeout(120)
final class HostileFrontEndTest {
    private static final int SET_FEATURES = 2;
    private static final int SET_MEM_TABLE = 5;
    private static final int SET_LOG_BASE = 6;
    private static final int SET_VRING_NUM = 8;
    private static final int SET_VRING_ADDR = 9;
    private static final int SET_VRING_KICK = 12;
    private static final int SET_PROTOCOL_FEATURES = 16;
    private static final int GET_QUEUE_NUM = 17;
    private static final int SET_VRING_ENABLE = 18;
    private static final int GET_CONFIG = 24;
    private static final int SET_INFLIGHT_FD = 32;
    private static final int ADD_MEM_REG = 37;
    private static final long ALL_PROTOCOL_FEATURES =
            1 | 1 << 1 | 1 << 3 | 1 << 5 | 1 << 9 | 1 << 12 | 1 << 13 | 1 << 15 | 1 << 16;

    private VhostServed served;

    @BeforeEach
    void serve() throws BlockException, IOException {
        served = VhostServed.withQueues();
    }

    /** Whoever was disconnected, the next one is served. */
    @AfterEach
    void end() throws BlockException, IOException {
        final VhostUserGuest next = Eventually.get("a place to wait in", this::guestOrNone);
        try (next) {
            assertEquals(BlkStatus.OK, next.disk().read(0, new byte[512]));
        }
        served.close();
    }

    /** A guest; null while the socket is full. */
    private @Nullable VhostUserGuest guestOrNone() {
        try {
            return VhostUserGuest.start(served.path, VhostUserContract.OPTIONS, VhostUserContract.pause());
        } catch (final PosixException e) {
            assertEquals("EAGAIN", e.errnoName());
            return null;
        }
    }

    private VhostUserSocket connect() throws PosixException {
        return VhostUserSocket.connect(served.path);
    }

    private void assertComplaint(final String part) {
        final String complaint = served.complaint();
        assertTrue(complaint.contains(part), complaint);
    }

    // ---- messages ----

    @ParameterizedTest
    @CsvSource({
        "0, 0, unknown message 0",
        "41, 0, unknown message 41",
        "-1, 0, unknown message 4294967295",
        "2, 4, SET_FEATURES with a payload of 4 bytes",
        "1, 8, GET_FEATURES with a payload of 8 bytes",
        "5, 300, SET_MEM_TABLE with a payload of 300 bytes",
        "24, 12, GET_CONFIG without the protocol feature",
        "34, 0, RESET_DEVICE without the protocol feature"
    })
    void aMessageThatCannotBeIsRefusedByName(final int request, final int bytes, final String complaint)
            throws PosixException {
        try (VhostUserSocket client = connect()) {
            client.send(request, bytes);
            assertComplaint(complaint);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 5})
    void aHeaderOfAnotherVersionOrAReplyIsRefused(final int flags) throws PosixException {
        final MemoryRegion header = MemoryRegion.allocate(12);
        header.putInt(0, 1);
        header.putInt(4, flags);
        try (UnixSocket socket = UnixSocket.connect(served.path)) {
            socket.send(header, 0, 12);
            assertComplaint("flags 0x" + flags);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {513, Integer.MAX_VALUE, -1})
    void anOversizedMessageIsRefusedBeforeItComes(final int bytes) throws PosixException {
        final MemoryRegion header = MemoryRegion.allocate(12);
        header.putInt(0, SET_MEM_TABLE);
        header.putInt(4, 1);
        header.putInt(8, bytes);
        try (UnixSocket socket = UnixSocket.connect(served.path)) {
            socket.send(header, 0, 12);
            assertComplaint("payload of " + Integer.toUnsignedString(bytes));
        }
    }

    @Test
    void aMessageWithDescriptorsAtEachByteIsRefusedBeforeItIsWhole() throws PosixException {
        final MemoryRegion header = MemoryRegion.allocate(12);
        header.putInt(0, SET_MEM_TABLE);
        header.putInt(4, 1);
        try (UnixSocket socket = UnixSocket.connect(served.path);
                MemoryFile file = MemoryFile.create("many", 4096)) {
            final int fd = file.fd();
            socket.send(header, 0, 1, fd, fd, fd, fd, fd);
            socket.send(header, 1, 1, fd, fd, fd, fd);
            assertComplaint("more than 8 descriptors");
        }
    }

    @Test
    void aTruncatedMessageEndsWithItsClient() throws PosixException {
        final MemoryRegion header = MemoryRegion.allocate(12);
        header.putInt(0, SET_FEATURES);
        header.putInt(4, 1);
        header.putInt(8, 8);
        try (UnixSocket socket = UnixSocket.connect(served.path)) {
            socket.send(header, 0, 7);
            socket.send(header, 7, 5);
        }
        assertComplaint("hung up within a message");
    }

    @Test
    void aClientThatReadsNothingIsDisconnected() throws PosixException {
        final MemoryRegion header = MemoryRegion.allocate(12);
        header.putInt(0, 1);
        header.putInt(4, 1);
        try (UnixSocket socket = UnixSocket.connect(served.path)) {
            Eventually.holds("a socket full of answers", () -> {
                try {
                    while (socket.send(header, 0, 12) == 12) {
                        // more
                    }
                } catch (final PosixException e) {
                    return true;
                }
                return !served.complaints.isEmpty();
            });
            assertComplaint("does not read");
        }
    }

    @Test
    void randomBytesNeverDoMoreThanEndTheConnection() throws PosixException {
        final Random random = new Random(1);
        final MemoryRegion bytes = MemoryRegion.allocate(64);
        for (int i = 0; i < 300; i++) {
            try (UnixSocket socket = UnixSocket.connect(served.path)) {
                for (int at = 0; at < 64; at += 8) {
                    bytes.putLong(at, random.nextLong());
                }
                bytes.putInt(0, random.nextInt(42));
                bytes.putInt(4, 1);
                bytes.putInt(8, random.nextInt(53));
                socket.send(bytes, 0, 64);
            } catch (final PosixException e) {
                assertTrue(List.of("EAGAIN", "EPIPE").contains(e.errnoName()), e::toString);
            }
            Eventually.holds("an export without a client", () -> !served.server.hasClient());
        }
        served.complaints.clear();
    }

    @Test
    void manyConnectionsWaitForTheirTurn() throws PosixException {
        final List<UnixSocket> crowd = new ArrayList<>();
        try {
            int refused = 0;
            for (int i = 0; i < 10_000 && refused == 0; i++) {
                try {
                    crowd.add(UnixSocket.connect(served.path));
                } catch (final PosixException e) {
                    assertEquals("EAGAIN", e.errnoName());
                    refused++;
                }
            }
            assertEquals(1, refused, "the crowd waits in the socket, which is full one day");
        } finally {
            crowd.forEach(UnixSocket::close);
        }
    }

    // ---- features and order ----

    @Test
    void featuresThatWereNotOfferedAreRefused() throws PosixException {
        try (VhostUserSocket client = connect()) {
            client.putLong(0, (1L << 40) | (1L << 32)).send(SET_FEATURES, 8);
            assertComplaint("were not offered");
        }
        try (VhostUserSocket client = connect()) {
            client.putLong(0, 0).send(SET_FEATURES, 8);
            assertComplaint("cannot go together");
        }
        try (VhostUserSocket client = connect()) {
            client.putLong(0, 1L << 14).send(SET_PROTOCOL_FEATURES, 8);
            assertComplaint("were not offered");
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 128", "-1, 128", "0, 0", "0, 2048", "0, -1"})
    void queuesAndSizesThatDoNotExistAreRefused(final int queue, final int size) throws PosixException {
        try (VhostUserSocket client = connect()) {
            client.putInt(0, queue).putInt(4, size).send(SET_VRING_NUM, 8);
            assertComplaint("queue");
        }
    }

    @Test
    void aRingWithoutMemoryIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                EventFd kick = EventFd.create()) {
            client.putLong(0, 1L << 32).send(SET_FEATURES, 8);
            client.putInt(0, 0).putInt(4, 128).send(SET_VRING_NUM, 8);
            for (int i = 0; i < 40; i += 8) {
                client.putLong(i, 0);
            }
            client.send(SET_VRING_ADDR, 40);
            client.putLong(0, 0).send(SET_VRING_KICK, 8, kick.fd());
            assertComplaint("queue 0: descriptor table");
        }
    }

    @Test
    void aQueueThatIsEnabledTooEarlyWaitsForItsDescription() throws PosixException {
        try (VhostUserSocket client = connect()) {
            client.putInt(0, 0).putInt(4, 1).send(SET_VRING_ENABLE, 8);
            client.ask(GET_QUEUE_NUM, 0);
            assertEquals(4, client.getLong(0));
        }
    }

    // ---- descriptors and memory ----

    private static VhostUserSocket region(
            final VhostUserSocket client, final int at, final long guest, final long bytes, final long offset) {
        return client.putLong(at, guest)
                .putLong(at + 8, bytes)
                .putLong(at + 16, 0x1000_0000_0000L + guest)
                .putLong(at + 24, offset);
    }

    @Test
    void memoryThatOverlapsIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("guest", 1 << 20)) {
            client.putLong(0, 2);
            region(client, 8, 0, 8192, 0);
            region(client, 40, 4096, 8192, 0);
            client.send(SET_MEM_TABLE, 72, file.fd(), file.fd());
            assertComplaint("overlaps");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1048576, 4096",
        "0, 4096, -4096",
        "0, -1, 0",
        "0, 0, 0",
        "-4096, 4096, 0",
        "9223372036854771712, 4096, 0"
    })
    void memoryOutsideItsFileOrOfNoSenseIsRefused(final long guest, final long bytes, final long offset)
            throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("guest", 1 << 20)) {
            client.putLong(0, 1);
            region(client, 8, guest, bytes, offset).send(SET_MEM_TABLE, 40, file.fd());
            assertComplaint("memory");
        }
    }

    @Test
    void aTableThatDoesNotFitItsMessageIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("guest", 1 << 20)) {
            client.putLong(0, 3);
            region(client, 8, 0, 4096, 0).send(SET_MEM_TABLE, 40, file.fd());
            assertComplaint("a memory table of 3 regions");
        }
        try (VhostUserSocket client = connect()) {
            client.putLong(0, -1);
            client.send(SET_MEM_TABLE, 40);
            assertComplaint("a memory table of 4294967295 regions");
        }
    }

    @Test
    void aDescriptorThatIsNoMemoryFileIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                EventFd event = EventFd.create()) {
            client.putLong(0, 1);
            region(client, 8, 0, 4096, 0).send(SET_MEM_TABLE, 40, event.fd());
            assertComplaint("no file that memory can lie in");
        }
        try (VhostUserSocket client = connect();
                PosixFile device = PosixFile.open("/dev/zero", OpenFlag.READ_WRITE)) {
            client.putLong(0, ALL_PROTOCOL_FEATURES).send(SET_PROTOCOL_FEATURES, 8);
            client.putLong(0, 0);
            region(client, 8, 0, 4096, 0).send(ADD_MEM_REG, 40, device.fd());
            assertComplaint("no file that memory can lie in");
        }
    }

    @Test
    void aKickThatIsAFileIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("kick", 4096)) {
            client.putLong(0, 0).send(SET_VRING_KICK, 8, file.fd());
            assertComplaint("event descriptor");
        }
    }

    @Test
    void memoryThatCouldBeCutOffIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile memory = MemoryFile.createUnsealable("guest", 4096)) {
            client.putLong(0, 1);
            region(client, 8, 0, 4096, 0).send(SET_MEM_TABLE, 40, memory.fd());
            assertComplaint("memory that can be cut off while it is in use");
        }
    }

    @Test
    void moreDescriptorsThanAMessageHasAreRefusedAndClosed() throws PosixException {
        try (VhostUserSocket client = connect();
                EventFd event = EventFd.create()) {
            final int[] many = new int[200];
            Arrays.fill(many, event.fd());
            client.putLong(0, 0).send(SET_VRING_KICK, 8, many);
            assertComplaint("more than 8 descriptors");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 8", "0, -1", "257, 0", "0, 300"})
    void configurationBytesOutsideAreRefused(final int offset, final int bytes) throws PosixException {
        try (VhostUserSocket client = connect()) {
            client.putLong(0, ALL_PROTOCOL_FEATURES).send(SET_PROTOCOL_FEATURES, 8);
            client.putInt(0, offset).putInt(4, bytes).send(GET_CONFIG, 20);
            assertComplaint("configuration bytes");
        }
    }

    @Test
    void anInflightRegionThatIsTooSmallIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("inflight", 4096)) {
            client.putLong(0, ALL_PROTOCOL_FEATURES).send(SET_PROTOCOL_FEATURES, 8);
            client.putLong(0, 4096).putLong(8, 0).putInt(16, 4 | (1024 << 16)).send(SET_INFLIGHT_FD, 20, file.fd());
            assertComplaint("in-flight region of 4096 bytes");
        }
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("inflight", 4096)) {
            client.putLong(0, ALL_PROTOCOL_FEATURES).send(SET_PROTOCOL_FEATURES, 8);
            client.putLong(0, 1 << 20)
                    .putLong(8, 0)
                    .putInt(16, 4 | (1024 << 16))
                    .send(SET_INFLIGHT_FD, 20, file.fd());
            assertComplaint("outside its file");
        }
    }

    @Test
    void aLogOfNoSenseIsRefused() throws PosixException {
        try (VhostUserSocket client = connect();
                MemoryFile file = MemoryFile.create("log", 4096)) {
            client.putLong(0, ALL_PROTOCOL_FEATURES).send(SET_PROTOCOL_FEATURES, 8);
            client.putLong(0, 4096).putLong(8, 3).send(SET_LOG_BASE, 16, file.fd());
            assertComplaint("dirty log");
        }
    }

    @Test
    void othersNoticeNothing() throws BlockException, IOException {
        try (VhostServed other = VhostServed.withQueues();
                VhostUserGuest guest =
                        VhostUserGuest.start(other.path, VhostUserContract.OPTIONS, VhostUserContract.pause())) {
            for (int i = 0; i < 20; i++) {
                try (VhostUserSocket client = connect()) {
                    client.send(60, 0);
                    assertComplaint("unknown message 60");
                }
                assertEquals(BlkStatus.OK, guest.disk().write(0, new byte[4096]));
            }
        }
    }
}
