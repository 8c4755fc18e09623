package io.drivebay.virtio.blk;

import io.drivebay.virtio.VirtioFeatures;

/** Which features a device offers, and what a driver has made of the offer. */
final class Negotiation {
    private final long offered;
    private volatile long accepted;

    Negotiation(final BlkOptions options, final boolean readOnly) {
        offered = offer(options, readOnly);
    }

    /** A feature whose dependency is withheld is not offered either (virtio 1.2, 2.2.2 and 5.2.5.2). */
    private static long offer(final BlkOptions options, final boolean readOnly) {
        long features = VirtioFeatures.VERSION_1
                | VirtioFeatures.INDIRECT_DESC
                | VirtioFeatures.EVENT_IDX
                | BlkFeatures.SEG_MAX
                | BlkFeatures.GEOMETRY
                | BlkFeatures.BLK_SIZE
                | BlkFeatures.TOPOLOGY
                | BlkFeatures.FLUSH
                | BlkFeatures.CONFIG_WCE;
        features |= readOnly ? BlkFeatures.RO : BlkFeatures.DISCARD | BlkFeatures.WRITE_ZEROES;
        if (options.queues() > 1) {
            features |= BlkFeatures.MQ;
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

    /** Takes the driver's choice if it is part of the offer. */
    boolean accept(final long features) {
        if ((features & ~offered) != 0) {
            return false;
        }
        accepted = features;
        return true;
    }

    void reset() {
        accepted = 0;
    }

    boolean has(final long feature) {
        return (accepted & feature) != 0;
    }
}
