package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk over our socket, used by a Linux kernel that we did not write. The guest boots once; each test puts a disk of
 * its own into the running guest, of a size that no other has.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LinuxGuestContract {
    private static final int MIB = 1 << 20;

    private Path folder;
    private VhostServed served;
    private LinuxGuest guest;

    /** Boots a guest with the disk behind a socket. */
    abstract LinuxGuest boot(Path scratch, String socket) throws IOException, InterruptedException;

    final LinuxGuest guest() {
        return guest;
    }

    @BeforeAll
    void boot(@TempDir final Path scratch) throws IOException, InterruptedException, BlockException {
        folder = scratch;
        served = new VhostServed(options -> options.withQueues(2).withSerial("linux-1"));
        guest = boot(scratch, served.path);
    }

    @AfterAll
    void end() throws IOException, BlockException {
        if (guest != null) {
            guest.close();
        }
        if (served != null) {
            served.close();
            assertEquals(List.of(), List.copyOf(served.complaints));
        }
    }

    /** Changes the disk under the guest, and waits until the guest has seen it. */
    final GuestImage insert(final String name, final int mebibytes) throws IOException, BlockException {
        final GuestImage image = GuestImage.create(folder.resolve(name + ".img"), (long) mebibytes * MIB);
        insert(served.image(name, image.path()), (long) mebibytes * MIB);
        return image;
    }

    private void insert(final BlockNode node, final long bytes) throws IOException, BlockException {
        served.layer.changeMedium(served.server.backend(), node);
        awaitSize(bytes);
    }

    private void awaitSize(final long bytes) throws IOException {
        guest.until("[ $(cat /sys/block/vda/size) = " + bytes / 512 + " ]");
    }

    @Test
    void theDriverFindsWhatTheDeviceOffers() throws IOException {
        assertEquals("linux-1", guest.run("cat /sys/block/vda/serial"));
        assertEquals("write back", guest.run("cat /sys/block/vda/cache_type"));
        guest.run("[ $(cat /sys/block/vda/queue/discard_max_bytes) -gt 0 ]");
        guest.run("[ $(cat /sys/block/vda/queue/write_zeroes_max_bytes) -gt 0 ]");
    }

    @Test
    void aFileSystemIsMadeFilledAndReadByTheHost() throws IOException, InterruptedException, BlockException {
        final GuestImage image = insert("files", 64);
        guest.run("printf 'n\\np\\n1\\n\\n\\nw\\n' | fdisk /dev/vda");
        guest.until("[ -b /dev/vda1 ]");
        guest.run("mkfs.ext4 -q /dev/vda1 && mount -t ext4 /dev/vda1 /mnt");
        guest.run("dd if=/dev/urandom of=/mnt/noise bs=64k count=64 && sync");
        final String sum = guest.run("sha256sum </mnt/noise").substring(0, 64);
        guest.run("umount /mnt && mount -t ext4 /dev/vda1 /mnt");
        assertEquals(sum, guest.run("sha256sum </mnt/noise").substring(0, 64));
        guest.run("umount /mnt");
        final long start = Long.parseLong(guest.run("cat /sys/block/vda/vda1/start"));
        assertEquals(sum, image.checkedSum(start, "/noise"));
    }

    @Test
    void whatTheGuestDiscardsLeavesTheImage() throws IOException, InterruptedException, BlockException {
        final GuestImage image = insert("discarded", 32);
        guest.run("mkfs.ext4 -q /dev/vda && mount -t ext4 /dev/vda /mnt");
        guest.run("dd if=/dev/urandom of=/mnt/noise bs=64k count=128 && sync");
        final long filled = image.allocatedBytes();
        guest.run("rm /mnt/noise && sync && fstrim /mnt && umount /mnt");
        final long trimmed = image.allocatedBytes();
        assertTrue(trimmed <= filled - 7 * MIB, () -> filled + " bytes, then " + trimmed);
        guest.run("blkdiscard /dev/vda");
        assertEquals("0", guest.run("tr -d '\\0' </dev/vda | wc -c"));
        assertEquals(0, image.allocatedBytes());
    }

    @Test
    void vt1TheGuestSeesItsDiskGrow() throws IOException, BlockException {
        final BlockNode disk = served.memory("growing", 8 * MIB);
        insert(disk, 8 * MIB);
        served.layer.resize(disk, 12 * MIB);
        awaitSize(12 * MIB);
        guest.run("printf the-end- | dd of=/dev/vda bs=8 seek=$((12 * 1024 * 128 - 1)) conv=fsync,notrunc");
        assertEquals("the-end-", guest.run("tail -c 8 /dev/vda"));
    }

    @Test
    void vt4TheGuestSeesAnotherDisk() throws IOException, BlockException {
        insert("one", 5);
        guest.run("printf one-one-one- | dd of=/dev/vda conv=fsync,notrunc");
        insert("other", 6);
        assertEquals("0", guest.run("tr -d '\\0' </dev/vda | wc -c"));
    }
}
