package io.drivebay.posix;

import static io.drivebay.backend.graph.Permission.ALL;
import static io.drivebay.backend.graph.Permission.CONSISTENT_READ;
import static io.drivebay.backend.graph.Permission.WRITE;
import static io.drivebay.backend.graph.Permission.WRITE_UNCHANGED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.Permission;
import io.drivebay.peers.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our locks against those of the real qemu-io and qemu-img. */
@Timeout(60)
final class QemuImageLockTest {
    private static final int READ = CONSISTENT_READ.bit();
    private static final int READ_WRITE = Permission.set(CONSISTENT_READ, WRITE);
    private static final int SHARE_READERS = Permission.set(CONSISTENT_READ, WRITE_UNCHANGED);

    @TempDir
    Path folder;

    private PosixFile file;
    private ImageLock lock;

    @BeforeEach
    void makeImage() throws Exception {
        Peers.need("qemu-io");
        Peers.need("qemu-img");
        final String path = folder.resolve("image.qcow2").toString();
        assertEquals(0, run("qemu-img", "create", "-f", "qcow2", path, "1M").status());
        file = PosixFile.open(path, OpenFlag.READ_WRITE);
        lock = new ImageLock(file);
    }

    @AfterEach
    void close() {
        file.close();
    }

    private record Outcome(int status, String output) {}

    private static Outcome run(final String... command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    /** A qemu-io that has the image open; ends when its input does. */
    private Process holder(final String... options) throws IOException {
        final String[] command = new String[options.length + 4];
        command[0] = "qemu-io";
        System.arraycopy(options, 0, command, 1, options.length);
        command[options.length + 1] = "-f";
        command[options.length + 2] = "qcow2";
        command[options.length + 3] = file.path();
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final Writer input = process.outputWriter();
        input.write("read 0 512\n");
        input.flush();
        final BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("read 512/512")) {
                return process;
            }
        }
        throw new IllegalStateException("qemu-io did not open " + file);
    }

    private static void end(final Process process) throws IOException, InterruptedException {
        process.outputWriter().close();
        process.waitFor();
    }

    @Test
    void imageOpenInQemuIsRefusedAndTheMessageNamesTheProcess() throws Exception {
        final Process qemu = holder();
        final ImageLockedException e =
                assertThrows(ImageLockedException.class, () -> lock.acquire(READ_WRITE, SHARE_READERS));
        end(qemu);
        assertEquals(WRITE, e.permission());
        assertEquals(
                "Failed to get \"write\" lock on " + file.path() + ": the image is in use by pid " + qemu.pid()
                        + " (qemu-io)",
                e.getMessage());
        lock.acquire(READ_WRITE, SHARE_READERS);
    }

    @Test
    void readersOfBothSidesGoTogether() throws Exception {
        lock.acquire(READ, SHARE_READERS);
        final Process qemu = holder("-r");
        lock.acquire(READ, SHARE_READERS);
        end(qemu);
    }

    @Test
    void qemuRefusesToWriteWhatWeWrite() throws Exception {
        lock.acquire(READ_WRITE, SHARE_READERS);
        final Outcome outcome = run("qemu-io", "-f", "qcow2", "-c", "write 0 512", file.path());
        assertEquals(1, outcome.status());
        assertTrue(outcome.output().contains("Failed to get \"write\" lock"), outcome.output());
    }

    @Test
    void qemuRefusesToReadWhatWeWriteUnlessForcedToShare() throws Exception {
        lock.acquire(READ_WRITE, SHARE_READERS);
        final Outcome refused = run("qemu-img", "info", "-f", "qcow2", file.path());
        assertEquals(1, refused.status());
        assertTrue(refused.output().contains("Failed to get shared \"write\" lock"), refused.output());
        assertEquals(
                0, run("qemu-img", "info", "-U", "-f", "qcow2", file.path()).status());
    }

    @Test
    void qemuRefusesToWriteWhatWeReadButMayRead() throws Exception {
        lock.acquire(READ, SHARE_READERS);
        final Outcome refused = run("qemu-io", "-f", "qcow2", "-c", "write 0 512", file.path());
        assertEquals(1, refused.status());
        assertTrue(refused.output().contains("Failed to get \"write\" lock"), refused.output());
        assertEquals(0, run("qemu-img", "info", "-f", "qcow2", file.path()).status());
    }

    @Test
    void qemuWritesOnceWeShareWritingOrLetGo() throws Exception {
        lock.acquire(READ, ALL);
        assertEquals(
                0,
                run("qemu-io", "-f", "qcow2", "-c", "write 0 512", file.path()).status());
        lock.acquire(READ_WRITE, SHARE_READERS);
        lock.release();
        assertEquals(
                0,
                run("qemu-io", "-f", "qcow2", "-c", "write 0 512", file.path()).status());
    }
}
