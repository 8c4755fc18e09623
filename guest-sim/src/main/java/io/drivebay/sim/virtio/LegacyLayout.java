package io.drivebay.sim.virtio;

import io.drivebay.sim.virtio.VirtioTransport.QueueAddresses;
import java.util.zip.CRC32;

/** What is different for drivers that use the legacy interface: queues, and a configuration without a generation. */
final class LegacyLayout {
    /** Alignment of the whole, and of the device's part. */
    static final int ALIGNMENT = 4096;

    private static final int CONFIG_BYTES = 24;

    private LegacyLayout() {}

    /** A sum of what the configuration says stands for its generation, which has no register. */
    static int configGeneration(final VirtioTransport transport) {
        final CRC32 sum = new CRC32();
        for (int i = 0; i < CONFIG_BYTES; i++) {
            sum.update(transport.config(i, 1));
        }
        return (int) sum.getValue();
    }

    private static long up(final long value) {
        return (value + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Bytes of a queue. */
    static int bytes(final int size) {
        return (int) (up(16L * size + 2L * (3 + size)) + up(2 * 3 + 8L * size));
    }

    /** A queue's parts, given where it begins: one piece of pages (virtio 1.2, 2.7.2). */
    static QueueAddresses at(final long address, final int size) {
        final long available = address + 16L * size;
        return new QueueAddresses(address, available, up(available + 2L * (3 + size)));
    }

    /** The driver's own fault: parts that are not where the interface has them. */
    static void check(final int size, final QueueAddresses addresses) {
        final long address = addresses.descriptors();
        if (address % ALIGNMENT != 0 || !at(address, size).equals(addresses)) {
            throw new IllegalArgumentException("a legacy queue is one piece of pages, not " + addresses);
        }
    }
}
