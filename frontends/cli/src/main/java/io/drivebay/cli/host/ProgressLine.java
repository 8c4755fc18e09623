package io.drivebay.cli.host;

import java.io.PrintWriter;

/** One line that is written over and over. Does nothing when nobody looks. */
public final class ProgressLine {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean shown;
    private boolean dirty;

    /** A line on a writer; {@code shown} false for none. */
    public ProgressLine(final PrintWriter err, final boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    /** Puts a text in the place of the present one. */
    public void show(final String text) {
        if (shown) {
            err.print(CLEAR_LINE + text);
            err.flush();
            dirty = true;
        }
    }

    /** Takes the line away. */
    public void clear() {
        if (dirty) {
            err.print(CLEAR_LINE);
            err.flush();
            dirty = false;
        }
    }
}
