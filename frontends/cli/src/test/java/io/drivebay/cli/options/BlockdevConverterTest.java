package io.drivebay.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class BlockdevConverterTest {
    private static BlockdevArgument parse(final String text) {
        return new BlockdevConverter().convert(text);
    }

    private static String refusal(final String text) {
        return String.valueOf(
                assertThrows(TypeConversionException.class, () -> parse(text)).getMessage());
    }

    @Test
    void keysAndValuesAreSplitAtCommas() {
        assertEquals(
                Map.of("driver", "raw", "file.driver", "file", "file.filename", "a.img"),
                parse("driver=raw,file.driver=file,file.filename=a.img").options());
    }

    @Test
    void twoCommasAreOneInAValue() {
        assertEquals(
                Map.of("filename", "a,b=c", "driver", "file"),
                parse("filename=a,,b=c,driver=file").options());
    }

    @Test
    void aValueMayBeEmpty() {
        assertEquals(
                Map.of("driver", "file", "filename", ""),
                parse("driver=file,filename=").options());
    }

    @Test
    void aWordWithoutValueIsRefused() {
        assertEquals(
                "'direct' needs a value: key=value,... or a JSON object", refusal("driver=file,direct,filename=a"));
    }

    @Test
    void aValueWithoutKeyIsRefused() {
        assertEquals("'=file' has no key before its '='", refusal("=file"));
    }

    @Test
    void aKeyMayNotComeTwice() {
        assertEquals("'driver' is given twice", refusal("driver=file,driver=raw"));
    }

    @Test
    void jsonKeepsItsTypesAndNesting() {
        assertEquals(
                Map.of("driver", "raw", "offset", 512L, "read-only", true, "file", Map.of("driver", "memory")),
                parse("{\"driver\":\"raw\",\"offset\":512,\"read-only\":true,\"file\":{\"driver\":\"memory\"}}")
                        .options());
    }

    @Test
    void brokenJsonIsRefused() {
        assertEquals(true, refusal("{\"driver\":").startsWith("no valid JSON object: "));
        assertEquals(true, refusal("{} {}").startsWith("no valid JSON object: "));
    }

    @Test
    void aJsonKeyMayNotComeTwice() {
        assertEquals(true, refusal("{\"driver\":\"a\",\"driver\":\"b\"}").contains("Duplicate field 'driver'"));
    }

    @Test
    void jsonFractionsAndNullsAreRefusedByKey() {
        assertEquals(
                "'size' must be a string, a whole number, a boolean, a list or an object, not 1.5",
                refusal("{\"size\":1.5}"));
        assertEquals(
                "'size' must be a string, a whole number, a boolean, a list or an object, not null",
                refusal("{\"size\":null}"));
    }

    @Test
    void jsonMayHaveListsAndSingleQuotes() {
        assertEquals(
                Map.of("driver", "blkdebug", "inject-error", List.of(Map.of("event", "read_aio", "errno", 5L))),
                parse("{'driver':'blkdebug','inject-error':[{'event':'read_aio','errno':5}]}")
                        .options());
    }

    @Test
    void theDriverNeedsNoKeyWhenItComesFirst() {
        assertEquals(
                Map.of("driver", "null-co", "size", "1G"),
                parse("null-co,size=1G").options());
    }

    @Test
    void driversAreFoundAtEveryDepth() {
        assertEquals(Set.of("raw", "file"), parse("driver=raw,file.driver=file").drivers());
        assertEquals(
                Set.of("raw", "memory"),
                parse("{\"driver\":\"raw\",\"file\":{\"driver\":\"memory\"}}").drivers());
    }
}
