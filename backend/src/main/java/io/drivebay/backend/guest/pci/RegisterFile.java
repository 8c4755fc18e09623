package io.drivebay.backend.guest.pci;

/**
 * Bytes of registers and the mask of what may be written: a configuration space, a table of vectors. Little-endian, any
 * width from 1 to 8 at any offset; what lies outside reads as 0 and ignores writes. One thread at a time.
 */
public final class RegisterFile {
    private final byte[] initial;
    private final byte[] bytes;
    private final byte[] writable;

    /** Zeros that may not be written. */
    public RegisterFile(final int size) {
        initial = new byte[size];
        bytes = new byte[size];
        writable = new byte[size];
    }

    /** Declares a field: its value after a reset and the bits that a guest may change. */
    public RegisterFile field(final int offset, final int widthBytes, final long value, final long writableBits) {
        for (int i = 0; i < widthBytes; i++) {
            initial[offset + i] = (byte) (value >> (8 * i));
            bytes[offset + i] = initial[offset + i];
            writable[offset + i] = (byte) (writableBits >> (8 * i));
        }
        return this;
    }

    /** Everything as it was declared. */
    public void reset() {
        System.arraycopy(initial, 0, bytes, 0, bytes.length);
    }

    /** Reads, zero-extended. */
    public long read(final int offset, final int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            if (holds(offset + i)) {
                value |= (bytes[offset + i] & 0xffL) << (8 * i);
            }
        }
        return value;
    }

    /** The guest's write: changes what may be changed. */
    public void write(final int offset, final int widthBytes, final long value) {
        for (int i = 0; i < widthBytes; i++) {
            final int at = offset + i;
            if (holds(at)) {
                bytes[at] = (byte) ((bytes[at] & ~writable[at]) | ((value >> (8 * i)) & writable[at]));
            }
        }
    }

    /** The model's own write: changes everything. */
    public void set(final int offset, final int widthBytes, final long value) {
        for (int i = 0; i < widthBytes; i++) {
            bytes[offset + i] = (byte) (value >> (8 * i));
        }
    }

    private boolean holds(final int at) {
        return at >= 0 && at < bytes.length;
    }
}
