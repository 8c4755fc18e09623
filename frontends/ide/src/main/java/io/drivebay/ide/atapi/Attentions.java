package io.drivebay.ide.atapi;

/** Unit attentions that the guest has not seen: reset before medium before mode, each at most once. */
final class Attentions {
    private static final Sense[] ORDER = {
        Sense.RESET, Sense.MEDIUM_CHANGED, Sense.PARAMETERS_CHANGED, Sense.CAPACITY_CHANGED
    };

    private int pending;

    void add(final Sense attention) {
        pending |= bit(attention);
    }

    void clear() {
        pending = 0;
    }

    boolean isEmpty() {
        return pending == 0;
    }

    /** Takes the first; NONE when there is none. */
    Sense poll() {
        for (final Sense attention : ORDER) {
            if ((pending & bit(attention)) != 0) {
                pending &= ~bit(attention);
                return attention;
            }
        }
        return Sense.NONE;
    }

    private static int bit(final Sense attention) {
        return 1 << attention.ordinal();
    }
}
