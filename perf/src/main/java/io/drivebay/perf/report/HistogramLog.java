package io.drivebay.perf.report;

import io.drivebay.perf.result.IntervalSample;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes the samples of a run as an HdrHistogram log while it goes on, one tag an operation. Latencies are in
 * nanoseconds, times in seconds from the begin of the run. HdrHistogram's own tools read it.
 */
public final class HistogramLog implements AutoCloseable {
    private static final double MAX_VALUE_UNIT = 1e6;

    private final Path file;
    private final PrintStream stream;
    private final HistogramLogWriter writer;

    /** Begins a log, replacing what the file holds. */
    public HistogramLog(final Path file, final long startedAtMs) throws IOException {
        this.file = file;
        this.stream = new PrintStream(
                new BufferedOutputStream(Files.newOutputStream(file)), false, StandardCharsets.ISO_8859_1);
        this.writer = new HistogramLogWriter(stream);
        writer.outputComment("[latencies in nanoseconds, one tag per operation; maxima in milliseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(startedAtMs);
        writer.setBaseTime(startedAtMs);
        writer.outputBaseTime(startedAtMs);
        writer.outputLegend();
    }

    /** Adds a sample. */
    public void add(final IntervalSample sample) {
        final double startSeconds = sample.startNs() / (double) TimeUnit.SECONDS.toNanos(1);
        final double endSeconds = startSeconds + sample.durationNs() / (double) TimeUnit.SECONDS.toNanos(1);
        final Histogram tagged = sample.latencyNs().copy();
        tagged.setTag(sample.operation());
        writer.outputIntervalHistogram(startSeconds, endSeconds, tagged, MAX_VALUE_UNIT);
    }

    /** Ends the log; a failure to write any part of it shows here. */
    @Override
    public void close() throws IOException {
        writer.close();
        if (stream.checkError()) {
            throw new IOException(file + ": writing the histogram log failed");
        }
    }
}
