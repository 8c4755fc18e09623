package io.drivebay.backend.request;

/** What a zone is like. */
public enum ZoneState {
    /** A conventional zone: it has no write pointer and is written anywhere. */
    CONVENTIONAL,
    EMPTY,
    /** Opened by a write; the medium may close it when it needs room for another. */
    IMPLICITLY_OPEN,
    /** Opened by a command; only a command closes it. */
    EXPLICITLY_OPEN,
    /** Neither empty nor full, and not open. */
    CLOSED,
    /** Can be read only: a fault of the medium. */
    READ_ONLY,
    FULL,
    /** Can be neither read nor written: a fault of the medium. */
    OFFLINE;

    public boolean open() {
        return this == IMPLICITLY_OPEN || this == EXPLICITLY_OPEN;
    }

    /** True for what counts against the limit of active zones. */
    public boolean active() {
        return open() || this == CLOSED;
    }
}
