package io.drivebay.perf.result;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** Histograms as strings: HdrHistogram's compressed V2 form in Base64, as its own tools and log files have it. */
public final class HistogramCodec {
    private HistogramCodec() {}

    /** The string of a histogram; it begins with {@code HISTF}. */
    public static String encode(final Histogram histogram) {
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int bytes = histogram.encodeIntoCompressedByteBuffer(buffer, Deflater.BEST_COMPRESSION);
        buffer.flip().limit(bytes);
        final byte[] encoded = new byte[bytes];
        buffer.get(encoded);
        return Base64.getEncoder().encodeToString(encoded);
    }

    /**
     * The histogram of a string.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Histogram decode(final String text) {
        final byte[] encoded = Base64.getDecoder().decode(text);
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 1);
        } catch (final DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("not an HdrHistogram in its compressed form", e);
        }
    }
}
