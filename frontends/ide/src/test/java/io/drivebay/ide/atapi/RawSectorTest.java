package io.drivebay.ide.atapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Checks the codes by what defines them: remainders and syndromes, reckoned without the tables. */
final class RawSectorTest {
    private final MemoryRegion user = MemoryRegion.allocate(2048);
    private final MemoryRegion out = MemoryRegion.allocate(2352);

    private int[] sector(final long seed, final long lba) {
        final byte[] data = new byte[2048];
        new Random(seed).nextBytes(data);
        user.putBytes(0, data, 0, 2048);
        final RawSector raw = new RawSector();
        raw.build(user, 0, lba, true);
        raw.copyTo(out, 0, 0, 2352);
        final int[] bytes = new int[2352];
        for (int i = 0; i < 2352; i++) {
            bytes[i] = out.getByte(i) & 0xff;
        }
        return bytes;
    }

    /** Product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
    private static int product(final int a, final int b) {
        int result = 0;
        int left = a;
        for (int bits = b; bits != 0; bits >>= 1) {
            result ^= (bits & 1) != 0 ? left : 0;
            left = left << 1 ^ ((left & 0x80) != 0 ? 0x11d : 0);
        }
        return result;
    }

    /** The two syndromes of a vector, by Horner's rule at 1 and at 2. */
    private static int syndromes(final int[] vector) {
        int plain = 0;
        int weighted = 0;
        for (final int value : vector) {
            plain ^= value;
            weighted = product(weighted, 2) ^ value;
        }
        return plain << 8 | weighted;
    }

    @Test
    void everyColumnOfPHasNoSyndrome() {
        final int[] sector = sector(1, 4711);
        int sum = 0;
        for (int column = 0; column < 86; column++) {
            final int[] vector = new int[26];
            for (int row = 0; row < 26; row++) {
                vector[row] = sector[12 + column + 86 * row];
            }
            sum |= syndromes(vector);
        }
        assertEquals(0, sum);
    }

    @Test
    void everyDiagonalOfQHasNoSyndrome() {
        final int[] sector = sector(2, 123);
        int sum = 0;
        for (int diagonal = 0; diagonal < 52; diagonal++) {
            final int[] vector = new int[45];
            for (int i = 0; i < 43; i++) {
                final int word = (44 * i + 43 * (diagonal / 2)) % 1118;
                vector[i] = sector[12 + 2 * word + diagonal % 2];
            }
            vector[43] = sector[2248 + diagonal];
            vector[44] = sector[2248 + 52 + diagonal];
            sum |= syndromes(vector);
        }
        assertEquals(0, sum);
    }

    @Test
    void theDetectionCodeIsTheRemainderOfItsPolynomial() {
        final int[] sector = sector(3, 0);
        long register = 0;
        for (int i = 0; i < 2068; i++) {
            for (int bit = 0; bit < 8; bit++) {
                register = register << 1 | (sector[i] >> bit & 1);
                register ^= (register >> 32 & 1) != 0 ? 0x1_8001_801bL : 0;
            }
        }
        assertEquals(0, register);
    }

    @Test
    void theHeaderHasTheAddressInBcdAndTheMode() {
        final int[] sector = sector(4, 16);
        assertEquals(
                List.of(0x00, 0xff, 0xff, 0x00, 0x00, 0x02, 0x16, 0x01),
                List.of(sector[0], sector[1], sector[10], sector[11], sector[12], sector[13], sector[14], sector[15]));
    }
}
