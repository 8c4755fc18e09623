package io.drivebay.sim.workload;

import io.drivebay.sim.SeededRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long requests are: one size, or several with their shares. Sizes are in bytes, multiples of 512, at most 16 MiB.
 */
public final class BlockSizes {
    /** The longest request in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int SECTOR = 512;
    private static final int ALL = 100;

    private final String text;
    private final int[] sizes;
    /* The share of each size and of those before it, in percent. */
    private final int[] upTo;

    private BlockSizes(final String text, final int[] sizes, final int[] upTo) {
        this.text = text;
        this.sizes = sizes;
        this.upTo = upTo;
    }

    /** Requests of one size. */
    public static BlockSizes of(final int bytes) {
        return parse(Integer.toString(bytes));
    }

    /**
     * Reads {@code 4k} or {@code 4k:70,64k:30}: sizes, each with its share in percent; the shares add up to 100.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    public static BlockSizes parse(final String text) {
        final String[] parts = text.split(",", -1);
        final int[] sizes = new int[parts.length];
        final int[] upTo = new int[parts.length];
        int sum = 0;
        for (int i = 0; i < parts.length; i++) {
            final int colon = parts[i].indexOf(':');
            if (colon < 0 && parts.length > 1) {
                throw new IllegalArgumentException("block sizes '" + text + "': '" + parts[i] + "' has no share");
            }
            sizes[i] = size(text, colon < 0 ? parts[i] : parts[i].substring(0, colon));
            sum += colon < 0 ? ALL : share(text, parts[i].substring(colon + 1));
            upTo[i] = sum;
        }
        if (sum != ALL) {
            throw new IllegalArgumentException("block sizes '" + text + "': the shares add up to " + sum + ", not 100");
        }
        return new BlockSizes(text, sizes, upTo);
    }

    private static int size(final String whole, final String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        final int power = lower.endsWith("k") ? 10 : lower.endsWith("m") ? 20 : 0;
        final String digits = power == 0 ? lower : lower.substring(0, lower.length() - 1);
        final long bytes = number(whole, digits) << power;
        if (bytes <= 0 || bytes > MAX_BYTES || bytes % SECTOR != 0) {
            throw new IllegalArgumentException(
                    "block sizes '" + whole + "': '" + text + "' is no multiple of 512 up to 16m");
        }
        return (int) bytes;
    }

    private static int share(final String whole, final String text) {
        final long share = number(whole, text);
        if (share < 1 || share > ALL) {
            throw new IllegalArgumentException("block sizes '" + whole + "': '" + text + "' is no share in percent");
        }
        return (int) share;
    }

    private static long number(final String whole, final String digits) {
        if (!digits.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("block sizes '" + whole + "': '" + digits + "' is no number");
        }
        return Long.parseLong(digits);
    }

    /** A size, drawn by the shares. */
    int draw(final SeededRandom random) {
        if (sizes.length == 1) {
            return sizes[0];
        }
        final int ticket = random.below(ALL);
        int i = 0;
        while (ticket >= upTo[i]) {
            i++;
        }
        return sizes[i];
    }

    /** The longest size in bytes. */
    public int largest() {
        return Arrays.stream(sizes).max().orElseThrow();
    }

    /** The largest power of two up to 1 MiB that all sizes are multiples of: the unit to verify in. */
    public int unitBytes() {
        int bits = 1 << 20;
        for (final int size : sizes) {
            bits |= size;
        }
        return Integer.lowestOneBit(bits);
    }

    @Override
    public String toString() {
        return text;
    }
}
