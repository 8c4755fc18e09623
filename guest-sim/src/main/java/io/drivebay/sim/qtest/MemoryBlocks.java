package io.drivebay.sim.qtest;

import io.drivebay.sim.pc.Board;
import java.util.Arrays;
import java.util.Base64;

/**
 * The commands that move blocks of memory. What may be long is done piece by piece, one a turn, so that no length holds the
 * machine up or allocates more than a piece.
 */
final class MemoryBlocks {
    /** The most that one command moves, in bytes. */
    static final long MAX_BYTES = 256 << 20;

    /** A multiple of 3, so that pieces of base64 can be joined; as text it fits in {@link SendBuffer#ROOM} twice. */
    private static final int PIECE = 3 * 4096;

    private static final int BASE64_QUANTUM = 4;
    private static final String BAD_LENGTH = "a length is 1 to 0x10000000 bytes";

    private final Board machine;
    private final byte[] piece = new byte[PIECE];
    private final byte[] encoded = new byte[PIECE / 3 * BASE64_QUANTUM];
    private long next;
    private long left;
    private boolean begun;

    MemoryBlocks(final Board machine) {
        this.machine = machine;
    }

    private void range(final Words words) {
        next = words.number();
        left = words.number(1, MAX_BYTES, BAD_LENGTH);
        begun = false;
    }

    // ---- reading ----

    /** Takes the range of a read. */
    void beginRead(final Words words) {
        range(words);
    }

    /** Reads one piece more into the reply, as hexadecimal digits; true when it was the last. */
    boolean readHex(final Replies replies) {
        if (!begun) {
            replies.beginHex();
        }
        final int bytes = load();
        for (int i = 0; i < bytes; i++) {
            replies.putHex(piece[i]);
        }
        return endPiece(replies);
    }

    /** Reads one piece more into the reply, as base64; true when it was the last. */
    boolean readBase64(final Replies replies) {
        if (!begun) {
            replies.beginOk();
            replies.put(' ');
        }
        final int bytes = load();
        final byte[] source = bytes == PIECE ? piece : Arrays.copyOf(piece, bytes);
        final int characters = Base64.getEncoder().encode(source, encoded);
        for (int i = 0; i < characters; i++) {
            replies.put(encoded[i]);
        }
        return endPiece(replies);
    }

    private int load() {
        final int bytes = (int) Math.min(left, PIECE);
        machine.read(next, piece, 0, bytes);
        begun = true;
        advance(bytes);
        return bytes;
    }

    private boolean endPiece(final Replies replies) {
        if (left == 0) {
            replies.endLine();
        }
        return left == 0;
    }

    private void advance(final int bytes) {
        next += bytes;
        left -= bytes;
    }

    // ---- writing ----

    /** Digits that are missing at the end stand for zeros, as in QEMU. */
    void writeHex(final Words words) {
        range(words);
        if (words.good() && !words.next()) {
            words.fail("an argument is missing");
        }
        if (!words.good() || !checkHex(words)) {
            return;
        }
        final byte[] line = words.bytes();
        int digit = words.wordStart() + 2;
        while (left > 0 && digit < words.wordEnd()) {
            final int bytes = (int) Math.min(left, PIECE);
            for (int i = 0; i < bytes; i++) {
                piece[i] = digit + 2 <= words.wordEnd()
                        ? (byte) (Words.digit(line[digit]) << 4 | Words.digit(line[digit + 1]))
                        : 0;
                digit += 2;
            }
            store(bytes);
        }
        Arrays.fill(piece, (byte) 0);
    }

    private static boolean checkHex(final Words words) {
        final byte[] line = words.bytes();
        final int from = words.wordStart();
        boolean good = words.wordEnd() - from > 2 && line[from] == '0' && (line[from + 1] | 0x20) == 'x';
        for (int i = from + 2; good && i < words.wordEnd(); i++) {
            good = Words.digit(line[i]) >= 0;
        }
        if (!good) {
            words.fail("data is 0x and hexadecimal digits");
        }
        return good;
    }

    /** Writes what was given, or as much of it as the length says. */
    void writeBase64(final Words words) {
        range(words);
        if (words.good() && !words.next()) {
            words.fail("an argument is missing");
        }
        if (!words.good()) {
            return;
        }
        try {
            final byte[] data =
                    Base64.getDecoder().decode(Arrays.copyOfRange(words.bytes(), words.wordStart(), words.wordEnd()));
            machine.write(next, data, 0, (int) Math.min(left, data.length));
        } catch (final IllegalArgumentException e) {
            words.fail("data is no base64");
        }
    }

    /** Takes the range of a memory that is to be filled, and with what. */
    void beginFill(final Words words) {
        range(words);
        Arrays.fill(piece, (byte) words.number());
    }

    /** Writes one piece more of what has been begun; true when nothing is left. */
    boolean fill() {
        if (left > 0) {
            store((int) Math.min(left, PIECE));
        }
        return left == 0;
    }

    private void store(final int bytes) {
        machine.write(next, piece, 0, bytes);
        advance(bytes);
    }
}
