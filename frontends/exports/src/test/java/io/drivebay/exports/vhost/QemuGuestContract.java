package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.graph.BlockException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Debian's Linux in qemu-system-x86_64, with two processors and memory above 1 GiB. */
abstract class QemuGuestContract extends LinuxGuestContract {
    /** Of the 64 that /sys shows. */
    private static final int RING_PACKED = 34;

    /** Whether the guest's rings are packed ones. */
    abstract boolean packed();

    @Override
    final LinuxGuest boot(final Path scratch, final String socket) throws IOException, InterruptedException {
        return QemuGuest.boot(scratch, socket, packed());
    }

    @Test
    void itsRingsAreWhatWasAskedFor() throws IOException {
        final String features = guest().run("cat /sys/bus/virtio/devices/virtio0/features");
        assertEquals(packed() ? '1' : '0', features.charAt(RING_PACKED));
    }

    @Test
    void bothQueuesAreUsed() throws IOException, BlockException {
        assertEquals("2", guest().run("ls /sys/block/vda/mq | wc -l"));
        insert("queues", 7);
        guest().run("for cpu in 1 2; do taskset $cpu dd if=/dev/vda of=/dev/null bs=64k iflag=direct; done");
        assertEquals("2", guest().run("awk '/virtio0-req/ && $2 + $3 > 0 {used++} END {print used}' /proc/interrupts"));
    }

    /** Of the memory below 1 GiB the kernel may use less than the file takes up in its cache. */
    @Test
    void dataGoesToMemoryAboveOneGibibyte() throws IOException, BlockException {
        insert("high", 256);
        guest().run("dd if=/dev/urandom of=/tmp/noise bs=1M count=1");
        guest().run("for i in $(seq 0 15); do dd if=/tmp/noise of=/dev/vda bs=1M seek=$((16 * i)) conv=notrunc; done");
        guest().run("sync && echo 3 >/proc/sys/vm/drop_caches");
        guest().run("exec 3</dev/vda && cat /dev/vda >/dev/null");
        guest().run("[ $(awk '/^Cached|^Buffers/ {all += $2} END {print all}' /proc/meminfo) -gt 200000 ]");
        guest().run(
                        "for i in $(seq 0 15); do dd if=/dev/vda bs=1M skip=$((16 * i)) count=1 | cmp - /tmp/noise || exit; done");
        guest().run("exec 3<&-");
    }
}
