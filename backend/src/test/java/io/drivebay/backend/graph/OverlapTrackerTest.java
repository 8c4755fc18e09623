package io.drivebay.backend.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.BlockRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OverlapTrackerTest {
    private final List<BlockRequest> admitted = new ArrayList<>();
    private final OverlapTracker tracker = new OverlapTracker(admitted::add);

    private static BlockRequest request() {
        return new BlockRequest(done -> {});
    }

    @Test
    void overlappingRequestsConflictOnlyIfOneIsSerialising() {
        final int plain = tracker.enter(request(), 0, 1024, false);
        final int alsoPlain = tracker.enter(request(), 512, 1024, false);
        final int serialising = tracker.enter(request(), 512, 1024, true);
        final int behind = tracker.enter(request(), 512, 1024, false);
        final int elsewhere = tracker.enter(request(), 1024, 2048, true);

        assertFalse(tracker.mustWait(plain) || tracker.mustWait(alsoPlain) || tracker.mustWait(elsewhere));
        assertTrue(tracker.mustWait(serialising) && tracker.mustWait(behind));
        tracker.leave(plain);
        assertEquals(List.of(), admitted);
        tracker.leave(alsoPlain);
        assertEquals(1, admitted.size());
        tracker.leave(serialising);
        assertEquals(2, admitted.size());
    }

    @Test
    void aLongChainThatCompletesAtOnceNeedsNoDeepStack() {
        final List<Integer> slots = new ArrayList<>();
        final Map<BlockRequest, Integer> slotOf = new HashMap<>();
        final OverlapTracker[] chain = new OverlapTracker[1];
        chain[0] = new OverlapTracker(request -> chain[0].leave(slotOf.getOrDefault(request, -1)));
        for (int i = 0; i < 2_000; i++) {
            final BlockRequest request = request();
            final int slot = chain[0].enter(request, 0, 512, true);
            slotOf.put(request, slot);
            slots.add(slot);
        }

        chain[0].leave(slots.get(0));

        final int next = chain[0].enter(request(), 0, 512, true);
        assertFalse(chain[0].mustWait(next));
    }

    private record Range(long start, long end, boolean serialising, int order) {
        boolean conflictsWith(final Range other) {
            return (serialising || other.serialising) && start < other.end && other.start < end;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noTwoConflictingRequestsAreEverInTogetherAndAllGetIn(final long seed) {
        final Random random = new Random(seed);
        final Map<BlockRequest, Range> ranges = new HashMap<>();
        final Map<BlockRequest, Integer> slots = new HashMap<>();
        final List<BlockRequest> inside = new ArrayList<>();
        final int total = 300;
        int entered = 0;
        int left = 0;
        while (left < total) {
            if (entered < total && random.nextInt(3) > 0) {
                final BlockRequest request = request();
                final long start = random.nextInt(20);
                final Range range = new Range(start, start + 1 + random.nextInt(5), random.nextInt(4) == 0, entered++);
                ranges.put(request, range);
                final int slot = tracker.enter(request, range.start(), range.end(), range.serialising());
                slots.put(request, slot);
                if (!tracker.mustWait(slot)) {
                    inside.add(request);
                }
            } else if (!inside.isEmpty()) {
                tracker.leave(slots.getOrDefault(inside.remove(random.nextInt(inside.size())), -1));
                left++;
                inside.addAll(admitted);
                admitted.clear();
            } else {
                assertTrue(entered < total, "somebody waits although nobody is in");
            }
            assertNoConflict(inside, ranges);
        }
    }

    private static void assertNoConflict(final List<BlockRequest> inside, final Map<BlockRequest, Range> ranges) {
        for (final BlockRequest one : inside) {
            for (final BlockRequest other : inside) {
                final Range first = Objects.requireNonNull(ranges.get(one));
                final Range second = Objects.requireNonNull(ranges.get(other));
                assertTrue(one == other || !first.conflictsWith(second));
            }
        }
    }
}
