package io.drivebay.monitor.protocol;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into objects and arrays, wherever its pieces begin and end. What cannot be the beginning of a
 * message is refused once, and everything up to the next end of line with it; so is a message with a byte that no JSON
 * has, such as FF, by which a client can begin anew. Holds {@link #MAX_BYTES} at most.
 */
final class MessageSplitter {
    /** The longest message, in bytes. */
    static final int MAX_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 1024;

    /** Whoever takes the messages. */
    interface Receiver {
        /** A message that is balanced; whether it is JSON is another question. */
        void message(byte[] bytes, int length);

        /** Something that is no message. */
        void broken(String why);
    }

    private enum State {
        /** Between messages. */
        OUTSIDE,
        /** In an object or array. */
        NESTED,
        /** In a string. */
        STRING,
        /** After a backslash in a string. */
        ESCAPE,
        /** In something that is no message, up to the end of the line. */
        REFUSED
    }

    private State state = State.OUTSIDE;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int depth;
    private int quote;

    /** Takes the next piece of the stream. */
    void accept(final byte[] piece, final int from, final int to, final Receiver receiver) {
        for (int i = from; i < to; i++) {
            accept(piece[i], receiver);
        }
    }

    private void accept(final byte next, final Receiver receiver) {
        switch (state) {
            case OUTSIDE -> begin(next, receiver);
            case NESTED -> nested(next, receiver);
            case STRING -> string(next, receiver);
            case ESCAPE -> {
                state = State.STRING;
                keep(next, receiver);
            }
            case REFUSED -> {
                if (next == '\n') {
                    state = State.OUTSIDE;
                }
            }
        }
    }

    private void begin(final byte next, final Receiver receiver) {
        if (next == '{' || next == '[') {
            length = 0;
            depth = 0;
            state = State.NESTED;
            nested(next, receiver);
        } else if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
            refuse(next, "JSON parse error, a message begins with a brace", receiver);
        }
    }

    private void nested(final byte next, final Receiver receiver) {
        if (neverValid(next) && next != '\t' && next != '\r' && next != '\n') {
            refuse(next, "JSON parse error, a stray control character", receiver);
            return;
        }
        switch (next) {
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case '"', '\'' -> {
                quote = next;
                state = State.STRING;
            }
            default -> {}
        }
        if (depth > Json.MAX_DEPTH) {
            refuse(next, "JSON parse error, nested too deeply", receiver);
        } else if (keep(next, receiver) && depth == 0) {
            state = State.OUTSIDE;
            receiver.message(bytes, length);
            shrink();
        }
    }

    private void string(final byte next, final Receiver receiver) {
        if (neverValid(next)) {
            refuse(next, "JSON parse error, a control character in a string", receiver);
            return;
        }
        if (next == '\\') {
            state = State.ESCAPE;
        } else if (next == quote) {
            state = State.NESTED;
        }
        keep(next, receiver);
    }

    /** True for a byte that is in no string, and outside of strings only as white space. */
    private static boolean neverValid(final byte next) {
        return next == (byte) 0xff || (next >= 0 && next < ' ');
    }

    private boolean keep(final byte next, final Receiver receiver) {
        if (length == MAX_BYTES) {
            refuse(next, "JSON parse error, a message of more than " + MAX_BYTES + " bytes", receiver);
            return false;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = next;
        return true;
    }

    private void refuse(final byte last, final String why, final Receiver receiver) {
        state = last == '\n' ? State.OUTSIDE : State.REFUSED;
        shrink();
        receiver.broken(why);
    }

    private void shrink() {
        length = 0;
        if (bytes.length > FIRST_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }
}
