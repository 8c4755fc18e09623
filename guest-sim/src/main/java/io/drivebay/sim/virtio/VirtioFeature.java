package io.drivebay.sim.virtio;

import java.util.Locale;

/** Feature bits that the drivers know (virtio 1.2, sections 5.2.3 and 6). */
public enum VirtioFeature {
    // spotless:off
    BLK_SIZE_MAX     (1),
    BLK_SEG_MAX      (2),
    BLK_GEOMETRY     (4),
    BLK_RO           (5),
    BLK_BLK_SIZE     (6),
    BLK_FLUSH        (9),
    BLK_TOPOLOGY     (10),
    BLK_CONFIG_WCE   (11),
    BLK_MQ           (12),
    BLK_DISCARD      (13),
    BLK_WRITE_ZEROES (14),
    BLK_LIFETIME     (15),
    BLK_SECURE_ERASE (16),
    BLK_ZONED        (17),
    INDIRECT_DESC    (28),
    EVENT_IDX        (29),
    VERSION_1        (32),
    RING_PACKED      (34),
    IN_ORDER         (35),
    NOTIFICATION_DATA(38),
    NOTIF_CONFIG_DATA(39),
    RING_RESET       (40);
    // spotless:on

    private final long bit;

    VirtioFeature(final int number) {
        this.bit = 1L << number;
    }

    public long bit() {
        return bit;
    }

    public boolean in(final long features) {
        return (features & bit) != 0;
    }

    /** A set of features. */
    public static long set(final VirtioFeature... features) {
        long bits = 0;
        for (final VirtioFeature feature : features) {
            bits |= feature.bit;
        }
        return bits;
    }

    /** The set of all features that the drivers know. */
    public static long all() {
        return set(values());
    }

    /** A set of features in words. */
    public static String describe(final long features) {
        final StringBuilder text = new StringBuilder();
        for (final VirtioFeature feature : values()) {
            if (feature.in(features)) {
                text.append(text.length() == 0 ? "" : ", ")
                        .append(feature.name().toLowerCase(Locale.ROOT));
            }
        }
        return text.toString();
    }
}
