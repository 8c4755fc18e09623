package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoCommandTest {
    @TempDir
    private Path folder;

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void everythingHoldsAndOnlyTheReportIsLeft() throws IOException {
        final Path report = folder.resolve("report.html");

        final CommandRun run = CommandRun.of("demo", "--runtime=500ms", "--folder=" + folder, "--report=" + report);

        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertEquals("", run.err());
        assertFalse(run.out().contains("FAILED"));
        assertTrue(run.out().contains(" times, pause p50 "));
        assertTrue(run.out().contains("guest cd0 ready -> 6/28/00"));
        assertTrue(run.out().contains("  ok      No read of a CD was lost or served from the wrong disc: "));
        assertEquals(List.of(report), leftBehind());
        assertTrue(Files.readString(report).contains("✓ holds"));
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
        final CommandRun run = CommandRun.of("demo", "--folder=" + folder, "--report=" + folder.resolve("no/r.html"));

        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("drivebay demo: " + folder.resolve("no/r.html") + ": the report cannot be"));
        assertEquals(List.of(), leftBehind());
    }

    @Test
    void aFolderThatIsNotThereFailsWithOneLine() {
        final CommandRun run = CommandRun.of(
                "demo", "--folder=" + folder.resolve("absent"), "--report=" + folder.resolve("report.html"));

        assertEquals(1, run.exitCode());
        assertEquals(1, run.err().lines().count());
    }

    @Test
    void aRuntimeOfNothingIsAUsageError() {
        assertEquals(2, CommandRun.of("demo", "--runtime=0").exitCode());
    }
}
