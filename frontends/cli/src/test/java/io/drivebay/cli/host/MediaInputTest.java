package io.drivebay.cli.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.MediaControl.ReadOnlyMode;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.cli.ServiceProcess;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.sim.guest.IdeMachine;
import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.machine.Pause;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a host puts into a CD drive, good ones and bad ones, and what the guest sees of them. */
final class MediaInputTest {
    private static final DriveAddress CD = DriveAddress.ofDevice("cd0");
    private static final int BLOCK = AtapiDriver.BLOCK;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path folder;

    private final List<Boolean> trayMoves = new ArrayList<>();
    private Stage stage;
    private MediaControl control;
    private AtapiDriver cd;

    @BeforeEach
    void begin() throws Exception {
        stage = Stage.open(32);
        control = new MediaControl(stage.layer(), new Blockdevs(stage.layer()));
        final BlockBackend backend = stage.layer().createBackend(stage.context());
        final IdeMachine machine = new IdeMachine(Deviation.STANDARD);
        machine.plugCd(0, DriveOptions.of("cd0"), backend, TransitionTrace.NONE);
        cd = new AtapiDriver(machine.driver(0, Pause.spinning(SystemClock.INSTANCE, TIMEOUT_NS)), 0);
        change(file("good.iso", 64 * BLOCK));
        assertFalse(cd.ready());
        assertFalse(cd.ready());
        assertTrue(cd.ready());
        stage.layer().addListener((where, device, open) -> trayMoves.add(open));
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Path file(final String name, final int bytes) throws IOException {
        final byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (name.charAt(0) + i / BLOCK);
        }
        return Files.write(folder.resolve(name), content);
    }

    private void change(final Path path) throws BlockException {
        control.changeMedium(
                CD,
                Map.of("driver", "file", "filename", path.toString(), "read-only", true),
                ReadOnlyMode.RETAIN,
                false);
    }

    private BlockException refused(final Path path) {
        return assertThrows(BlockException.class, () -> change(path));
    }

    /** The guest has noticed nothing, and still has the disc that it had. */
    private void assertNothingHappened() {
        assertEquals(List.of(), trayMoves);
        assertTrue(cd.ready());
        assertEquals('g' + 3, cd.read10(3, 1, true)[0]);
    }

    @Test
    void aFileThatIsNotThereChangesNothing() {
        final BlockException refusal = refused(folder.resolve("absent.iso"));

        assertEquals(Kind.IO, refusal.kind());
        assertEquals(
                "cannot open image: statx of " + folder.resolve("absent.iso")
                        + " failed: ENOENT (no such file or directory)",
                refusal.getMessage());
        assertNothingHappened();
    }

    @Test
    void aDirectoryChangesNothing() {
        final BlockException refusal = refused(folder);

        assertEquals("driver file needs a regular file, but " + folder + " is a directory", refusal.getMessage());
        assertNothingHappened();
    }

    @Test
    void anEmptyFileIsADiscWithoutBlocks() throws Exception {
        change(Files.createFile(folder.resolve("empty.iso")));

        assertFalse(cd.ready());
        assertEquals(List.of(true, false), trayMoves);
        cd.read10(0, 1, false);
        assertFalse(cd.ok());
        assertEquals("5/21/00", cd.sense().toString());
        change(folder.resolve("good.iso"));
        assertFalse(cd.ready());
        assertEquals('g', cd.read10(0, 1, true)[0]);
    }

    @Test
    void whatIsLessThanABlockAtTheEndIsNotPartOfTheDisc() throws Exception {
        change(file("odd.iso", 5 * BLOCK + 512));

        assertFalse(cd.ready());
        assertEquals(5, cd.blocks());
        assertEquals('o' + 4, cd.read10(4, 1, false)[0]);
        cd.read10(5, 1, false);
        assertEquals("5/21/00@5", cd.sense().toString());
    }

    @Test
    void aFileLargerThanADvdIsReadToItsEnd() throws Exception {
        final Path huge = folder.resolve("huge.iso");
        final long blocks = 10L << 19;
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(blocks * BLOCK);
            sparse.seek((blocks - 1) * BLOCK);
            sparse.write('h');
        }
        change(huge);

