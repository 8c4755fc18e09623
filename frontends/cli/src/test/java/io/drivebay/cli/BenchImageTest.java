package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchImageTest {
    private static final List<String> SHORT = List.of("bench", "--runtime=200ms", "--warmup=0");

    @TempDir
    private Path folder;

    private static CommandRun bench(final String... args) {
        return CommandRun.of(Stream.concat(SHORT.stream(), Arrays.stream(args)).toArray(String[]::new));
    }

    private Path image() throws IOException {
        return Files.write(folder.resolve("a.img"), new byte[1 << 20]);
    }

    private static void assertFailsWithOneLine(final CommandRun run, final String... words) {
        assertEquals(1, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        Stream.of(words).forEach(word -> assertTrue(run.err().contains(word), run.err()));
    }

    @Test
    void anImageIsReadAndNotChanged() throws IOException {
        final Path image = image();
        final byte[] before = Files.readAllBytes(image);

        final CommandRun run = bench(image.toString(), "--iodepth=8");

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(0, Arrays.compare(before, Files.readAllBytes(image)));
    }

    @Test
    void anImageThatMayBeWrittenIsVerifiedThroughAndThrough() throws IOException {
        final CommandRun run = bench(image().toString(), "--allow-writes", "--verify", "--rw=randrw", "--iodepth=8");

        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().contains("all as written"));
    }

    @Test
    void aioNioWorksEverywhere() throws IOException {
        final CommandRun run = bench(image().toString(), "--aio=nio", "--frontend=backend");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("aio=nio"));
    }

    @Test
    void aMissingImageIsNamed() {
        assertFailsWithOneLine(bench(folder.resolve("absent.img").toString()), "absent.img");
    }

    @Test
    void aFolderIsNoImage() {
        assertFailsWithOneLine(bench(folder.toString()), folder.toString(), "directory");
    }

    @Test
    void anEmptyImageHasNothingToRead() throws IOException {
        final CommandRun run =
                bench(Files.createFile(folder.resolve("empty.img")).toString());

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("the disk has no length"));
    }

    @Test
    void anUnknownAioIsAUsageError() throws IOException {
        final CommandRun run = bench(image().toString(), "--aio=native");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("'aio' must be one of io_uring, threads, nio"));
    }

    @Test
    void moreDepthThanAVirtqueueHasIsAUsageErrorThatSaysWhatToDo() throws IOException {
        final CommandRun run = bench(image().toString(), "--iodepth=2000", "--bs=512");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--frontend backend"));
    }
}
