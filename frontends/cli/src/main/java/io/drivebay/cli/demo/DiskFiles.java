package io.drivebay.cli.demo;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.cli.host.Stage;
import io.drivebay.sim.verify.BlockStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Makes image files and opens them, with O_DIRECT where the file system has it. */
final class DiskFiles {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path folder;
    private final Stage stage;
    private String why = "";

    DiskFiles(final Path folder, final Stage stage) {
        this.folder = folder;
        this.stage = stage;
    }

    /** An image without content. */
    Path make(final String name, final long bytes) throws IOException {
        final Path file = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
        return file;
    }

    /** An image that is stamped all over: as a medium with an id, generation 1. */
    Path make(final String name, final long bytes, final BlockStamp stamp, final long mediumId) throws IOException {
        final Path file = folder.resolve(name);
        final MemoryRegion chunk = MemoryRegion.allocate(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                final int length = (int) Math.min(CHUNK_BYTES, bytes - at);
                stamp.writeAll(chunk, length, at, 1, mediumId);
                writeFully(channel, chunk.buffer().slice(0, length), at);
            }
            channel.force(false);
        }
        return file;
    }

    private static void writeFully(final FileChannel channel, final ByteBuffer data, final long at) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data, at + data.position());
        }
    }

    /** Opens an image as a block device, past the page cache if possible. */
    BlockNode open(final Path file) throws IOException, BlockException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such image");
        }
        try {
            return stage.add(options(file, true));
        } catch (final BlockException e) {
            why = String.valueOf(e.getMessage());
            return stage.add(options(file, false));
        }
    }

    private static Map<String, Object> options(final Path file, final boolean direct) {
        final String name = file.getFileName().toString().replaceFirst("\\..*", "");
        return Map.of(
                "driver", "file", "node-name", name, "filename", file.toString(), "cache", Map.of("direct", direct));
    }

    /** How the images are read and written; with the reason where O_DIRECT could not be had. */
    String mode() {
        return why.isEmpty() ? "O_DIRECT" : "the page cache, because O_DIRECT cannot be had: " + why;
    }
}
