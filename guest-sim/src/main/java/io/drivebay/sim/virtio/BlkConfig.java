package io.drivebay.sim.virtio;

/**
 * The configuration space of a block device (virtio 1.2, section 5.2.4); fields whose feature is not offered are 0.
 *
 * @param capacitySectors in units of 512 bytes
 * @param maxDiscardSectors longest segment of a discard
 * @param maxWriteZeroesSectors longest segment of a write-zeroes
 * @param maxSecureEraseSectors longest segment of a secure erase
 * @param zoneSectors size of a zone
 * @param maxAppendSectors longest zone append
 * @param zoneModel 0 for no zones to speak of, 1 for host-managed ones, 2 for host-aware ones
 */
public record BlkConfig(
        long capacitySectors,
        int sizeMax,
        int segMax,
        int blockBytes,
        boolean writeback,
        int queues,
        int maxDiscardSectors,
        int maxDiscardSegments,
        int discardAlignmentSectors,
        int maxWriteZeroesSectors,
        int maxWriteZeroesSegments,
        boolean writeZeroesMayUnmap,
        int maxSecureEraseSectors,
        int zoneSectors,
        int maxOpenZones,
        int maxActiveZones,
        int maxAppendSectors,
        int writeGranularityBytes,
        int zoneModel) {
    private static final int SECTOR_SHIFT = 9;
    private static final int MAX_ROUNDS = 1000;

    // spotless:off
    private static final int CAPACITY               = 0;
    private static final int SIZE_MAX               = 8;
    private static final int SEG_MAX                = 12;
    private static final int BLK_SIZE               = 20;
    static final int         WRITEBACK              = 32;
    private static final int NUM_QUEUES             = 34;
    private static final int MAX_DISCARD_SECTORS    = 36;
    private static final int MAX_DISCARD_SEG        = 40;
    private static final int DISCARD_ALIGNMENT      = 44;
    private static final int MAX_WRITE_ZEROES       = 48;
    private static final int MAX_WRITE_ZEROES_SEG   = 52;
    private static final int WRITE_ZEROES_MAY_UNMAP = 56;
    private static final int MAX_SECURE_ERASE       = 60;
    private static final int ZONE_SECTORS           = 72;
    private static final int MAX_OPEN_ZONES         = 76;
    private static final int MAX_ACTIVE_ZONES       = 80;
    private static final int MAX_APPEND_SECTORS     = 84;
    private static final int WRITE_GRANULARITY      = 88;
    private static final int ZONE_MODEL             = 92;
    // spotless:on

    /** Capacity in bytes. */
    public long capacityBytes() {
        return capacitySectors << SECTOR_SHIFT;
    }

    /**
     * Reads the space until nothing has changed in between (2.5.3).
     *
     * @param features those that the fields depend on
     */
    static BlkConfig read(final VirtioTransport transport, final long features) {
        for (int i = 0; i < MAX_ROUNDS; i++) {
            final int before = transport.configGeneration();
            final BlkConfig config = readOnce(new Reader(transport, features));
            if (transport.configGeneration() == before) {
                return config;
            }
        }
        throw new DeviceViolation("the configuration changed during each of " + MAX_ROUNDS + " readings (2.5.2)");
    }

    private static BlkConfig readOnce(final Reader reader) {
        final int low = reader.always(CAPACITY);
        final int high = reader.always(CAPACITY + Integer.BYTES);
        return new BlkConfig(
                (long) high << Integer.SIZE | (low & 0xffff_ffffL),
                reader.when(VirtioFeature.BLK_SIZE_MAX, SIZE_MAX, Integer.BYTES),
                reader.when(VirtioFeature.BLK_SEG_MAX, SEG_MAX, Integer.BYTES),
                reader.when(VirtioFeature.BLK_BLK_SIZE, BLK_SIZE, Integer.BYTES),
                reader.when(VirtioFeature.BLK_CONFIG_WCE, WRITEBACK, 1) != 0,
                Math.max(1, reader.when(VirtioFeature.BLK_MQ, NUM_QUEUES, Short.BYTES)),
                reader.when(VirtioFeature.BLK_DISCARD, MAX_DISCARD_SECTORS, Integer.BYTES),
                reader.when(VirtioFeature.BLK_DISCARD, MAX_DISCARD_SEG, Integer.BYTES),
                reader.when(VirtioFeature.BLK_DISCARD, DISCARD_ALIGNMENT, Integer.BYTES),
                reader.when(VirtioFeature.BLK_WRITE_ZEROES, MAX_WRITE_ZEROES, Integer.BYTES),
                reader.when(VirtioFeature.BLK_WRITE_ZEROES, MAX_WRITE_ZEROES_SEG, Integer.BYTES),
                reader.when(VirtioFeature.BLK_WRITE_ZEROES, WRITE_ZEROES_MAY_UNMAP, 1) != 0,
                reader.when(VirtioFeature.BLK_SECURE_ERASE, MAX_SECURE_ERASE, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, ZONE_SECTORS, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, MAX_OPEN_ZONES, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, MAX_ACTIVE_ZONES, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, MAX_APPEND_SECTORS, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, WRITE_GRANULARITY, Integer.BYTES),
                reader.when(VirtioFeature.BLK_ZONED, ZONE_MODEL, 1));
    }

    private record Reader(VirtioTransport transport, long features) {
        int always(final int offset) {
            return transport.config(offset, Integer.BYTES);
        }

        int when(final VirtioFeature feature, final int offset, final int widthBytes) {
            return feature.in(features) ? transport.config(offset, widthBytes) : 0;
        }
    }
}
