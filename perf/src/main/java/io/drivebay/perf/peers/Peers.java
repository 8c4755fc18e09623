package io.drivebay.perf.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that Drivebay is compared with. */
final class Peers {
    private static final Pattern QEMU_TIME = Pattern.compile("Run completed in ([0-9.]+) seconds");

    private final int seconds;

    Peers(final int seconds) {
        this.seconds = seconds;
    }

    /** Requests a second that {@code qemu-img bench} does on a disk that does nothing. */
    double qemuImg(final int depth, final long expectedPerSecond) throws IOException {
        return qemuImg(depth, expectedPerSecond, "driver=null-co,size=1G,read-zeroes=off");
    }

    /** Requests a second that {@code qemu-img bench} gets from an NBD server's export d0. */
    double nbdClient(final RunningServer started, final int depth, final long expectedPerSecond) throws IOException {
        try (started) {
            return qemuImg(
                    depth, expectedPerSecond, "driver=nbd,export=d0,server.type=unix,server.path=" + started.socket());
        }
    }

    private double qemuImg(final int depth, final long expectedPerSecond, final String image) throws IOException {
        final long count = expectedPerSecond * seconds;
        final String output = Tool.run(List.of(
                "qemu-img",
                "bench",
                "-c",
                Long.toString(count),
                "-d",
                Integer.toString(depth),
                "-s",
                "4096",
                "--image-opts",
                image));
        final Matcher time = QEMU_TIME.matcher(output);
        if (!time.find()) {
            throw new IOException("qemu-img bench says no time: " + output);
        }
        return count / Double.parseDouble(time.group(1));
    }

    /** fio's report of 4 KiB random reads of a file. */
    JsonNode fio(final Path file, final String engine, final int depth, final boolean direct) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                "fio",
                "--name=peer",
                "--filename=" + file,
                "--readonly",
                "--rw=randread",
                "--bs=4k",
                "--ioengine=" + engine,
                "--iodepth=" + depth,
                "--direct=" + (direct ? 1 : 0),
                "--norandommap",
                "--randrepeat=0",
                "--ramp_time=1",
                "--time_based",
                "--runtime=" + seconds,
                "--invalidate=0",
                "--output-format=json"));
        final String output = Tool.run(command);
        final JsonNode read = new ObjectMapper()
                .readTree(output.substring(output.indexOf('{')))
                .path("jobs")
                .path(0)
                .path("read");
        if (read.isMissingNode()) {
            throw new IOException("fio reports no reads: " + output);
        }
        return read;
    }

    /** Requests a second in fio's report. */
    static double iops(final JsonNode read) {
        return read.path("iops").asDouble();
    }

    /** The median latency in fio's report, in nanoseconds. */
    static double medianNs(final JsonNode read) {
        return read.path("clat_ns").path("percentile").path("50.000000").asDouble();
    }
}
