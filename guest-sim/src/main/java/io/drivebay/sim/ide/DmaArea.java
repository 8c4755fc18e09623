package io.drivebay.sim.ide;

import io.drivebay.sim.machine.PcAccess;

/**
 * Memory that a channel's driver has for DMA: a table of physical region descriptors, and behind it a buffer. One
 * descriptor never crosses 64 KiB, as the PIIX wants it.
 */
final class DmaArea {
    /** Bytes of memory that an area takes. */
    static final int BYTES = 4096 + DmaArea.BUFFER_BYTES;

    /** The longest transfer. */
    static final int BUFFER_BYTES = 1 << 20;

    private static final int TABLE_BYTES = 4096;
    private static final int ENTRY_BYTES = 8;
    private static final int LARGEST = 1 << 16;
    private static final int LAST = 0x80;

    private final PcAccess pc;
    private final long table;
    private final byte[] entry = new byte[ENTRY_BYTES];
    private int prepared = -1;

    DmaArea(final PcAccess pc, final long address) {
        if ((address & (TABLE_BYTES - 1)) != 0) {
            throw new IllegalArgumentException("address 0x" + Long.toHexString(address) + " is not that of a page");
        }
        this.pc = pc;
        this.table = address;
    }

    long table() {
        return table;
    }

    long buffer() {
        return table + TABLE_BYTES;
    }

    /** Lists the first bytes of the buffer. */
    void prepare(final int bytes) {
        if (bytes < 2 || bytes > BUFFER_BYTES) {
            throw new IllegalArgumentException("a DMA transfer of " + bytes + " bytes");
        }
        if (bytes == prepared) {
            return;
        }
        prepared = bytes;
        long at = buffer();
        int left = bytes;
        for (int i = 0; left > 0; i++) {
            final int part = (int) Math.min(left, LARGEST - (at & (LARGEST - 1)));
            left -= part;
            describe(i, at, part, left == 0);
            at += part;
        }
    }

    private void describe(final int index, final long address, final int bytes, final boolean last) {
        for (int i = 0; i < 4; i++) {
            entry[i] = (byte) (address >> (8 * i));
        }
        entry[4] = (byte) bytes;
        entry[5] = (byte) (bytes >> 8);
        entry[6] = 0;
        entry[7] = (byte) (last ? LAST : 0);
        pc.write(table + (long) index * ENTRY_BYTES, entry, 0, ENTRY_BYTES);
    }

    byte[] take(final int bytes) {
        final byte[] data = new byte[bytes];
        pc.read(buffer(), data, 0, bytes);
        return data;
    }

    void give(final byte[] data) {
        pc.write(buffer(), data, 0, data.length);
    }
}
