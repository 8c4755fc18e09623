package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MainTest {
    @Test
    void withoutASubcommandItPrintsItsUsage() {
        final CommandRun run = CommandRun.of();

        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("Usage: drivebay"));
        assertEquals("", run.err());
    }

    @Test
    void helpNamesEverySubcommandAndTheExitCodes() {
        final String help = CommandRun.of("--help").out();

        assertEquals(
                List.of("demo", "bench", "nbd", "daemon", "scenario", "machine", "drivers"),
                help.lines()
                        .dropWhile(line -> !line.equals("Commands:"))
                        .skip(1)
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> !line.startsWith("   "))
                        .map(line -> line.trim().split(" ", 2)[0])
                        .toList());
        assertTrue(help.contains("Exit codes:"));
    }

    @Test
    void versionIsOneLine() {
        final CommandRun run = CommandRun.of("--version");

        assertEquals(0, run.exitCode());
        assertTrue(run.out().matches("drivebay \\S+\\R"));
    }

    @Test
    void subcommandsHaveHelpAndVersionToo() {
        assertEquals(0, CommandRun.of("bench", "--help").exitCode());
        assertEquals(
                CommandRun.of("--version").out(),
                CommandRun.of("bench", "--version").out());
    }

    @Test
    void anUnknownSubcommandIsAUsageError() {
        final CommandRun run = CommandRun.of("brench");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().startsWith("drivebay: "));
    }

    @Test
    void theDriversAreListedByName() {
        final CommandRun run = CommandRun.of("drivers");

        assertEquals(0, run.exitCode());
        assertTrue(run.out().lines().toList().containsAll(List.of("memory", "null-co", "raw")));
    }
}
