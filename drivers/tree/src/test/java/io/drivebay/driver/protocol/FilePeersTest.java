package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import io.drivebay.driver.Tools;
import io.drivebay.peers.Peers;
import io.drivebay.posix.PortOptions.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** QEMU's tools and this driver, on the same image. */
@Timeout(120)
class FilePeersTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    Path folder;

    private Path image() throws IOException {
        return FileContract.sparse(folder, "image", SIZE);
    }

    private static Disk open(final Path image, final boolean direct) throws BlockException {
        final Disk disk = FileContract.diskOn(Engine.AUTO);
        disk.open(Map.of("driver", "file", "filename", image.toString(), "cache.direct", direct, "discard", "unmap"));
        return disk;
    }

    private static String qemuIo(final Path image, final String command, final String... flags)
            throws IOException, InterruptedException {
        final List<String> words = new ArrayList<>(List.of("qemu-io", "-f", "raw", "-c", command));
        words.addAll(List.of(flags));
        words.add(image.toString());
        final Tools.Result result = Tools.run(words.toArray(new String[0]));
        assertEquals(0, result.exitCode(), result.output());
        assertFalse(result.output().contains("verification failed"), result.output());
        return result.output();
    }

    @Test
    void qemuReadsWhatWeWrote() throws Exception {
        final Path image = image();
        try (Disk disk = open(image, true)) {
            disk.write(4096, filled(65_536, 0xab), RequestFlags.FUA);
            disk.write(100_001, filled(777, 0x5c), 0);
            disk.write(1 << 20, filled(1 << 20, 0x11), 0);
            disk.run(Operation.WRITE_ZEROES, (1 << 20) + 512, 1 << 19, RequestFlags.MAY_UNMAP);
            disk.run(Operation.FLUSH, 0, 0, 0);
        }

        assertTrue(qemuIo(image, "read -P 0xab 4096 65536").contains("read 65536/65536"));
        qemuIo(image, "read -P 0x5c 100001 777");
        qemuIo(image, "read -P 0 100778 1222");
        qemuIo(image, "read -P 0x11 1048576 512");
        qemuIo(image, "read -P 0 1049088 524288");
        qemuIo(image, "read -P 0x11 1573376 523776");
    }

    @Test
    void weReadWhatQemuWrote() throws Exception {
        final Path image = image();
        qemuIo(image, "write -P 0x77 12345 70000");

        try (Disk disk = open(image, true)) {
            final byte[] back = new byte[70_002];
            disk.read(12_344, back);

            assertEquals(0, back[0]);
            assertEquals(0x77, back[1]);
            assertEquals(0x77, back[70_000]);
            assertEquals(0, back[70_001]);
        }
    }

    @Test
    void qemuFindsNoDifferenceToTheModel() throws Exception {
        final Path image = image();
        final byte[] model = new byte[SIZE];
        final Random random = new Random(11);
        try (Disk disk = open(image, false)) {
            for (int i = 0; i < 100; i++) {
                final int offset = random.nextInt(SIZE - 50_000);
                final byte[] data = new byte[random.nextInt(50_000)];
                random.nextBytes(data);
                System.arraycopy(data, 0, model, offset, data.length);
                assertEquals(Status.OK, disk.write(offset, data, 0).status());
            }
        }
        final Path expected = Files.write(folder.resolve("expected"), model);

        final Tools.Result result =
                Tools.run("qemu-img", "compare", "-f", "raw", "-F", "raw", expected.toString(), image.toString());

        assertEquals(0, result.exitCode(), result.output());
    }

    @Test
    void qemuDoesNotOpenWhatWeWrite() throws Exception {
        final Path image = image();
        try (Disk disk = open(image, false)) {
            final Tools.Result writing = Tools.run("qemu-io", "-f", "raw", "-c", "write 0 512", image.toString());
            assertNotEquals(0, writing.exitCode());
            assertTrue(writing.output().contains("lock"), writing.output());

            qemuIo(image, "read 0 512", "-r"); // the device of these tests lets others read
            assertEquals("on", disk.told("locking"));
        }
        qemuIo(image, "write 0 512");
    }

    @Test
    void qemuDoesNotEvenReadWhatWeShareWithNobody() throws Exception {
        final Path image = image();
        try (Disk disk = FileContract.diskOn(Engine.AUTO)) {
            final BlockNode node =
                    disk.blockdevs.add(disk.context, Map.of("driver", "file", "filename", image.toString()));
            disk.insert(node, Permission.NONE);

            final Tools.Result reading = Tools.run("qemu-io", "-r", "-f", "raw", "-c", "read 0 512", image.toString());

            assertNotEquals(0, reading.exitCode());
            assertTrue(reading.output().contains("lock"), reading.output());
        }
    }

    @Test
    void weDoNotOpenWhatQemuWritesAndSayWhoDoes() throws Exception {
        final Path image = image();
        final Process qemu = holdOpen(image);
        try {
            for (final String aio : new String[] {"threads", "nio"}) {
                try (Disk disk = FileContract.diskOn(Engine.THREADS)) {
                    final Map<String, Object> options =
                            Map.of("driver", "file", "filename", image.toString(), "aio", aio);

                    final BlockException refused = assertThrows(BlockException.class, () -> disk.open(options));

                    assertEquals(BlockException.Kind.IN_USE, refused.kind());
                    final String message = String.valueOf(refused.getMessage());
                    assertTrue(message.contains(image.toString()), message);
                    assertTrue(message.contains("qemu-io") && message.contains("" + qemu.pid()), message);
                }
            }
        } finally {
            qemu.getOutputStream().close();
            qemu.waitFor();
        }
        open(image, false).close();
    }

    @Test
    void withoutLockingNobodyIsAsked() throws Exception {
        final Path image = image();
        final Process qemu = holdOpen(image);
        try (Disk disk = FileContract.diskOn(Engine.AUTO)) {
            disk.open(Map.of("driver", "file", "filename", image.toString(), "locking", "off"));
            assertEquals("off", disk.told("locking"));
        } finally {
            qemu.getOutputStream().close();
            qemu.waitFor();
        }
    }

    /** A qemu-io that has the image open for writing until its input ends. */
    private static Process holdOpen(final Path image) throws IOException {
        final Process qemu = Peers.start("qemu-io", "-f", "raw", image.toString());
        qemu.getOutputStream().write("write 0 512\n".getBytes(StandardCharsets.UTF_8));
        qemu.getOutputStream().flush();
        final BufferedReader output =
                new BufferedReader(new InputStreamReader(qemu.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("wrote 512/512")) {
                return qemu;
            }
        }
        throw new AssertionError("qemu-io could not write");
    }

    private static byte[] filled(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
