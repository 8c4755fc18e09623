package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Linux guest whose disk's server is killed while it writes, and started again. */
@Timeout(300)
final class KilledLinuxServerTest {
    private static final int KILLS = 3;
    private static final int BLOCK = 65_536;
    private static final long SIZE = 64 << 20;
    private static final int WRITES = 12;

    /** Overwrites the disk's last block with rising versions, each flushed before the next, and says so. */
    private static final String OVERWRITE = "overwrite() { for n in $(seq 1 " + WRITES + "); do"
            + " yes round-$1-write-$n- | head -c " + BLOCK + " >/tmp/block &&"
            + " dd if=/tmp/block of=/dev/vda2 bs=" + BLOCK + " conv=fsync,notrunc &&"
            + " echo round-$1-did-$n-; done; }";

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "packed rings: {0}")
    @ValueSource(booleans = {false, true})
    void nothingIsLostAndNothingIsRepeated(final boolean packed) throws IOException, InterruptedException {
        final String socket = folder.resolve("socket").toString();
        final GuestImage image = GuestImage.create(folder.resolve("disk.img"), SIZE);
        ServerProcess server = ServerProcess.start(socket, image.path());
        try (LinuxGuest guest = QemuGuest.boot(folder, socket, packed)) {
            guest.run("printf 'n\\np\\n1\\n\\n+48M\\nn\\np\\n2\\n\\n\\nw\\n' | fdisk /dev/vda");
            guest.until("[ -b /dev/vda2 ]");
            guest.run("mkfs.ext4 -q /dev/vda1 && mount -t ext4 /dev/vda1 /mnt");
            guest.run("dd if=/dev/urandom of=/tmp/noise bs=64k count=32");
            guest.run(OVERWRITE);
            for (int round = 0; round < KILLS; round++) {
                guest.run("{ (cp /tmp/noise /mnt/noise" + round + " && sync) & }");
                final int writing = guest.begin("overwrite " + round);
                guest.await("round-" + round + "-did-" + WRITES / 2 + "-", writing);
                server.kill();
                server = ServerProcess.start(socket, image.path());
                guest.finish(writing);
                guest.run("wait");
            }
            final String sum = guest.run("sha256sum </tmp/noise").substring(0, 64);
            guest.run("umount /mnt");
            assertEquals("0", guest.run("dmesg | grep -c -i -E 'error|blk_update|hung' || true"));
            final long files = Long.parseLong(guest.run("cat /sys/block/vda/vda1/start"));
            final long block = Long.parseLong(guest.run("cat /sys/block/vda/vda2/start"));
            for (int round = 0; round < KILLS; round++) {
                assertEquals(sum, image.checkedSum(files, "/noise" + round));
            }
            final String last = "round-" + (KILLS - 1) + "-write-" + WRITES + "-\n";
            assertEquals(last.repeat(BLOCK).substring(0, BLOCK), read(image, 512 * block));
        } finally {
            server.close();
        }
    }

    private static String read(final GuestImage image, final long at) throws IOException {
        final byte[] block = new byte[BLOCK];
        try (RandomAccessFile file = new RandomAccessFile(image.path().toFile(), "r")) {
            file.seek(at);
            file.readFully(block);
        }
        return new String(block, StandardCharsets.US_ASCII);
    }
}
