package io.drivebay.cli.bench;

import io.drivebay.backend.context.IoContext;
import io.drivebay.cli.host.Frontend;
import io.drivebay.cli.options.BlockdevArgument;
import io.drivebay.cli.options.BlockdevConverter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which disk it is done to. */
final class DiskOptions {
    /** Disks whose content nobody can miss, and layers that can stand on them. */
    private static final Set<String> HARMLESS = Set.of("null-co", "memory", "raw", "throttle", "blkdebug");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "IMAGE",
            description = "A raw image file or a block device. Or give --blockdev.")
    @Nullable
    Path image;

    @Option(
            names = "--blockdev",
            paramLabel = "OPTIONS",
            converter = BlockdevConverter.class,
            description = "A block device as qemu-storage-daemon takes it, key=value,... or a JSON object; may be"
                    + " given again. The last one is the disk.")
    List<BlockdevArgument> blockdevs = List.of();

    @Option(names = "--direct", description = "Open IMAGE past the page cache, with O_DIRECT.")
    boolean direct;

    @Option(
            names = "--aio",
            paramLabel = "HOW",
            description = "How IMAGE is read and written: io_uring, threads or nio (default: the best there is).")
    @Nullable
    String aio;

    @Option(
            names = "--frontend",
            paramLabel = "NAME",
            description = {"What drives the disk: ${COMPLETION-CANDIDATES}", "(default: ${DEFAULT-VALUE})."},
            defaultValue = "virtio-blk")
    Frontend frontend;

    @Option(
            names = "--poll-max-ns",
            paramLabel = "NS",
            defaultValue = "" + IoContext.DEFAULT_POLL_NS,
            description = "How long the disk's I/O context looks for work before it sleeps, at most; 0: it sleeps at"
                    + " once (default: ${DEFAULT-VALUE}).")
    long pollMaxNs;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "A disk that another process serves there over vhost-user, such as" + " qemu-storage-daemon.")
    @Nullable
    String socket;

    @Option(
            names = "--allow-writes",
            description = "Let the disk be overwritten. Needed by everything that writes, unless the disk is nothing"
                    + " but null-co or memory.")
    boolean allowWrites;

    /**
     * The block devices to add, in order; the last one is the disk.
     *
     * @throws IllegalArgumentException when the options contradict each other
     */
    List<Map<String, Object>> devices(final boolean writes) {
        if (image == null && blockdevs.isEmpty()) {
            throw new IllegalArgumentException("give an IMAGE or a --blockdev");
        }
        if (image != null && !blockdevs.isEmpty()) {
            throw new IllegalArgumentException("IMAGE " + image + " and --blockdev exclude each other");
        }
        if (image == null && (direct || aio != null)) {
            throw new IllegalArgumentException(
                    "--direct and --aio go with IMAGE; a --blockdev has options of its own: cache.direct=on, aio=...");
        }
        if (writes && !allowWrites && !nothingToLose()) {
            throw new IllegalArgumentException("this would overwrite " + name() + "; if it may, add --allow-writes");
        }
        if (image != null) {
            return List.of(imageOptions(image, writes));
        }
        final List<Map<String, Object>> devices = new ArrayList<>();
        blockdevs.forEach(blockdev -> devices.add(blockdev.options()));
        return devices;
    }

    /**
     * Where another process serves the disk; empty when the disk is opened here.
     *
     * @throws IllegalArgumentException when the options contradict each other
     */
    String socketOrNone(final boolean writes) {
        final String path = socket;
        if (path == null) {
            return "";
        }
        if (image != null || !blockdevs.isEmpty() || direct || aio != null) {
            throw new IllegalArgumentException("--socket is the disk: give no IMAGE, --blockdev, --direct or --aio");
        }
        if (writes && !allowWrites) {
            throw new IllegalArgumentException(
                    "this would overwrite the disk behind " + path + "; if it may, add --allow-writes");
        }
        return path;
    }

    private boolean nothingToLose() {
        return image == null && blockdevs.stream().allMatch(blockdev -> HARMLESS.containsAll(blockdev.drivers()));
    }

    private Map<String, Object> imageOptions(final Path file, final boolean writes) {
        final Map<String, Object> options = new LinkedHashMap<>();
        options.put("driver", isDevice(file) ? "host_device" : "file");
        options.put("filename", file.toString());
        options.put("read-only", !writes);
        if (direct) {
            options.put("cache.direct", true);
        }
        if (aio != null) {
            options.put("aio", aio);
        }
        return options;
    }

    private static boolean isDevice(final Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    /** The disk as the command line names it. */
    String name() {
        if (socket != null) {
            return socket;
        }
        return image != null
                ? image.toString()
                : blockdevs.get(blockdevs.size() - 1).text();
    }

    /** The options in the spelling of the command line. */
    Map<String, String> describe() {
        final Map<String, String> options = new LinkedHashMap<>();
        options.put("disk", name());
        options.put("frontend", socket == null ? frontend.toString() : "vhost-user");
        if (direct) {
            options.put("direct", "true");
        }
        if (aio != null) {
            options.put("aio", aio);
        }
        options.put("poll-max-ns", Long.toString(pollMaxNs));
        return options;
    }
}
