package io.drivebay.driver.protocol.nbd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fuzz target on what fuzzing has found worth keeping: every input of {@code src/test/fuzz}. */
@Timeout(60)
final class NbdFuzzCorpusTest {
    static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/NbdClientFuzz"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void aServerOfTheCorpusIsAnsweredOrLeft(final Path input) {
        assertDoesNotThrow(() -> NbdClientFuzz.fuzzerTestOneInput(Files.readAllBytes(input)));
    }
}
