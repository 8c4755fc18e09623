package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.ResultFiles;
import io.drivebay.perf.result.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchCommandTest {
    private static final String NULL_DISK = "--blockdev=driver=null-co,size=64M";
    private static final String MEMORY_DISK = "--blockdev=driver=memory,size=1M";
    private static final List<String> SHORT = List.of("bench", "--runtime=200ms", "--warmup=0");

    @TempDir
    private Path folder;

    private static CommandRun bench(final String... args) {
        return CommandRun.of(Stream.concat(SHORT.stream(), Arrays.stream(args)).toArray(String[]::new));
    }

    private static void assertUsageError(final String message, final CommandRun run) {
        assertAll(
                () -> assertEquals(2, run.exitCode()),
                () -> assertEquals("", run.out()),
                () -> assertEquals(
                        List.of("drivebay bench: " + message, "Try 'drivebay bench --help'."),
                        run.err().lines().toList()));
    }

    @Test
    void aRunEndsInATable() {
        final CommandRun run = bench(NULL_DISK, "--frontend=backend", "--iodepth=4");

        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("p99.99"));
        assertEquals("", run.err());
    }

    @Test
    void theResultSaysHowItWasAskedForAndWhatWasDriven() {
        final BenchResult result =
                ResultFiles.fromJson(bench(NULL_DISK, "--frontend=backend", "--iodepth=4", "--output=json")
                        .out());

        assertEquals("randread 4k", result.name());
        assertEquals("4", result.options().get("iodepth"));
        assertEquals("driver=null-co,size=64M", result.options().get("disk"));
        assertEquals("67108864", result.target().get("length"));
        assertEquals(
                result.operation("read").operations() * 4096,
                result.operation("read").bytes());
    }

    @Test
    void aJobMayRunInTheContextThatDrivesTheDisk() {
        final BenchResult result = ResultFiles.fromJson(
                bench(NULL_DISK, "--frontend=backend", "--wait=context", "--poll-max-ns=0", "--output=json")
                        .out());

        assertEquals("context", result.options().get("wait"));
        assertEquals("0", result.options().get("poll-max-ns"));
        assertTrue(result.operation("read").operations() > 0);
    }

    @Test
    void aGuestDoesNotRunInTheContext() {
        assertUsageError(
                "a guest has a thread of its own: --wait context goes with --frontend backend only",
                bench(NULL_DISK, "--wait=context"));
    }

    @Test
    void filesAreWrittenWhereAskedFor() throws IOException {
        final Path json = folder.resolve("run.json");
        final Path html = folder.resolve("run.html");
        final Path log = folder.resolve("run.hlog");

        final CommandRun run = bench(NULL_DISK, "--json=" + json, "--html=" + html, "--hlog=" + log, "--name=mine");

        assertEquals(0, run.exitCode());
        assertEquals("mine", ResultFiles.read(json).name());
        assertTrue(Files.readString(html).startsWith("<!DOCTYPE html>"));
        assertTrue(Files.readString(log).contains("Tag=read,"));
    }

    @Test
    void aFolderThatIsNotThereFailsTheRunWithOneLine() {
        final Path json = folder.resolve("absent").resolve("run.json");

        final CommandRun run = bench(NULL_DISK, "--json=" + json);

        assertEquals(1, run.exitCode());
        assertEquals(
                "drivebay bench: " + json + ": there is no such file or folder",
                run.err().strip());
    }

    @Test
    void verificationReadsEveryBlockInTheEnd() {
        final CommandRun run = bench(MEMORY_DISK, "--verify", "--rw=randrw", "--iodepth=8", "--output=json");

        assertEquals(0, run.exitCode());
        final Verification found = ResultFiles.fromJson(run.out()).verification();
        assertTrue(found != null && found.mismatches() == 0 && found.blocks() > 256);
    }

    @Test
    void aDiskThatForgetsWhatWasWrittenDoesNotVerify() {
        final CommandRun run = bench("--blockdev=driver=null-co,size=1M,read-zeroes=on", "--verify", "--rw=randread");

        assertEquals(1, run.exitCode());
        assertTrue(run.out().contains("WRONG, the first: NOT_STAMPED at "));
    }

    @Test
    void aMixHasReadsAndWrites() {
        final BenchResult result = ResultFiles.fromJson(
                bench(MEMORY_DISK, "--rw=randrw", "--rwmixread=70", "--bs=4k:50,8k:50", "--numjobs=2", "--output=json")
                        .out());

        final double share = (double) result.operation("read").operations()
                / (double) (result.operation("read").operations()
                        + result.operation("write").operations());
        assertEquals(0.7, share, 0.05);
    }

    @Test
    void anOpenLoopKeepsItsRate() {
        final BenchResult result = ResultFiles.fromJson(
                bench(NULL_DISK, "--rate=1k", "--iodepth=16", "--output=json").out());

        assertEquals(200.0, (double) (result.operation("read").operations() + result.neverBegun()), 2.0);
    }

    @Test
    void progressIsShownWhenAskedForAndTakenAwayInTheEnd() {
        final CommandRun run = bench(NULL_DISK, "--progress");

        assertTrue(run.err().contains("randread 4k: 0 s of 0 s"));
        assertTrue(run.err().endsWith("\r\u001b[K"));
    }

    @Test
    void withoutADiskThereIsNothingToDo() {
        assertUsageError("give an IMAGE or a --blockdev", bench());
    }

    @Test
    void anImageAndABlockdevExcludeEachOther() {
        assertUsageError("IMAGE a.img and --blockdev exclude each other", bench("a.img", NULL_DISK));
    }

    @Test
    void optionsOfTheImageDoNotGoWithABlockdev() {
        assertUsageError(
                "--direct and --aio go with IMAGE; a --blockdev has options of its own: cache.direct=on, aio=...",
                bench(NULL_DISK, "--direct"));
    }

    @Test
    void nothingIsOverwrittenUnlessAllowed() throws IOException {
        final Path image = Files.write(folder.resolve("a.img"), new byte[1 << 20]);

        assertUsageError(
                "this would overwrite " + image + "; if it may, add --allow-writes",
                bench(image.toString(), "--rw=write"));
        assertUsageError(
                "this would overwrite " + image + "; if it may, add --allow-writes",
                bench(image.toString(), "--verify"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --rwmixread=70          | --rwmixread goes only with --rw randrw, not randread
        --iodepth=0             | depth 0 is not from 1 to 65536
        --bs=4k:50              | block sizes '4k:50': the shares add up to 50, not 100
        --offset=64M            | --offset 67108864 lies beyond the end of the disk, which has 67108864 bytes
        --size=65M              | --size 68157440 from 0 on goes beyond the end of the disk, which has 67108864 bytes
        --size=512              | a range of 512 bytes is too small for 1 jobs with blocks of 4096 bytes
        --rate=0                | Invalid value for option '--rate': '0' is no rate: requests a second, such as 500, 20k or 1M
        --colour                | Unknown option: '--colour'
        """)
    void whatMakesNoSenseIsSaid(final String option, final String message) {
        assertUsageError(message, bench(NULL_DISK, option));
    }

    @Test
    void aRunLastsSomeTime() {
        assertUsageError("--runtime must be longer than nothing", CommandRun.of("bench", NULL_DISK, "--runtime=0"));
    }

    @Test
    void anUnknownDriverIsAUsageErrorThatNamesThoseThereAre() {
        final CommandRun run = bench("--blockdev=driver=floppy");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().startsWith("drivebay bench: no driver is called 'floppy'; there are "));
    }

    @Test
    void anUnknownOptionOfADriverIsAUsageError() {
        final CommandRun run = bench("--blockdev=driver=null-co,color=red");

        assertEquals(2, run.exitCode());
        assertEquals("drivebay bench: option 'color' is unknown here", run.err().strip());
    }

    @Test
    void errorsHaveTracesOnlyWithVerbose() {
        assertFalse(bench("--blockdev=driver=floppy").err().contains("\tat "));
        assertTrue(bench("-v", "--blockdev=driver=floppy").err().contains("\tat "));
    }

    @Test
    void twoResultsAreComparedByRatio() throws IOException {
        final Path first = folder.resolve("a.json");
        final Path second = folder.resolve("b.json");
        final Path html = folder.resolve("both.html");
        bench(NULL_DISK, "--json=" + first);
        bench(NULL_DISK, "--json=" + second);

        final CommandRun run = CommandRun.of("bench", "compare", first.toString(), second.toString(), "--html=" + html);

        assertEquals(0, run.exitCode());
        assertEquals(
                List.of("figure", "randread 4k", "b", "ratio"),
                Arrays.asList(run.out().lines().findFirst().orElseThrow().split("\\s{2,}")));
        assertTrue(Files.readString(html).contains("b read"));
    }

    @Test
    void compareWantsAtLeastTwo() {
        assertEquals(2, CommandRun.of("bench", "compare", "a.json").exitCode());
    }

    @Test
    void compareSaysWhichFileIsNoResult() throws IOException {
        final Path file = Files.writeString(folder.resolve("x.json"), "{}");

        final CommandRun run = CommandRun.of("bench", "compare", file.toString(), file.toString());

        assertEquals(1, run.exitCode());
        assertEquals(
                "drivebay bench compare: " + file + ": not a result of drivebay bench",
                run.err().strip());
    }
}
