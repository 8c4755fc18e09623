package io.drivebay.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioTest {
    private static String refusal(final String text) {
        return String.valueOf(assertThrows(ScenarioException.class, () -> Scenario.parse("f", text))
                .getMessage());
    }

    private static ScenarioResult run(final String text) throws ScenarioException {
        return Scenario.parse("f", text).run(1);
    }

    @Test
    void commentsAndBlankLinesSayNothing() throws ScenarioException {
        assertTrue(run("# T1\n\n  cd cd0   # a drive\nguest   ready ->   6/29/00 # once\n")
                .holds());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jump                       | f:2: nothing is called 'jump'; there are profile
                    host jump                  | f:2: nothing is called 'host jump'; there are host open-tray
                    host change                | f:2: usage: host change MEDIUM [force]
                    host insert A B            | f:2: usage: host insert MEDIUM
                    guest ready now=1          | f:2: there is no option 'now' here; usage: guest ready
                    guest ready ->             | f:2: an outcome must stand behind '->'
                    cd cd1 -> ok               | f:2: 'cd' has no outcome
                    """)
    void aLineThatMakesNoSenseIsToldWithItsNumber(final String line, final String message) {
        final String said = refusal("cd cd0\n" + line + "\n");
        assertTrue(said.startsWith(message), said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    guest read one 1           | f:2: guest read one 1: 'one' is no number (seed 1)
                    guest read 0 1 swim        | f:2: guest read 0 1 swim: 'swim' is no way to move data: pio, multiple, dma, read12, raw (seed 1)
                    guest flush                | f:2: guest flush: 'cd0' is no disk (seed 1)
                    guest ready on=cd7         | f:2: guest ready on=cd7: 'cd7' is no CD drive (seed 1)
                    wait 5 minutes             | f:2: usage: wait TIME
                    wait 5m                    | f:2: wait 5m: '5m' is no time: a number with ns, us, ms or s (seed 1)
                    guest packet zz            | f:2: guest packet zz: 'zz' is no byte: two hexadecimal digits (seed 1)
                    medium M 99999999999999999 | f:2: medium M 99999999999999999: '99999999999999999' is no number (seed 1)
                    """)
    void aValueThatMakesNoSenseIsToldWithItsNumber(final String line, final String message) {
        String said;
        try {
            said = String.valueOf(
                    run("cd cd0\n" + line + "\nguest ready -> *\n").failure());
        } catch (final ScenarioException e) {
            said = String.valueOf(e.getMessage());
        }
        assertEquals(message, said);
    }

    @Test
    void aScenarioInWhichNothingHappensIsRefused() {
        assertEquals("f:1: nothing happens in this scenario", refusal("cd cd0"));
    }

    @Test
    void theFirstExpectationThatFailsEndsTheRun() throws ScenarioException {
        final ScenarioResult result = run("cd cd0\nguest ready\nguest ready -> nonsense");

        assertFalse(result.holds());
        assertEquals("f:2: guest ready: expected ok, got 6/29/00 (seed 1)", result.failure());
        assertEquals(2, result.statements());
    }

    @Test
    void anOutcomeMayBeOneOfSeveralOrAnything() throws ScenarioException {
        assertTrue(run("cd cd0\nguest ready -> ok | 6/29/00\nguest ready -> *").holds());
    }

    @Test
    void theSameSeedMakesTheSameTrace() throws ScenarioException {
        final Scenario load = Scenario.parse(
                "f", "medium A 256k\nmedium B 256k\ncd cd0 A\nload commands=100 swaps=50 media=A,B empty\n");

        assertTrue(load.run(5).holds());
        assertEquals(load.run(5).trace(), load.run(5).trace());
        assertFalse(load.run(5).trace().equals(load.run(6).trace()));
    }

    @Test
    void everyVerbSaysHowItIsUsed() {
        assertEquals(
                Scenario.verbs().size(), Scenario.verbs().stream().distinct().count());
        assertTrue(Scenario.verbs().contains("host change MEDIUM [force]"));
    }
}
