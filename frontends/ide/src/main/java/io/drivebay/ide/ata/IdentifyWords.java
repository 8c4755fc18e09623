package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;

/** The 256 words of an IDENTIFY answer, under construction. Shared with packet drives. */
public final class IdentifyWords {
    private static final int WORDS = 256;
    private static final int INTEGRITY = 255;
    private static final int INTEGRITY_SIGNATURE = 0xa5;

    private final MemoryRegion region;

    /** Begins with zeros at the start of a region. */
    public IdentifyWords(final MemoryRegion region) {
        this.region = region;
        region.fill(0, WORDS * 2, (byte) 0);
    }

    public IdentifyWords put(final int word, final int value) {
        region.putShort(word * 2, (short) value);
        return this;
    }

    /** A number over two or more words, the lowest first. */
    public IdentifyWords putLong(final int word, final int words, final long value) {
        for (int i = 0; i < words; i++) {
            put(word + i, (int) (value >> (16 * i)));
        }
        return this;
    }

    /** Text, padded with spaces; the first character of a word is its high byte. */
    public IdentifyWords put(final int word, final int words, final String text) {
        for (int i = 0; i < words * 2; i++) {
            final char c = i < text.length() ? text.charAt(i) : ' ';
            region.putByte(word * 2 + (i ^ 1), (byte) c);
        }
        return this;
    }

    /** The integrity word, which makes all bytes add up to zero. */
    public void seal() {
        int sum = INTEGRITY_SIGNATURE;
        for (int i = 0; i < INTEGRITY * 2; i++) {
            sum += region.getByte(i);
        }
        put(INTEGRITY, (-sum & 0xff) << 8 | INTEGRITY_SIGNATURE);
    }
}
