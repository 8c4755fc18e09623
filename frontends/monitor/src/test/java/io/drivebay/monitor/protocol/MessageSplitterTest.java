package io.drivebay.monitor.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageSplitterTest implements MessageSplitter.Receiver {
    private final MessageSplitter splitter = new MessageSplitter();
    private final List<String> received = new ArrayList<>();

    @Override
    public void message(final byte[] bytes, final int length) {
        received.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    @Override
    public void broken(final String why) {
        received.add("broken");
    }

    private List<String> feed(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.accept(bytes, 0, bytes.length, this);
        return received;
    }

    @Test
    void messagesNeedNothingBetweenThem() {
        assertEquals(List.of("{\"a\":[1,{}]}", "{}", "[1]"), feed(" {\"a\":[1,{}]}{}\r\n\t[1]"));
    }

    @Test
    void bracesInStringsAreNoBraces() {
        assertEquals(List.of("{\"}\": '{\"', \"\\\"}\": 1}"), feed("{\"}\": '{\"', \"\\\"}\": 1}"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whereTheStreamIsCutMakesNoDifference(final long seed) {
        final Random random = new Random(seed);
        final String text = "{'a': [1, 'x\\'{']} {\"b\":{}}\n rubbish\n[{}]{\"ü\": 'ö'}";
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            final int to = Math.min(bytes.length, from + 1 + random.nextInt(4));
            splitter.accept(bytes, from, to, this);
            from = to;
        }
        assertEquals(List.of("{'a': [1, 'x\\'{']}", "{\"b\":{}}", "broken", "[{}]", "{\"ü\": 'ö'}"), received);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"rubbish", "}", "]", "42", "\"text\"", "{\"half a message"})
    void whatIsNoMessageIsRefusedOnceUpToTheEndOfItsLine(final String text) {
        assertEquals(List.of("broken", "{}"), feed(text + "\n{}"));
    }

    @Test
    void aByteThatNoJsonHasEndsAMessageThatWouldNotEnd() {
        splitter.accept(new byte[] {'{', '[', (byte) 0xff, '\n', '{', '}', '{', '"', (byte) 0xff, '\n'}, 0, 10, this);
        assertEquals(List.of("broken", "{}", "broken"), received);
    }

    @Test
    void nestingIsLimited() {
        assertEquals(List.of("broken", "{}"), feed("[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(500) + "\n{}"));
    }

    @Test
    void aMessageAsDeepAsIsAllowedPasses() {
        final String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertEquals(List.of(deep), feed(deep));
    }

    @Test
    void anEndlessMessageIsRefusedAndTakesNoMoreMemory() {
        feed("[" + " ".repeat(3 * MessageSplitter.MAX_BYTES) + "]\n{}");
        assertEquals(List.of("broken", "{}"), received);
    }
}
