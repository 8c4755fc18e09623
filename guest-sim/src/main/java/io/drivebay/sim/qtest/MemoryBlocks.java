package io.drivebay.sim.qtest;

import io.drivebay.sim.pc.Board;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/** The commands that move blocks of memory, piece by piece: no length makes them allocate more than a piece. */
final class MemoryBlocks {
    /** The most that one command moves, in bytes. */
    static final long MAX_BYTES = 256 << 20;

    /** A multiple of 3, so that pieces of base64 can be joined. */
    private static final int PIECE = 3 * 4096;

    private static final int BASE64_QUANTUM = 4;
    private static final String BAD_LENGTH = "a length is 1 to 0x10000000 bytes";

    private final Board machine;
    private final byte[] piece = new byte[PIECE];
    private final byte[] encoded = new byte[PIECE / 3 * BASE64_QUANTUM];

    MemoryBlocks(final Board machine) {
        this.machine = machine;
    }

    void read(final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long length = words.number(1, MAX_BYTES, BAD_LENGTH);
        if (!words.good()) {
            return;
        }
        replies.beginHex();
        for (long at = 0; at < length; at += PIECE) {
            final int bytes = load(address + at, length - at);
            for (int i = 0; i < bytes; i++) {
                replies.putHex(piece[i]);
            }
        }
        replies.endLine();
    }

    private int load(final long address, final long left) {
        final int bytes = (int) Math.min(left, PIECE);
        machine.read(address, piece, 0, bytes);
        return bytes;
    }

    void readBase64(final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long length = words.number(1, MAX_BYTES, BAD_LENGTH);
        if (!words.good()) {
            return;
        }
        replies.beginOk();
        replies.put(' ');
        for (long at = 0; at < length; at += PIECE) {
            final int bytes = load(address + at, length - at);
            final byte[] source = bytes == PIECE ? piece : Arrays.copyOf(piece, bytes);
            final int characters = Base64.getEncoder().encode(source, encoded);
            for (int i = 0; i < characters; i++) {
                replies.put(encoded[i]);
            }
        }
        replies.endLine();
    }

    /** Digits that are missing at the end stand for zeros, as in QEMU. */
    void write(final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long length = words.number(1, MAX_BYTES, BAD_LENGTH);
        if (words.good() && !words.next()) {
            words.fail("an argument is missing");
        }
        if (!words.good() || !checkHex(words)) {
            return;
        }
        final byte[] line = words.bytes();
        final int digits = words.wordStart() + 2;
        for (long at = 0; at < length; at += PIECE) {
            final int bytes = (int) Math.min(length - at, PIECE);
            for (int i = 0; i < bytes; i++) {
                final long digit = digits + 2 * (at + i);
                piece[i] = digit + 2 <= words.wordEnd()
                        ? (byte) (Words.digit(line[(int) digit]) << 4 | Words.digit(line[(int) digit + 1]))
                        : 0;
            }
            machine.write(address + at, piece, 0, bytes);
        }
        replies.ok();
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
    void writeBase64(final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long length = words.number(1, MAX_BYTES, BAD_LENGTH);
        if (words.good() && !words.next()) {
            words.fail("an argument is missing");
        }
        if (!words.good()) {
            return;
        }
        final byte[] data;
        try {
            data = Base64.getDecoder().decode(Arrays.copyOfRange(words.bytes(), words.wordStart(), words.wordEnd()));
        } catch (final IllegalArgumentException e) {
            words.fail("data is no base64");
            return;
        }
        machine.write(address, data, 0, (int) Math.min(length, data.length));
        replies.ok();
    }

    void fill(final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long length = words.number(1, MAX_BYTES, BAD_LENGTH);
        final long value = words.number();
        if (!words.good()) {
            return;
        }
        Arrays.fill(piece, (byte) value);
        for (long at = 0; at < length; at += PIECE) {
            machine.write(address + at, piece, 0, (int) Math.min(length - at, PIECE));
        }
        replies.ok();
    }
}
