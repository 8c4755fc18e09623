package io.drivebay.ide.media;

import static io.drivebay.ide.media.MediaEffect.ATTENTION_CHANGED;
import static io.drivebay.ide.media.MediaEffect.ATTENTION_RESET;
import static io.drivebay.ide.media.MediaEffect.EMPTY_CLOSE;
import static io.drivebay.ide.media.MediaEffect.EVENT_EJECT_REQUEST;
import static io.drivebay.ide.media.MediaEffect.EVENT_NEW_MEDIUM;
import static io.drivebay.ide.media.MediaEffect.EVENT_REMOVAL;
import static io.drivebay.ide.media.MediaEffect.REFUSE_LOCKED;
import static io.drivebay.ide.media.MediaEffect.TELL_HOST;
import static io.drivebay.ide.media.MediaInput.GUEST_ALLOW;
import static io.drivebay.ide.media.MediaInput.GUEST_EJECT;
import static io.drivebay.ide.media.MediaInput.GUEST_LOAD;
import static io.drivebay.ide.media.MediaInput.GUEST_PREVENT;
import static io.drivebay.ide.media.MediaInput.HOST_ASK;
import static io.drivebay.ide.media.MediaInput.HOST_CLOSE;
import static io.drivebay.ide.media.MediaInput.HOST_OPEN;
import static io.drivebay.ide.media.MediaInput.HOST_UNLOCK;
import static io.drivebay.ide.media.MediaInput.MEDIUM_IN;
import static io.drivebay.ide.media.MediaInput.MEDIUM_OUT;
import static io.drivebay.ide.media.MediaInput.RESET;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The whole behaviour of a tray (semantics 1.5, 1.6). A row holds for the states that its three columns match; exactly
 * one row holds for every state and input.
 *
 * <p>Columns: {@code o c} tray open or closed; {@code m e} medium or empty; {@code l f} locked or free; {@code *} any, and
 * in the new state: as before.
 */
final class MediaTable {
    /** A row: in such a state, upon such an input, this state and these effects. */
    record Row(MediaInput input, String in, String out, Set<MediaEffect> effects) {
        boolean matches(final MediaInput happened, final MediaState state) {
            return input == happened
                    && matches(0, state.open(), 'o', 'c')
                    && matches(1, state.medium(), 'm', 'e')
                    && matches(2, state.locked(), 'l', 'f');
        }

        private boolean matches(final int column, final boolean value, final char yes, final char no) {
            final char wanted = in.charAt(column);
            return wanted == '*' || wanted == (value ? yes : no);
        }

        MediaState next(final MediaState state) {
            return new MediaState(
                    next(0, state.open(), 'o'), next(1, state.medium(), 'm'), next(2, state.locked(), 'l'));
        }

        private boolean next(final int column, final boolean before, final char yes) {
            final char wanted = out.charAt(column);
            return wanted == '*' ? before : wanted == yes;
        }
    }

    private static final List<Row> ROWS = new ArrayList<>();

    private MediaTable() {}

    static {
        // spotless:off
        //  input          state    new      effects
        row(HOST_OPEN,     "o**",  "***");
        row(HOST_OPEN,     "cm*",  "o*f",   EVENT_REMOVAL);
        row(HOST_OPEN,     "ce*",  "o*f");
        row(HOST_CLOSE,    "c**",  "***");
        row(HOST_CLOSE,    "om*",  "c**",   ATTENTION_CHANGED, EVENT_NEW_MEDIUM);
        row(HOST_CLOSE,    "oe*",  "c**",   EMPTY_CLOSE);
        row(HOST_ASK,      "o**",  "***");
        row(HOST_ASK,      "c**",  "***",   EVENT_EJECT_REQUEST);
        row(HOST_UNLOCK,   "***",  "**f");
        row(MEDIUM_IN,     "o**",  "*m*");
        row(MEDIUM_IN,     "c**",  "*mf",   ATTENTION_CHANGED, EVENT_NEW_MEDIUM);
        row(MEDIUM_OUT,    "o**",  "*e*");
        row(MEDIUM_OUT,    "c**",  "*ef",   EVENT_REMOVAL);
        row(GUEST_EJECT,   "o**",  "***");
        row(GUEST_EJECT,   "c*l",  "***",   REFUSE_LOCKED);
        row(GUEST_EJECT,   "cmf",  "o**",   TELL_HOST, EVENT_REMOVAL);
        row(GUEST_EJECT,   "cef",  "o**",   TELL_HOST);
        row(GUEST_LOAD,    "c**",  "***");
        row(GUEST_LOAD,    "om*",  "c**",   TELL_HOST, ATTENTION_CHANGED, EVENT_NEW_MEDIUM);
        row(GUEST_LOAD,    "oe*",  "c**",   TELL_HOST, EMPTY_CLOSE);
        row(GUEST_PREVENT, "***",  "**l");
        row(GUEST_ALLOW,   "***",  "**f");
        row(RESET,         "c**",  "**f",   ATTENTION_RESET);
        row(RESET,         "om*",  "c*f",   ATTENTION_RESET, TELL_HOST, ATTENTION_CHANGED, EVENT_NEW_MEDIUM);
        row(RESET,         "oe*",  "c*f",   ATTENTION_RESET, TELL_HOST);
        // spotless:on
    }

    private static void row(final MediaInput input, final String in, final String out, final MediaEffect... effects) {
        final Set<MediaEffect> set = EnumSet.noneOf(MediaEffect.class);
        set.addAll(List.of(effects));
        ROWS.add(new Row(input, in, out, set));
    }

    static List<Row> rows() {
        return List.copyOf(ROWS);
    }

    static Row find(final MediaInput input, final MediaState state) {
        for (final Row row : ROWS) {
            if (row.matches(input, state)) {
                return row;
            }
        }
        throw new IllegalStateException("no row for " + input + " in " + state);
    }
}
