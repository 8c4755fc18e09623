package io.drivebay.exports.nbd;

import org.jspecify.annotations.Nullable;

/** What a client and the server have agreed on. */
final class Session {
    /** Bits of {@link #contexts}, and at the same time the contexts' ids on the wire. */
    static final int CONTEXT_ALLOCATION = 1;

    static final int CONTEXT_DEPTH = 2;

    /** How replies look; each one is more than the one before. */
    enum Mode {
        SIMPLE,
        STRUCTURED,
        EXTENDED
    }

    private Mode mode = Mode.SIMPLE;
    private int contexts;
    private @Nullable String contextsOf;

    Mode mode() {
        return mode;
    }

    void mode(final Mode newMode) {
        mode = newMode;
    }

    boolean structured() {
        return mode != Mode.SIMPLE;
    }

    boolean extended() {
        return mode == Mode.EXTENDED;
    }

    /** Which metadata contexts the client has chosen. */
    int contexts() {
        return contexts;
    }

    /** The client has chosen contexts of an export; replaces what it chose before. */
    void choose(final String exportName, final int chosen) {
        contextsOf = exportName;
        contexts = chosen;
    }

    /** The client enters an export: contexts chosen for another one are worth nothing. */
    void enter(final String exportName) {
        if (!exportName.equals(contextsOf)) {
            contexts = 0;
        }
    }
}
