package io.drivebay.ide.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the fuzz target on what fuzzing has found worth keeping, and on programs of chance. */
final class IdeFuzzTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PROGRAMS = 300;
    private static final int LONGEST = 1500;

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/IdeFuzz"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aGuestOfTheCorpusIsAnswered(final Path input) {
        assertTimeoutPreemptively(LIMIT, () -> IdeFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void guestsOfChanceAreAnswered(final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < PROGRAMS; i++) {
            final byte[] program = new byte[1 + random.nextInt(LONGEST)];
            random.nextBytes(program);
            assertDoesNotThrow(() -> IdeFuzz.fuzzerTestOneInput(program));
        }
    }
}
