package io.drivebay.ide.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MediaTableTest {
    private static List<MediaState> states() {
        final List<MediaState> states = new ArrayList<>();
        for (int bits = 0; bits < 8; bits++) {
            states.add(new MediaState((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0));
        }
        return states;
    }

    @Test
    void exactlyOneRowHoldsForEveryStateAndInput() {
        final List<String> wrong = new ArrayList<>();
        for (final MediaInput input : MediaInput.values()) {
            for (final MediaState state : states()) {
                final long rows = MediaTable.rows().stream()
                        .filter(row -> row.matches(input, state))
                        .count();
                if (rows != 1) {
                    wrong.add(input + " " + state + ": " + rows);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRowIsReachable() {
        final List<MediaTable.Row> idle = MediaTable.rows().stream()
                .filter(row -> states().stream().noneMatch(state -> row.matches(row.input(), state)))
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    void aMediumThatBecomesReadableAlwaysArmsTheAttention() {
        final List<String> silent = new ArrayList<>();
        for (final MediaTable.Row row : MediaTable.rows()) {
            for (final MediaState state : states()) {
                final boolean appears = row.matches(row.input(), state)
                        && !state.ready()
                        && row.next(state).ready();
                if (appears && !row.effects().contains(MediaEffect.ATTENTION_CHANGED)) {
                    silent.add(row.toString());
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    @Test
    void onlyTheHostOpensALockedTray() {
        for (final MediaInput input : MediaInput.values()) {
            final MediaState locked = new MediaState(false, true, true);
            final boolean opens = MediaTable.find(input, locked).next(locked).open();
            assertEquals(input == MediaInput.HOST_OPEN, opens, input.toString());
        }
    }

    @Test
    void eventsComeInOrderAndOnceEach() {
        final MediaEvents events = new MediaEvents();
        events.add(MediaEvents.Event.REMOVAL);
        events.add(MediaEvents.Event.NEW_MEDIUM);
        events.add(MediaEvents.Event.REMOVAL);
        assertEquals(
                List.of(MediaEvents.Event.NEW_MEDIUM, MediaEvents.Event.REMOVAL, MediaEvents.Event.NONE),
                List.of(events.poll(), events.poll(), events.poll()));
    }
}
