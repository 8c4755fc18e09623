package io.drivebay.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that goes away with all that is in it, also when the program is interrupted. */
final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread atExit;

    private TemporaryFolder(final Path path) {
        this.path = path;
        this.atExit = new Thread(this::remove, "drivebay-remove-folder");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Makes one in another folder. */
    static TemporaryFolder in(final Path parent) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(parent, "drivebay-demo"));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void remove() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            final List<Path> deepestFirst =
                    all.sorted(Comparator.reverseOrder()).toList();
            for (final Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
