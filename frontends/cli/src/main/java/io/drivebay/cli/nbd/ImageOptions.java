package io.drivebay.cli.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.cli.options.KeyValues;
import io.drivebay.cli.options.SizeConverter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The image to serve, and how it is opened. */
public final class ImageOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Image to serve.")
    private @Nullable String file;

    @Option(
            names = "--image-opts",
            description = "FILE is a node's options, as --blockdev of drivebay daemon has them.")
    private boolean imageOptions;

    @Option(
            names = {"-f", "--format"},
            defaultValue = "raw",
            description = "Format driver of the image (${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = {"-o", "--offset"},
            converter = SizeConverter.class,
            defaultValue = "0",
            description = "Serve from here on; raw images only.")
    private long offset;

    @Option(
            names = {"-r", "--read-only"},
            description = "Let nobody write.")
    private boolean readOnly;

    @Option(
            names = "--cache",
            defaultValue = "writeback",
            description = "none, writeback, writethrough, directsync or unsafe (${DEFAULT-VALUE}).")
    private String cache;

    @Option(
            names = {"-n", "--nocache"},
            description = "As --cache=none.")
    private boolean noCache;

    @Option(names = "--aio", description = "threads or io_uring (what there is).")
    private @Nullable String aio;

    @Option(names = "--discard", defaultValue = "unmap", description = "ignore or unmap (${DEFAULT-VALUE}).")
    private String discard;

    @Option(names = "--detect-zeroes", defaultValue = "off", description = "off, on or unmap (${DEFAULT-VALUE}).")
    private String detectZeroes;

    private boolean writeThrough;

    /** Whether nobody may write. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Whether each write is to be durable at once; known once {@link #options} has been called. */
    public boolean writeThrough() {
        return writeThrough;
    }

    /**
     * Options as {@code blockdev-add} takes them.
     *
     * @throws BlockException INVALID_OPTION for an offset into a format that has none, or an unknown cache mode
     */
    public Map<String, Object> options() throws BlockException {
        final String image = file;
        if (image == null) {
            throw new ParameterException(command.commandLine(), "an image file is missing");
        }
        final Map<String, Object> options =
                new LinkedHashMap<>(imageOptions ? KeyValues.parse("--image-opts", image, "driver") : inFile(image));
        options.put("read-only", readOnly);
        options.put("discard", discard);
        options.put("detect-zeroes", detectZeroes);
        cacheMode(options, noCache ? "none" : cache);
        return options;
    }

    private Map<String, Object> inFile(final String image) throws BlockException {
        final Map<String, Object> options =
                new LinkedHashMap<>(Map.of("driver", format, "file.driver", "file", "file.filename", image));
        if (offset != 0 && !format.equals("raw")) {
            throw new BlockException(Kind.INVALID_OPTION, "option '--offset' goes with --format raw only");
        }
        if (offset != 0) {
            options.put("offset", offset);
        }
        if (aio != null) {
            options.put("file.aio", aio);
        }
        return options;
    }

    /** A child has its parent's cache options unless it says otherwise. */
    private void cacheMode(final Map<String, Object> options, final String mode) throws BlockException {
        switch (mode) {
            case "writeback" -> options.put("cache.direct", false);
            case "none" -> options.put("cache.direct", true);
            case "writethrough" -> writeThrough = true;
            case "directsync" -> {
                options.put("cache.direct", true);
                writeThrough = true;
            }
            case "unsafe" -> options.put("cache.no-flush", true);
            default ->
                throw new BlockException(
                        Kind.INVALID_OPTION,
                        "option '--cache' must be none, writeback, writethrough, directsync or unsafe, not '" + mode
                                + "'");
        }
    }
}
