package io.drivebay.virtio.blk;

/** Values of a request header's type field (virtio 1.3, 5.2.6). */
final class RequestType {
    static final int IN = 0;
    static final int OUT = 1;
    static final int FLUSH = 4;
    static final int GET_ID = 8;
    static final int GET_LIFETIME = 10;
    static final int DISCARD = 11;
    static final int WRITE_ZEROES = 13;
    static final int SECURE_ERASE = 14;
    static final int ZONE_APPEND = 15;
    static final int ZONE_REPORT = 16;
    static final int ZONE_OPEN = 18;
    static final int ZONE_CLOSE = 20;
    static final int ZONE_FINISH = 22;
    static final int ZONE_RESET = 24;
    static final int ZONE_RESET_ALL = 26;

    private RequestType() {}

    /** True for requests that carry data from the driver to the device. */
    static boolean takesData(final int type) {
        return switch (type) {
            case OUT, DISCARD, WRITE_ZEROES, SECURE_ERASE, ZONE_APPEND -> true;
            default -> false;
        };
    }

    /** True for requests that carry data from the device to the driver, and nothing the other way. */
    static boolean givesData(final int type) {
        return switch (type) {
            case IN, GET_ID, GET_LIFETIME, ZONE_REPORT -> true;
            default -> false;
        };
    }

    /** True for requests whose data is a list of ranges. */
    static boolean hasRanges(final int type) {
        return type == DISCARD || type == WRITE_ZEROES || type == SECURE_ERASE;
    }
}
