package io.drivebay.virtio.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz targets on what fuzzing has found worth keeping: every input of {@code src/test/fuzz}. */
final class FuzzCorpusTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<Path> virtqueueInputs() throws IOException {
        return inputs(VirtqueueFuzz.class);
    }

    static List<Path> virtioBlkInputs() throws IOException {
        return inputs(VirtioBlkFuzz.class);
    }

    private static List<Path> inputs(final Class<?> target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz", target.getSimpleName()))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("virtqueueInputs")
    void aRingOfTheCorpusIsParsed(final Path input) {
        assertDoesNotThrow(() -> VirtqueueFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }

    @ParameterizedTest
    @MethodSource("virtioBlkInputs")
    void aGuestOfTheCorpusIsAnswered(final Path input) {
        assertTimeoutPreemptively(LIMIT, () -> VirtioBlkFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }
}
