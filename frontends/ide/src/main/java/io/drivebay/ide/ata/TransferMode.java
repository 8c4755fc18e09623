package io.drivebay.ide.ata;

/** The transfer modes that SET FEATURES 03 chooses, as IDENTIFY words 62, 63 and 88 show them (I10). */
public final class TransferMode {
    /** Single-word modes 0 to 2. */
    private static final int SINGLE_WORD = 0x07;

    private static final int MULTI_WORD = 0x07;
    /** Ultra modes 0 to 5. */
    private static final int ULTRA = 0x3f;

    private static final int DEFAULT_ULTRA = 5;
    private static final int MAX_PIO = 4;

    private int single;
    private int multi;
    private int ultra = 1 << DEFAULT_ULTRA;

    /** Chooses the mode that a sector count register names; false for one that there is not. */
    public boolean select(final int count) {
        final int mode = count & 0x07;
        return switch (count >> 3) {
            case 0 -> mode <= 1;
            case 1 -> mode <= MAX_PIO && choose(0, 0, 0);
            case 2 -> has(SINGLE_WORD, mode) && choose(1 << mode, 0, 0);
            case 4 -> has(MULTI_WORD, mode) && choose(0, 1 << mode, 0);
            case 8 -> has(ULTRA, mode) && choose(0, 0, 1 << mode);
            default -> false;
        };
    }

    private static boolean has(final int modes, final int mode) {
        return (modes >> mode & 1) != 0;
    }

    private boolean choose(final int newSingle, final int newMulti, final int newUltra) {
        single = newSingle;
        multi = newMulti;
        ultra = newUltra;
        return true;
    }

    /** Back to the fastest mode. */
    public void reset() {
        choose(0, 0, 1 << DEFAULT_ULTRA);
    }

    public int word62() {
        return SINGLE_WORD | single << 8;
    }

    public int word63() {
        return MULTI_WORD | multi << 8;
    }

    public int word88() {
        return ULTRA | ultra << 8;
    }
}
