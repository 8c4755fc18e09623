package io.drivebay.exports.vhost;

import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.blk.BlkFeatures;

/** Bits that decide which messages there are (vhost-user, "Protocol features"), and which features it passes on. */
final class ProtocolFeatures {
    /** In the virtio features: protocol features exist, and rings are enabled by message. */
    static final long EXIST = 1L << 30;

    /** In the virtio features: writes to the guest's memory can be logged. */
    static final long LOG_ALL = 1L << 26;

    static final long MQ = 1;
    static final long LOG_SHMFD = 1L << 1;
    static final long REPLY_ACK = 1L << 3;
    static final long BACKEND_REQ = 1L << 5;
    static final long CONFIG = 1L << 9;
    static final long INFLIGHT_SHMFD = 1L << 12;
    static final long RESET_DEVICE = 1L << 13;
    static final long CONFIGURE_MEM_SLOTS = 1L << 15;
    static final long STATUS = 1L << 16;

    static final long OFFERED = MQ
            | LOG_SHMFD
            | REPLY_ACK
            | BACKEND_REQ
            | CONFIG
            | INFLIGHT_SHMFD
            | RESET_DEVICE
            | CONFIGURE_MEM_SLOTS
            | STATUS;

    /** The device's features that make sense over this transport; the rest is not passed on. */
    static final long OF_THE_DEVICE = VirtioFeatures.VERSION_1
            | VirtioFeatures.INDIRECT_DESC
            | VirtioFeatures.EVENT_IDX
            | VirtioFeatures.RING_PACKED
            | BlkFeatures.SEG_MAX
            | BlkFeatures.GEOMETRY
            | BlkFeatures.RO
            | BlkFeatures.BLK_SIZE
            | BlkFeatures.FLUSH
            | BlkFeatures.TOPOLOGY
            | BlkFeatures.CONFIG_WCE
            | BlkFeatures.MQ
            | BlkFeatures.DISCARD
            | BlkFeatures.WRITE_ZEROES;

    private ProtocolFeatures() {}
}
