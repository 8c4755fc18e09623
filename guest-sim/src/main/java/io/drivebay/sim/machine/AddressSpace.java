package io.drivebay.sim.machine;

/**
 * Memory or ports by address, as accesses of 1, 2, 4 or 8 bytes meet them: the seam between guest programs and what
 * stands behind. Any thread; no access throws.
 */
public interface AddressSpace {
    /** Nobody: reads return all ones and writes go nowhere. */
    AddressSpace NOBODY = new AddressSpace() {
        @Override
        public long read(final long address, final int widthBytes) {
            return allOnes(widthBytes);
        }

        @Override
        public void write(final long address, final int widthBytes, final long value) {}
    };

    /** Reads 1, 2, 4 or 8 bytes, zero-extended; all ones where nobody answers. */
    long read(long address, int widthBytes);

    /** Writes 1, 2, 4 or 8 bytes. */
    void write(long address, int widthBytes, long value);

    /** What a bus reads when nobody answers. */
    static long allOnes(final int widthBytes) {
        return -1L >>> (Long.SIZE - Byte.SIZE * widthBytes);
    }
}
