package io.drivebay.virtio.blk;

/** Values of a request header's type field (virtio 1.2, 5.2.6). */
final class RequestType {
    static final int IN = 0;
    static final int OUT = 1;
    static final int FLUSH = 4;
    static final int GET_ID = 8;
    static final int DISCARD = 11;
    static final int WRITE_ZEROES = 13;

    private RequestType() {}

    /** True for requests that carry data from the driver to the device. */
    static boolean takesData(final int type) {
        return type == OUT || type == DISCARD || type == WRITE_ZEROES;
    }

    /** True for requests that carry data from the device to the driver. */
    static boolean givesData(final int type) {
        return type == IN || type == GET_ID;
    }
}
