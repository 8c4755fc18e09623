package io.drivebay.ide.atapi;

/** What REQUEST SENSE would say now: the last error, with the block or the field that it is about. */
final class SenseData {
    static final int BYTES = 18;

    private static final int RESPONSE = 0x70;
    private static final int VALID = 0x80;
    private static final int NO_FIELD = -1;
    private static final int ADDITIONAL_BYTES = 10;

    private Sense sense = Sense.NONE;
    private boolean hasInformation;
    private long information;
    private int field = NO_FIELD;

    Sense sense() {
        return sense;
    }

    void clear() {
        set(Sense.NONE);
    }

    void set(final Sense newSense) {
        sense = newSense;
        hasInformation = false;
        information = 0;
        field = NO_FIELD;
    }

    /** An error at a block: valid information. */
    void setAt(final Sense newSense, final long lba) {
        set(newSense);
        hasInformation = true;
        information = lba;
    }

    /** An error in a byte of the command: sense-key specific, field pointer. */
    void setField(final Sense newSense, final int byteInCommand) {
        set(newSense);
        field = byteInCommand;
    }

    /** Writes fixed-format sense data (SPC 4.5.3); QEMU's lacks all details and always claims valid information. */
    void write(final Reply reply, final boolean details) {
        reply.begin(BYTES);
        reply.put(0, RESPONSE | (hasInformation || !details ? VALID : 0));
        reply.put(2, sense.key()).put(7, ADDITIONAL_BYTES).put(12, sense.code());
        if (details) {
            reply.put32(3, (int) information).put(13, sense.qualifier());
            if (field != NO_FIELD) {
                reply.put(15, 0xc0).put16(16, field);
            }
        }
    }
}
