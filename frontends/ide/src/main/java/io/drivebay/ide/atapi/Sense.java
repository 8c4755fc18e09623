package io.drivebay.ide.atapi;

/** Sense key, additional sense code and its qualifier, by name. */
enum Sense {
    NONE(0x0, 0x00, 0x00),
    NO_MEDIUM(0x2, 0x3a, 0x00),
    NO_MEDIUM_TRAY_CLOSED(0x2, 0x3a, 0x01),
    NO_MEDIUM_TRAY_OPEN(0x2, 0x3a, 0x02),
    REMOVAL_PREVENTED(0x2, 0x53, 0x02),
    UNRECOVERED_READ(0x3, 0x11, 0x00),
    LIST_LENGTH(0x5, 0x1a, 0x00),
    INVALID_OPCODE(0x5, 0x20, 0x00),
    ADDRESS_OUT_OF_RANGE(0x5, 0x21, 0x00),
    INVALID_FIELD(0x5, 0x24, 0x00),
    INVALID_FIELD_IN_LIST(0x5, 0x26, 0x00),
    WRONG_MEDIUM(0x5, 0x30, 0x02),
    SAVING_NOT_SUPPORTED(0x5, 0x39, 0x00),
    REMOVAL_PREVENTED_EMPTY(0x5, 0x53, 0x02),
    WRONG_MODE_FOR_TRACK(0x5, 0x64, 0x00),
    RESET(0x6, 0x29, 0x00),
    MEDIUM_CHANGED(0x6, 0x28, 0x00),
    PARAMETERS_CHANGED(0x6, 0x2a, 0x01),
    CAPACITY_CHANGED(0x6, 0x2a, 0x09);

    private final int key;
    private final int code;
    private final int qualifier;

    Sense(final int key, final int code, final int qualifier) {
        this.key = key;
        this.code = code;
        this.qualifier = qualifier;
    }

    int key() {
        return key;
    }

    int code() {
        return code;
    }

    int qualifier() {
        return qualifier;
    }

    boolean isAttention() {
        return key == 0x6;
    }
}
