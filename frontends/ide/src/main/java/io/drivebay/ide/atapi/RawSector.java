package io.drivebay.ide.atapi;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * A mode 1 sector as it stands on a CD, 2352 bytes (ECMA-130 14.3).
 *
 * <pre>
 *     0  12  sync
 *    12   4  minute, second, frame (BCD), mode
 *    16 2048 user data
 *  2064   4  error detection code over bytes 0 to 2063
 *  2068   8  zero
 *  2076 172  P parity: 86 columns of 24 over bytes 12 to 2075
 *  2248 104  Q parity: 52 diagonals of 43 over bytes 12 to 2247
 * </pre>
 */
final class RawSector {
    static final int BYTES = 2352;
    static final int SYNC = 12;
    static final int HEADER = 4;
    static final int USER_AT = SYNC + HEADER;
    static final int USER = 2048;
    static final int CORRECTION = 288;

    private static final int EDC_AT = USER_AT + USER;
    private static final int P_AT = 2076;
    private static final int Q_AT = 2248;
    private static final int EDC_POLYNOMIAL = 0xd801_8001;
    private static final int FIELD_POLYNOMIAL = 0x11d;
    private static final int MODE_1 = 1;

    private static final int[] EDC = new int[256];
    /** Product with alpha in GF(2^8). */
    private static final int[] TIMES_ALPHA = new int[256];
    /** Quotient by alpha + 1. */
    private static final int[] OVER_ALPHA_PLUS_ONE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int edc = i;
            for (int bit = 0; bit < 8; bit++) {
                edc = edc >>> 1 ^ ((edc & 1) != 0 ? EDC_POLYNOMIAL : 0);
            }
            EDC[i] = edc;
            final int doubled = i << 1 ^ ((i & 0x80) != 0 ? FIELD_POLYNOMIAL : 0);
            TIMES_ALPHA[i] = doubled;
            OVER_ALPHA_PLUS_ONE[i ^ doubled] = i;
        }
    }

    private final int[] sector = new int[BYTES];

    /** Builds the sector around user data. */
    void build(final MemoryRegion source, final int at, final long lba, final boolean correction) {
        for (int i = 1; i < SYNC - 1; i++) {
            sector[i] = 0xff;
        }
        sector[SYNC] = Msf.bcd(Msf.minute(lba));
        sector[SYNC + 1] = Msf.bcd(Msf.second(lba));
        sector[SYNC + 2] = Msf.bcd(Msf.frame(lba));
        sector[SYNC + 3] = MODE_1;
        for (int i = 0; i < USER; i++) {
            sector[USER_AT + i] = source.getByte(at + i) & 0xff;
        }
        if (correction) {
            detection();
            parity(86, 24, 2, 86, P_AT);
            parity(52, 43, 86, 88, Q_AT);
        }
    }

    private void detection() {
        int edc = 0;
        for (int i = 0; i < EDC_AT; i++) {
            edc = edc >>> 8 ^ EDC[(edc ^ sector[i]) & 0xff];
        }
        for (int i = 0; i < 4; i++) {
            sector[EDC_AT + i] = edc >>> (8 * i) & 0xff;
        }
    }

    /**
     * Two parity bytes for each of a number of vectors, such that the vector's bytes add up to zero, plainly and weighted
     * by powers of alpha.
     *
     * @param majorStep how far the beginnings of every second vector are apart
     * @param minorStep how far the bytes of a vector are apart
     */
    private void parity(
            final int vectors, final int length, final int majorStep, final int minorStep, final int target) {
        final int size = vectors * length;
        for (int vector = 0; vector < vectors; vector++) {
            int at = (vector >> 1) * majorStep + (vector & 1);
            int weighted = 0;
            int sum = 0;
            for (int i = 0; i < length; i++) {
                final int value = sector[SYNC + at];
                weighted = TIMES_ALPHA[weighted ^ value];
                sum ^= value;
                at = (at + minorStep) % size;
            }
            final int first = OVER_ALPHA_PLUS_ONE[TIMES_ALPHA[weighted] ^ sum];
            sector[target + vector] = first;
            sector[target + vectors + vector] = first ^ sum;
        }
    }

    /** Copies bytes of the sector out. */
    void copyTo(final MemoryRegion target, final int targetAt, final int from, final int length) {
        for (int i = 0; i < length; i++) {
            target.putByte(targetAt + i, (byte) sector[from + i]);
        }
    }
}
