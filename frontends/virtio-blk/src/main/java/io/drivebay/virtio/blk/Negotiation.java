package io.drivebay.virtio.blk;

import io.drivebay.virtio.VirtioFeatures;

/** Which features a device offers, and what a driver has made of the offer. */
final class Negotiation {
    private final long offered;
    private volatile long accepted;

    Negotiation(final BlkOptions options, final boolean readOnly, final DiskShape shape) {
        offered = offer(options, readOnly, shape);
    }

    /** A feature whose dependency is withheld is not offered either (virtio 1.2, 2.2.2 and 5.2.5.2). */
    private static long offer(final BlkOptions options, final boolean readOnly, final DiskShape shape) {
        long features = VirtioFeatures.VERSION_1
                | VirtioFeatures.INDIRECT_DESC
                | VirtioFeatures.EVENT_IDX
                | VirtioFeatures.RING_PACKED
                | VirtioFeatures.IN_ORDER
                | VirtioFeatures.NOTIFICATION_DATA
                | VirtioFeatures.RING_RESET
                | BlkFeatures.SIZE_MAX
                | BlkFeatures.SEG_MAX
                | BlkFeatures.GEOMETRY
                | BlkFeatures.BLK_SIZE
                | BlkFeatures.TOPOLOGY
                | BlkFeatures.FLUSH
                | BlkFeatures.CONFIG_WCE;
        if (readOnly) {
            features |= BlkFeatures.RO;
        } else if (shape.zones() == null) {
            features |= BlkFeatures.DISCARD | BlkFeatures.WRITE_ZEROES;
        }
        if (options.queues() > 1) {
            features |= BlkFeatures.MQ;
        }
        if (shape.secureErase() && !readOnly) {
            features |= BlkFeatures.SECURE_ERASE;
        }
        if (shape.zones() != null) {
            features |= BlkFeatures.ZONED;
        }
        if (shape.lifetime() != null) {
            features |= BlkFeatures.LIFETIME;
        }
        features &= ~(options.withheldFeatures() & ~(VirtioFeatures.VERSION_1 | BlkFeatures.RO));
        if ((features & BlkFeatures.FLUSH) == 0) {
            features &= ~BlkFeatures.CONFIG_WCE;
        }
        return features;
    }

    long offered() {
        return offered;
    }

    /**
     * Takes the driver's choice if it is part of the offer and has what this device cannot do without: for a host-managed
     * zoned medium, zones (virtio 1.3, 5.2.5.2). Legacy drivers know of none, and cannot be refused.
     */
    boolean accept(final long features) {
        final long necessary = (features & VirtioFeatures.VERSION_1) == 0 ? 0 : offered & BlkFeatures.ZONED;
        if ((features & ~offered) != 0 || (features & necessary) != necessary) {
            return false;
        }
        accepted = features;
        return true;
    }

    void reset() {
        accepted = 0;
    }

    /** What the driver has accepted; nothing before it has. */
    long accepted() {
        return accepted;
    }

    boolean has(final long feature) {
        return (accepted & feature) != 0;
    }
}
