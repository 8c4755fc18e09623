package io.drivebay.sim.ide;

/**
 * Sense data (SPC-3 4.5.3).
 *
 * @param key sense key
 * @param code additional sense code
 * @param qualifier its qualifier
 * @param information the block that it is about; -1 for none
 */
public record Sense(int key, int code, int qualifier, long information) {
    private static final int FIXED = 0x70;
    private static final int VALID = 0x80;

    static Sense of(final byte[] data) {
        if (data.length < 14 || (data[0] & 0x7f) != FIXED) {
            throw new IdeViolation(
                    "REQUEST SENSE returned " + data.length + " bytes that are no fixed-format sense data");
        }
        long block = 0;
        for (int i = 3; i < 7; i++) {
            block = block << 8 | (data[i] & 0xff);
        }
        return new Sense(data[2] & 0x0f, data[12] & 0xff, data[13] & 0xff, (data[0] & VALID) != 0 ? block : -1);
    }

    /** Key, code and qualifier in hexadecimal: {@code 6/28/00}; with a block: {@code 3/11/00@17}. */
    @Override
    public String toString() {
        final String text = String.format("%x/%02x/%02x", key, code, qualifier);
        return information > 0 ? text + "@" + information : text;
    }
}
