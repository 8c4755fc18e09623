package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class QtestServerTest {
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private QtestLink link;

    @BeforeEach
    void connect() throws Exception {
        link = new QtestLink(
                folder, QtestLog.to(new PrintStream(logged, true, StandardCharsets.US_ASCII), () -> 1_234_000));
    }

    @AfterEach
    void disconnect() throws Exception {
        link.close();
    }

    // ---- the lines ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endianness|OK little",
                "inb 0x1f7|OK 0x0050",
                "inb 503|OK 0x0050",
                "inb 0767|OK 0x0050",
                "inw 0xeeee|OK 0xffff",
                "inl 0xeee0|OK 0xffffffff",
                "outb 0x1f2 0x155|OK",
                "readq 0xfeb00000|OK 0x0000000000000000",
                "readl 0x123456789abcdef0|OK 0x0000000000000000",
                "readb 0xffffffffffffffff|OK 0x0000000000000000",
                "writel 0xfffffff0 5|OK",
                "memset 0x1000 3 0x1ff|OK",
                "write 0x1000 4 0xAbCd|OK",
                "b64write 0x1000 3 AQID|OK",
                "clock_step|OK 0",
                "clock_step 1000|OK 1000",
                "clock_set 5|OK 5",
                "irq_intercept_in ioapic|OK",
                "irq_intercept_out ioapic|OK",
                "'  inb   0x1f7  '|OK 0x0050"
            })
    void commandsAreAnsweredAsQemuDoes(final String command, final String answer) throws Exception {
        assertEquals(answer, link.ask(command));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo|FAIL Unknown command 'foo'",
                "''|FAIL Unknown command ''",
                "INB 0x1f7|FAIL Unknown command 'INB'",
                "inb|FAIL an argument is missing",
                "outb 0x1f7|FAIL an argument is missing",
                "inb x|FAIL an argument is no number",
                "inb 0x|FAIL an argument is no number",
                "inb 09|FAIL an argument is no number",
                "inb -1|FAIL an argument is no number",
                "inb 0x10000|FAIL a port is 0 to 0xffff",
                "inb 0x10000000000000001f7|FAIL a number is too large",
                "outb 1 18446744073709551616|FAIL a number is too large",
                "read 0 0|FAIL a length is 1 to 0x10000000 bytes",
                "read 0 0xffffffffffffffff|FAIL a length is 1 to 0x10000000 bytes",
                "write 0 4294967296 0x00|FAIL a length is 1 to 0x10000000 bytes",
                "memset 0 0x7fffffff 0|FAIL a length is 1 to 0x10000000 bytes",
                "b64read 0 0x40000000|FAIL a length is 1 to 0x10000000 bytes",
                "write 0 1 12|FAIL data is 0x and hexadecimal digits",
                "write 0 1 0xzz|FAIL data is 0x and hexadecimal digits",
                "write 0 1|FAIL an argument is missing",
                "b64write 0 1 A|FAIL data is no base64",
                "clock_step 0x8000000000000000|FAIL a step is 0 to 0x7fffffffffffffff ns",
                "irq_intercept_in nothing|FAIL Unknown device"
            })
    void whatMakesNoSenseFails(final String command, final String answer) throws Exception {
        assertEquals(answer, link.ask(command));
        assertEquals("OK little", link.ask("endianness"));
    }

    @Test
    void memoryIsWrittenAndReadInAllWidths() throws Exception {
        link.ask("writeq 0x2000 0x1122334455667788");
        link.ask("writew 0x2008 0xaabb");
        link.ask("writeb 0x200a 0x1cc");

        assertEquals("OK 0x0000000055667788", link.ask("readl 0x2000"));
        assertEquals("OK 0x0000000000003344", link.ask("readw 0x2004"));
        assertEquals("OK 0x8877665544332211bbaacc00", link.ask("read 0x2000 12"));
        assertEquals("OK iHdmVUQzIhG7qswA", link.ask("b64read 0x2000 12"));
    }

    @Test
    void blocksLongerThanAPieceArriveWhole() throws Exception {
        final String data = "0123456789abcdef".repeat(20_000);

        assertEquals("OK", link.ask("write 0x100000 160000 0x" + data));

        assertEquals("OK 0x" + data, link.ask("read 0x100000 160000"));
    }

    @Test
    void digitsThatAreMissingStandForZeros() throws Exception {
        link.ask("memset 0x3000 8 0xff");
        link.ask("write 0x3000 4 0x1234");

        assertEquals("OK 0x12340000ffffffff", link.ask("read 0x3000 8"));
    }

    @Test
    void theLogHasBothDirections() throws Exception {
        link.ask("inb 0x1f7");

        final String log = logged.toString(StandardCharsets.US_ASCII);
        assertEquals("[R +0.000000] inb 0x1f7\n[S +0.000000] OK 0x0050\n", log);
    }

    // ---- interrupts ----

    private void identify() throws Exception {
        assertEquals("OK", link.ask("outb 0x1f6 0xe0"));
        assertEquals("OK", link.ask("irq_intercept_in ioapic"));
    }

    @Test
    void levelChangesComeBeforeTheAnswerToTheCommandThatCausedThem() throws Exception {
        identify();

        link.send("outb 0x1f7 0xec\ninb 0x1f7\n");

        assertEquals(
                List.of("IRQ raise 14", "OK", "IRQ lower 14", "OK 0x0058"),
                List.of(link.line(), link.line(), link.line(), link.line()));
    }

    @Test
    void withoutInterceptionNothingIsTold() throws Exception {
        assertEquals("OK", link.ask("outb 0x1f7 0xec"));
        assertEquals("OK 0x0058", link.ask("inb 0x1f7"));
    }

    @Test
    void ioGoesOnAndIsToldWhileTheLineIsIdle() throws Exception {
        identify();
        link.ask("outb 0x1f2 1");
        link.ask("outb 0x1f3 0");

        link.send("outb 0x1f7 0x20\n");

        assertEquals(
                List.of("IRQ raise 14", "OK"),
                List.of(link.line(), link.line()).stream().sorted().toList());
        assertEquals("IRQ lower 14", link.ask("inb 0x1f7"));
        assertEquals("OK 0x0058", link.line());
    }

    // ---- time ----

    @Test
    void timersFireAtTheirOwnTimesOnTheWay() throws Exception {
        final StringBuilder fired = new StringBuilder();
        link.context.run(() -> {
            final Timer timer =
                    link.context.timer(() -> fired.append(link.clock.nanoTime()).append(' '));
            timer.arm(500);
            link.context
                    .timer(() -> fired.append(link.clock.nanoTime()).append(' '))
                    .arm(800);
        });

        assertEquals("OK 500", link.ask("clock_step"));
        assertEquals("OK 1000", link.ask("clock_step 500"));

        assertEquals("500 800 ", fired.toString());
    }

    @Test
    void timeDoesNotGoBack() throws Exception {
        assertEquals("OK 900", link.ask("clock_set 900"));
        assertEquals("OK 900", link.ask("clock_set 10"));
        assertEquals("OK 9223372036854775807", link.ask("clock_step 0x7fffffffffffffff"));
    }

    @Test
    void aTimerThatArmsItselfForEverDoesNotHoldTheClock() throws Exception {
        final AtomicInteger fired = new AtomicInteger();
        final Timer[] timer = new Timer[1];
        link.context.run(() -> {
            timer[0] = link.context.timer(() -> {
                fired.incrementAndGet();
                timer[0].arm(link.clock.nanoTime() + 1_000_000);
            });
            timer[0].arm(1);
        });

        assertEquals("OK 10000000", link.ask("clock_set 10000000"));

        assertEquals(10, fired.get());
    }

    // ---- bad lines, floods, clients that go ----

    @Test
    void aLineInPiecesIsOneLine() throws Exception {
        link.send("in");
        link.send("b 0x1");
        link.send("f7\r\n");

        assertEquals("OK 0x0050", link.line());
    }

    @Test
    void aLineWithoutEndIsForgottenAndTheNextOneAnswered() throws Exception {
        final String megabyte = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            link.send(megabyte);
        }
        link.send("\nendianness\n");

        assertEquals("FAIL a line is at most 16777216 bytes long", link.line());
        assertEquals("OK little", link.line());
    }

    @Test
    void everyLineOfAFloodIsAnswered() throws Exception {
        final Thread sender = new Thread(() -> send("inb 0x1f7\nnonsense\n".repeat(50_000)));
        sender.start();

        final long good = IntStream.range(0, 50_000)
                .filter(i -> next().equals("OK 0x0050") && next().equals("FAIL Unknown command 'nonsense'"))
                .count();

        sender.join();
        assertEquals(50_000, good);
    }

    private void send(final String text) {
        try {
            link.send(text);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String next() {
        try {
            return link.line();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void binaryNoiseIsAnsweredInPrintableText() throws Exception {
        final String answer = link.ask("\u0000\u0007\u00ff".repeat(100));

        assertEquals("FAIL Unknown command '" + "?".repeat(64) + "'", answer);
    }

    @Test
    void aClientThatGoesInTheMiddleMakesRoomForTheNext() throws Exception {
        link.ask("irq_intercept_in ioapic");
        link.send("write 0x1000 100 0x00");

        link.reconnect();

        assertEquals("OK", link.ask("outb 0x1f7 0xec"));
        assertFalse(link.machine.interrupts().level(15));
        assertTrue(link.machine.interrupts().level(14));
    }
}
