package io.drivebay.backend.graph;

/**
 * How worn flash storage is, as an eMMC says it (JESD84-B50, EXT_CSD 267 to 269). 0 means that a value is not known.
 *
 * @param preEndOfLife reserved blocks: 1 for less than 80 % consumed, 2 for 80 %, 3 for 90 %
 * @param typeA SLC cells: 1 for up to 10 % of the lifetime used, and so on, 11 when it is exceeded
 * @param typeB MLC cells, in the same way
 */
public record MediumLifetime(int preEndOfLife, int typeA, int typeB) {
    private static final int MAX_PRE_END_OF_LIFE = 3;
    private static final int MAX_USED = 11;

    public MediumLifetime {
        if (preEndOfLife < 0 || preEndOfLife > MAX_PRE_END_OF_LIFE || !known(typeA) || !known(typeB)) {
            throw new IllegalArgumentException(
                    "preEndOfLife=" + preEndOfLife + ", typeA=" + typeA + ", typeB=" + typeB + ": a value is reserved");
        }
    }

    private static boolean known(final int used) {
        return used >= 0 && used <= MAX_USED;
    }
}
