package io.drivebay.ide.atapi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The mode pages: what they say, and which of their bits a guest may change (MMC 7). */
final class ModePages {
    static final int ALL = 0x3f;
    static final int CURRENT = 0;
    static final int CHANGEABLE = 1;
    static final int DEFAULT = 2;

    /** Read error recovery: recovery flags and retry count change. */
    private static final int[] RECOVERY = {0x01, 0x0a, 0x00, 0x05, 0, 0, 0, 0, 0, 0, 0, 0};

    private static final int[] RECOVERY_MASK = {0, 0, 0x37, 0xff, 0, 0, 0, 0, 0, 0, 0, 0};
    /** CD audio control: output ports and volumes change, though there is no audio to hear. */
    private static final int[] AUDIO = {0x0e, 0x0e, 0x04, 0, 0, 0, 0, 0x4b, 0x01, 0xff, 0x02, 0xff, 0, 0, 0, 0};

    private static final int[] AUDIO_MASK = {0, 0, 0x06, 0, 0, 0, 0, 0, 0x0f, 0xff, 0x0f, 0xff, 0, 0, 0, 0};
    private static final int[] POWER = {0x1a, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final int[] TIMEOUT = {0x1d, 0x08, 0, 0, 0, 0, 0, 0x1e, 0x00, 0x1e};
    /** Capabilities: reads CD-R and CD-RW, mode 2 forms; tray, lock, eject; 11 times DVD speed. */
    private static final int[] CAPABILITIES = {
        0x2a, 0x14, 0x3b, 0x00, 0x70, 0x60, 0x29, 0x00, 0x02, 0xc2, 0x00, 0x02, 0x02, 0x00, 0x02, 0xc2, 0x00, 0x00, 0,
        0, 0, 0
    };

    private static final int LOCKED_BYTE = 6;
    private static final int LOCKED_BIT = 0x02;

    private final int[][] defaults = {RECOVERY, AUDIO, POWER, TIMEOUT, CAPABILITIES};
    private final int[][] masks = {
        RECOVERY_MASK, AUDIO_MASK, new int[POWER.length], new int[TIMEOUT.length], new int[CAPABILITIES.length]
    };
    private final int[][] current = new int[defaults.length][];

    ModePages() {
        reset();
    }

    /** All pages have their default values; true when one had others. */
    boolean reset() {
        final boolean changed = current[0] != null && !Arrays.deepEquals(current, defaults);
        for (int i = 0; i < defaults.length; i++) {
            current[i] = defaults[i].clone();
        }
        return changed;
    }

    private int indexOf(final int page) {
        for (int i = 0; i < defaults.length; i++) {
            if (defaults[i][0] == page) {
                return i;
            }
        }
        return -1;
    }

    boolean has(final int page) {
        return page == ALL || indexOf(page) >= 0;
    }

    /** Appends a page, or all of them. */
    void write(final Reply reply, final int page, final int control, final boolean locked) {
        for (int i = 0; i < defaults.length; i++) {
            if (page == ALL || defaults[i][0] == page) {
                writeOne(reply, i, control, locked);
            }
        }
    }

    private void writeOne(final Reply reply, final int index, final int control, final boolean locked) {
        final int[] page = switch (control) {
            case CHANGEABLE -> masks[index];
            case DEFAULT -> defaults[index];
            default -> current[index];
        };
        final int at = reply.append(page.length);
        for (int i = 0; i < page.length; i++) {
            reply.put(at + i, page[i]);
        }
        reply.put(at, defaults[index][0]).put(at + 1, defaults[index][1]);
        if (defaults[index] == CAPABILITIES && control == CURRENT && locked) {
            reply.put(at + LOCKED_BYTE, page[LOCKED_BYTE] | LOCKED_BIT);
        }
    }

    /**
     * Takes the pages of a MODE SELECT from a reply's bytes [at, end): all of them or none.
     *
     * @return what is wrong with them; null when nothing is
     */
    @Nullable
    Sense select(final Reply list, final int at, final int end) {
        for (int i = at; i < end; i += 2 + list.get(i + 1)) {
            final Sense wrong = i + 2 > end ? Sense.LIST_LENGTH : check(list, i, end);
            if (wrong != null) {
                return wrong;
            }
        }
        for (int i = at; i < end; i += 2 + list.get(i + 1)) {
            final int index = indexOf(list.get(i) & ALL);
            for (int k = 2; k < current[index].length; k++) {
                current[index][k] = list.get(i + k);
            }
        }
        return null;
    }

    private @Nullable Sense check(final Reply list, final int at, final int end) {
        final int index = indexOf(list.get(at) & ALL);
        if (index < 0 || list.get(at + 1) != defaults[index][1]) {
            return Sense.INVALID_FIELD_IN_LIST;
        }
        if (at + current[index].length > end) {
            return Sense.LIST_LENGTH;
        }
        for (int k = 2; k < current[index].length; k++) {
            if (((list.get(at + k) ^ current[index][k]) & ~masks[index][k]) != 0) {
                return Sense.INVALID_FIELD_IN_LIST;
            }
        }
        return null;
    }
}
