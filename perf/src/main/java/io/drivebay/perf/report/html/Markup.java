package io.drivebay.perf.report.html;

import java.util.ArrayDeque;
import java.util.Deque;

/** Builds markup that is well-formed as HTML and as XML: every element is closed, every text escaped. */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values by turns. */
    Markup open(final String tag, final String... attributes) {
        start(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Closes the element that was opened last. */
    Markup close() {
        out.append("</").append(open.pop()).append('>');
        if (open.size() < 4) {
            out.append('\n');
        }
        return this;
    }

    /** An element with nothing but text in it. */
    Markup leaf(final String tag, final String text, final String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element with nothing in it, of those that HTML and SVG let end themselves. */
    Markup empty(final String tag, final String... attributes) {
        start(tag, attributes);
        out.append("/>");
        return this;
    }

    Markup text(final String text) {
        out.append(escape(text));
        return this;
    }

    /** Text that stands as it is: style sheets without markup in them. */
    Markup raw(final String text) {
        out.append(text);
        return this;
    }

    private void start(final String tag, final String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
            out.append('"');
        }
    }

    private static String escape(final String text) {
        final StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(allowed(point) ? point : '\uFFFD');
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(final int point) {
        return point == '\t'
                || point == '\n'
                || (point >= ' ' && point != 0xFFFE && point != 0xFFFF && !(point >= 0xD800 && point <= 0xDFFF));
    }

    /** What was built; everything must have been closed. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("<" + open.peek() + "> is still open");
        }
        return out.toString();
    }
}
