package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.drivebay.sim.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz target on what fuzzing has found worth keeping, and on clients of chance. */
final class QtestFuzzTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CLIENTS = 100;
    private static final int LONGEST = 600;

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/QtestFuzz"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aClientOfTheCorpusIsAnswered(final Path input) {
        assertTimeoutPreemptively(LIMIT, () -> QtestFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }

    @Test
    void clientsOfChanceAreAnswered() {
        final SeededRandom random = new SeededRandom(1);
        for (int i = 0; i < CLIENTS; i++) {
            final byte[] client = new byte[3 + random.below(LONGEST)];
            for (int at = 0; at < client.length; at++) {
                client[at] = (byte) random.nextLong();
            }
            assertDoesNotThrow(() -> QtestFuzz.fuzzerTestOneInput(client));
        }
    }
}
