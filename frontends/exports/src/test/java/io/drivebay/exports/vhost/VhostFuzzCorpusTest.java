package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the fuzz target on what fuzzing has found worth keeping: every input of {@code src/test/fuzz}. */
final class VhostFuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/fuzz/VhostUserFuzz");

    @Test
    @Timeout(60)
    void everyClientOfTheCorpusIsAnsweredOrSentAway() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            final List<Path> inputs = files.sorted().toList();
            for (final Path input : inputs) {
                final byte[] bytes = Files.readAllBytes(input);
                assertDoesNotThrow(() -> VhostUserFuzz.fuzzerTestOneInput(bytes), input::toString);
            }
        }
    }
}