        assertFalse(cd.ready());
        assertEquals(blocks, cd.blocks());
        assertEquals(0x0010, cd.profile());
        assertEquals('h', cd.read10(blocks - 1, 1, true)[0]);
        cd.read10(blocks, 1, true);
        assertEquals("5/21/00@" + blocks, cd.sense().toString());
    }

    /** Another process that has an image open for writing. */
    private Process serve(final Path image) throws IOException {
        return ServiceProcess.start("nbd", "--persistent", "--socket=" + folder.resolve("s"), image.toString());
    }

    @Test
    void aDiscWhoseServerDiesIsUnreadableAndCanBeChanged() throws Exception {
        final Process server = serve(file("remote.iso", 64 * BLOCK));
        try (BufferedReader said = server.inputReader()) {
            assertTrue(said.lines().anyMatch(line -> line.startsWith("serving on")), "the other process ended");
            control.changeMedium(
                    CD,
                    Map.of(
                            "driver",
                            "nbd",
                            "server.type",
                            "unix",
                            "server.path",
                            folder.resolve("s").toString(),
                            "read-only",
                            true),
                    ReadOnlyMode.RETAIN,
                    false);
            assertFalse(cd.ready());
            assertEquals('r' + 5, cd.read10(5, 1, true)[0]);
            server.destroyForcibly();
            assertTrue(server.waitFor(60, TimeUnit.SECONDS));
            cd.read10(40, 8, true);
            assertEquals("3/11/00@40", cd.sense().toString());
            assertTrue(cd.ready());
        } finally {
            server.destroyForcibly();
        }
        change(folder.resolve("good.iso"));
        assertFalse(cd.ready());
        assertEquals('g', cd.read10(0, 1, true)[0]);
    }

    @Test
    void aFileThatAnotherProcessWritesIsRefusedUntilItHasGone() throws Exception {
        final Path image = file("locked.iso", 64 * BLOCK);
        final Process writer = serve(image);
        try {
            try (BufferedReader said = writer.inputReader()) {
                assertTrue(said.lines().anyMatch(line -> line.startsWith("serving on")), "the other process ended");
                final BlockException refusal = refused(image);
                assertEquals(Kind.IN_USE, refusal.kind());
                final String expected = "Failed to get shared \"write\" lock on " + image
                        + ": the image is in use by pid " + writer.pid() + " ";
                assertTrue(String.valueOf(refusal.getMessage()).startsWith(expected), refusal::getMessage);
                assertNothingHappened();
            }
        } finally {
            writer.destroy();
            assertTrue(writer.waitFor(60, TimeUnit.SECONDS));
        }
        change(image);
        assertFalse(cd.ready());
        assertEquals('l', cd.read10(0, 1, true)[0]);
    }

    @Test
    void aFileThatIsDeletedWhileItIsReadStaysInTheDrive() throws Exception {
        cd.read10(0, 1, true);
        Files.delete(folder.resolve("good.iso"));

        assertEquals((byte) ('g' + 63), cd.read10(63, 1, false)[0]);
        assertThrows(BlockException.class, () -> change(folder.resolve("good.iso")));
        assertNothingHappened();
    }

    @Test
    void aFileThatIsCutShortWhileItIsReadEndsInZerosAndNotInTheGuestsMemory() throws Exception {
        assertEquals((byte) ('g' + 40), cd.read10(40, 1, true)[0]);
        try (FileChannel cut = FileChannel.open(folder.resolve("good.iso"), StandardOpenOption.WRITE)) {
            cut.truncate(8 * BLOCK);
        }

        assertEquals('g' + 7, cd.read10(7, 1, true)[0]);
        assertArrayEquals(new byte[BLOCK], cd.read10(40, 1, true));
        assertTrue(cd.ok());
        change(file("next.iso", 4 * BLOCK));
        assertFalse(cd.ready());
        assertArrayEquals(Arrays.copyOf(new byte[] {'n'}, 1), Arrays.copyOf(cd.read10(0, 1, true), 1));
    }
}
