package io.drivebay.backend.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.NodeOptions.DetectZeroes;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockdevOptionsTest {
    private static BlockdevOptions of(final Object value) {
        return new BlockdevOptions(Map.of("key", value));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 512", "1k, 1024", "2M, 2097152", "3G, 3221225472", "1T, 1099511627776", "10B, 10"})
    void sizesMayHaveASuffix(final String text, final long bytes) throws BlockException {
        assertEquals(bytes, of(text).size("key", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5G", "1KK", "9999999999999999999", "9999999P", "0x10", "one"})
    void nonsenseIsNoSize(final String text) {
        assertEquals(Kind.INVALID_OPTION, Refusals.kindOf(() -> of(text).size("key", 0)));
    }

    @Test
    void numbersHaveNoSuffixAndMustBeWhole() throws BlockException {
        assertEquals(7, of(7L).number("key", 0));
        assertEquals(Kind.INVALID_OPTION, Refusals.kindOf(() -> of("1k").number("key", 0)));
        assertEquals(Kind.INVALID_OPTION, Refusals.kindOf(() -> of(1.5).number("key", 0)));
        assertEquals(Kind.INVALID_OPTION, Refusals.kindOf(() -> of(true).number("key", 0)));
    }

    @Test
    void flagsAreOnOrOff() throws BlockException {
        assertTrue(of("on").flag("key", false));
        assertTrue(of(true).flag("key", false));
        assertTrue(new BlockdevOptions(Map.of()).flag("key", true));
        assertEquals(
                "option 'key' must be a boolean (on or off), not '1'",
                Refusals.messageOf(() -> of(1).flag("key", false)));
    }

    @Test
    void choicesAreSpelledAsInQapi() throws BlockException {
        assertEquals(DetectZeroes.UNMAP, of("unmap").choice("key", DetectZeroes.class, DetectZeroes.OFF));
        assertEquals(
                "option 'key' must be one of off, on, unmap, not 'UNMAP'",
                Refusals.messageOf(() -> of("UNMAP").choice("key", DetectZeroes.class, DetectZeroes.OFF)));
    }

    @Test
    void missingAndWronglyTypedTextIsNamed() {
        assertEquals("option 'other' is missing", Refusals.messageOf(() -> of("x").requiredText("other")));
        assertEquals("option 'key' must be a string, not '5'", Refusals.messageOf(() -> of(5).text("key")));
    }

    @Test
    void nestedOptionsComeFromMapsAndDottedKeysAndCarryTheirPath() throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(
                Map.of("file", Map.of("driver", "null-co"), "file.size", "1k", "file.cache.direct", "on"));
        final BlockdevOptions file = options.nested("file");
        assertNotNull(file);

        assertEquals("null-co", file.requiredText("driver"));
        assertEquals(1024, file.size("size", 0));
        options.refuseUnread();
        assertEquals("option 'file.cache.direct' is unknown here", Refusals.messageOf(file::refuseUnread));
        assertNull(options.nested("backing"));
    }

    @Test
    void aReferenceStandsInThePlaceOfNestedOptions() throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(Map.of("file", "node0", "file.driver", "raw"));

        assertEquals("node0", options.reference("file"));
        assertNull(options.reference("backing"));
        assertThrows(BlockException.class, options::refuseUnread);
    }

    @Test
    void limitsThatDoNotGoTogetherAreRefused() {
        final BlockLimits limits = BlockLimits.UNLIMITED;

        assertThrows(IllegalArgumentException.class, () -> limits.withAlignment(3));
        assertThrows(
                IllegalArgumentException.class, () -> limits.withAlignment(512).withMaxTransfer(513));
        assertThrows(IllegalArgumentException.class, () -> limits.withMaxTransfer(0));
        assertThrows(IllegalArgumentException.class, () -> new BlockLimits(512, 512, 700, 1, true, true, true, true));
        assertThrows(IllegalArgumentException.class, () -> new BlockLimits(512, 512, 0, 1, true, true, true, true));
        assertEquals(4096, limits.withAlignment(4096).alignmentOfZeroes());
    }
}
