package io.drivebay.virtio.fuzz;

/** A fuzzer's input, read from the front; zeros after its end. */
final class FuzzBytes {
    private final byte[] bytes;
    private int next;

    FuzzBytes(final byte[] bytes) {
        this.bytes = bytes;
    }

    boolean exhausted() {
        return next >= bytes.length;
    }

    int u8() {
        return exhausted() ? 0 : bytes[next++] & 0xff;
    }

    int u16() {
        return u8() | u8() << 8;
    }

    int i32() {
        return u16() | u16() << 16;
    }

    long i64() {
        return Integer.toUnsignedLong(i32()) | (long) i32() << 32;
    }

    boolean flag() {
        return (u8() & 1) != 0;
    }

    /** A value of a table, or, for every fourth first byte, any. */
    long pick(final long... table) {
        final int choice = u8();
        return choice % 4 == 3 ? i64() : table[(choice / 4) % table.length];
    }
}
