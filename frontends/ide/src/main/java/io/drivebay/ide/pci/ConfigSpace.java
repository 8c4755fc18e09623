package io.drivebay.ide.pci;

/** 256 bytes of configuration space and the mask of what may be written. */
final class ConfigSpace {
    private static final int BYTES = 256;

    private final int[] initial = new int[BYTES];
    private final int[] bytes = new int[BYTES];
    private final int[] writable = new int[BYTES];

    /** Declares a field: its value after a reset and the bits that a guest may change. */
    void field(final int offset, final int widthBytes, final int value, final int writableBits) {
        for (int i = 0; i < widthBytes; i++) {
            initial[offset + i] = (value >> (8 * i)) & 0xff;
            bytes[offset + i] = initial[offset + i];
            writable[offset + i] = (writableBits >> (8 * i)) & 0xff;
        }
    }

    void reset() {
        System.arraycopy(initial, 0, bytes, 0, BYTES);
    }

    int read(final int offset, final int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes && offset + i < BYTES && offset >= 0; i++) {
            value |= bytes[offset + i] << (8 * i);
        }
        return value;
    }

    void write(final int offset, final int widthBytes, final int value) {
        for (int i = 0; i < widthBytes && offset + i < BYTES && offset >= 0; i++) {
            final int at = offset + i;
            bytes[at] = (bytes[at] & ~writable[at]) | ((value >> (8 * i)) & writable[at]);
        }
    }
}
