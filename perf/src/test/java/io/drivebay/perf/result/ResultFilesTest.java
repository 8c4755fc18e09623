package io.drivebay.perf.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultFilesTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        final BenchResult result = SampleResults.verified("run", 1);
        final Path file = folder.resolve("a.json");

        ResultFiles.write(result, file);

        assertEquals(result, ResultFiles.read(file));
    }

    @Test
    void theHistogramSurvivesWhole() {
        final BenchResult read = ResultFiles.fromJson(ResultFiles.toJson(SampleResults.reads("run")));

        assertEquals(2000, read.operation("read").decodeHistogram().getTotalCount());
        assertEquals(
                1_000_000.0, (double) read.operation("read").decodeHistogram().getMaxValue(), 1000);
    }

    @Test
    void aResultWithoutVerificationHasANullThere() {
        assertTrue(ResultFiles.toJson(SampleResults.reads("run")).contains("\"verification\" : null"));
    }

    @Test
    void membersThatAreNotKnownAreIgnored() {
        final String json = ResultFiles.toJson(SampleResults.reads("run"));

        final BenchResult read = ResultFiles.fromJson(json.replaceFirst("\\{", "{ \"futureMember\" : [ 1 ],"));

        assertEquals(SampleResults.reads("run"), read);
    }

    @Test
    void anotherVersionIsRefusedByItsNumber() {
        final String json =
                ResultFiles.toJson(SampleResults.reads("run")).replace("\"version\" : 1", "\"version\" : 2");

        final IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ResultFiles.fromJson(json));

        assertEquals("a result of schema version 2; this program reads 1", refusal.getMessage());
    }

    @Test
    void jsonOfSomethingElseIsRefused() {
        final IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ResultFiles.fromJson("{\"fio version\":\"fio-3\"}"));

        assertEquals("not a result of drivebay bench", refusal.getMessage());
    }

    @Test
    void aMissingMemberIsRefused() {
        final String json = ResultFiles.toJson(SampleResults.reads("run")).replace("\"host\"", "\"hots\"");

        assertThrows(IllegalArgumentException.class, () -> ResultFiles.fromJson(json));
    }

    @Test
    void aNullWhereNoneMayBeIsRefused() {
        final String json =
                ResultFiles.toJson(SampleResults.reads("run")).replace("\"name\" : \"run\"", "\"name\" : null");

        assertThrows(IllegalArgumentException.class, () -> ResultFiles.fromJson(json));
    }

    @Test
    void aBrokenHistogramIsRefused() {
        final BenchResult result = SampleResults.reads("run");
        final String histogram = result.operation("read").histogram();
        final String json = ResultFiles.toJson(result).replace(histogram, histogram.substring(0, 24));

        assertThrows(IllegalArgumentException.class, () -> ResultFiles.fromJson(json));
    }

    @Test
    void aFileThatIsNoJsonIsNamed() throws IOException {
        final Path file = Files.writeString(folder.resolve("table.txt"), "read 12");

        final IOException refusal = assertThrows(IOException.class, () -> ResultFiles.read(file));

        assertTrue(String.valueOf(refusal.getMessage()).startsWith(file + ": not a result of drivebay bench"));
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        assertThrows(NoSuchFileException.class, () -> ResultFiles.read(folder.resolve("absent.json")));
    }
}
