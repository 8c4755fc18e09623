package io.drivebay.driver;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.util.Random;

/** Scattered memory: segments of random lengths at random, mostly odd, places. */
public final class RandomVectors {
    private static final int MAX_SEGMENTS = 12;

    private RandomVectors() {}

    /** A list of a number of bytes, filled with random ones. */
    public static IoVector of(final Random random, final int bytes) {
        final IoVector vector = new IoVector();
        int left = bytes;
        for (int i = 1; left > 0; i++) {
            final int length = i == MAX_SEGMENTS ? left : segment(random, left);
            final int before = random.nextInt(3) == 0 ? random.nextInt(600) : 512 * random.nextInt(3);
            final byte[] content = new byte[length];
            random.nextBytes(content);
            final MemoryRegion region = MemoryRegion.allocate(before + length + 8);
            region.putBytes(before, content, 0, length);
            vector.add(region, before, length);
            left -= length;
        }
        return vector;
    }

    private static int segment(final Random random, final int left) {
        final int wanted = random.nextBoolean() ? 1 + random.nextInt(5000) : 512 * (1 + random.nextInt(16));
        return Math.min(left, wanted);
    }

    public static byte[] bytes(final IoVector vector) {
        final byte[] bytes = new byte[(int) vector.bytes()];
        int at = 0;
        for (int i = 0; i < vector.count(); i++) {
            vector.region(i).getBytes(vector.offset(i), bytes, at, vector.length(i));
            at += vector.length(i);
        }
        return bytes;
    }
}
