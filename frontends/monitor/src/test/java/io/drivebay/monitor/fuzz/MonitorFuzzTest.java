package io.drivebay.monitor.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz target on what fuzzing has found worth keeping. */
final class MonitorFuzzTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/MonitorFuzz"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aClientOfTheCorpusIsAnswered(final Path input) {
        assertTimeoutPreemptively(LIMIT, () -> MonitorFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }
}
