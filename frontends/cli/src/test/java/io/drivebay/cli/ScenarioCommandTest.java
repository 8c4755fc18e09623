package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class ScenarioCommandTest {
    private static final Path LIBRARY = Path.of("../../guest-sim/scenarios");
    private static final int LEAST = 60;

    @TempDir
    private Path folder;

    private Path write(final String... lines) throws IOException {
        return Files.write(folder.resolve("one.scenario"), List.of(lines));
    }

    private static List<Path> library() throws IOException {
        try (Stream<Path> files = Files.list(LIBRARY)) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyScenarioOfTheLibraryHolds() throws IOException {
        return library().stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> {
                    final CommandRun run = CommandRun.of("scenario", file.toString());
                    assertEquals(0, run.exitCode(), run.out() + run.err());
                }));
    }

    @Test
    void theLibraryIsLargeAndEveryFileNamesItsClause() throws IOException {
        assertTrue(library().size() >= LEAST);
        for (final Path file : library()) {
            assertTrue(Files.readAllLines(file).get(0).matches("# \\S.*"), file::toString);
        }
    }

    @Test
    void aFolderStandsForItsScenarios() throws IOException {
        write("cd cd0", "guest ready -> 6/29/00");

        final CommandRun run = CommandRun.of("scenario", "--seed=7", folder.toString());

        assertEquals(0, run.exitCode());
        assertTrue(run.out().endsWith("1 of 1 scenarios hold, seed 7\n"), run.out());
    }

    @Test
    void aFailedExpectationIsToldWithFileAndLineAndEndsWithOne() throws IOException {
        final Path file = write("# comment", "cd cd0", "guest ready -> ok");

        final CommandRun run = CommandRun.of("scenario", file.toString());

        assertEquals(1, run.exitCode());
        assertTrue(
                run.out().startsWith("FAILED  " + file + ":3: guest ready: expected ok, got 6/29/00 (seed 1)"),
                run.out());
    }

    @Test
    void aLineThatMakesNoSenseIsToldWithFileAndLine() throws IOException {
        final Path file = write("cd cd0", "guest dance");

        final CommandRun run = CommandRun.of("scenario", file.toString());

        assertEquals(1, run.exitCode());
        assertTrue(
                run.out().startsWith("FAILED  " + file + ":2: nothing is called 'guest dance'; there are guest ready"),
                run.out());
    }

    @Test
    void theTraceTellsWhatHostAndGuestDid() throws IOException {
        final Path file = write("medium A 1M", "cd cd0", "host change A", "guest ready -> *");

        final String out = CommandRun.of("scenario", "--trace", file.toString()).out();

        assertTrue(out.contains("event DEVICE_TRAY_MOVED cd0 closed"), out);
        assertTrue(out.contains("host  cd0 change A -> ok"), out);
        assertTrue(out.contains("guest cd0 ready -> 6/29/00"), out);
    }

    @Test
    void theVerbsAreListed() {
        assertTrue(CommandRun.of("scenario", "--verbs").out().lines().anyMatch("host change MEDIUM [force]"::equals));
    }

    @Test
    void withoutAFileItIsAUsageError() {
        assertEquals(2, CommandRun.of("scenario").exitCode());
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        final CommandRun run =
                CommandRun.of("scenario", folder.resolve("absent").toString());

        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("there is no such file or folder"), run.err());
    }
}
