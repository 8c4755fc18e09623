package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a successor makes of the region and the packed ring that a killed process leaves behind, for every step at which
 * it can be killed. Offsets and steps are the specification's (vhost-user, "Inflight I/O tracking").
 */
final class TrackedPackedQueueTest {
    private static final int SIZE = RingDriver.SIZE;
    private static final int VERSION = 8;
    private static final int FREE_HEAD = 12;
    private static final int OLD_FREE_HEAD = 14;
    private static final int USED_INDEX = 16;
    private static final int OLD_USED_INDEX = 18;
    private static final int OLD_WRAP = 21;
    private static final int STATES = 32;
    private static final int STATE = 32;

    private final MemoryRegion ram = MemoryRegion.allocate(RingDriver.BYTES);
    private final MemoryRegion region =
            MemoryRegion.of(ram.buffer().slice(RingDriver.REGION, RingDriver.BYTES - RingDriver.REGION));
    private final PackedRingDriver driver = new PackedRingDriver(ram);
    private final DescriptorChain chain = new DescriptorChain();

    private Virtqueue successor() throws BadRingException, ProtocolException {
        return driver.successor();
    }

    /** A driver makes chains of one descriptor available; each begins at an address that is its id. */
    private void offer(final int... ids) {
        driver.offer(ids);
    }

    /** The ids that the driver gets back. */
    private List<Integer> reap() {
        return driver.reap();
    }

    private List<Integer> takeAll(final Virtqueue queue) {
        final List<Integer> taken = new ArrayList<>();
        for (int id = queue.peek(chain); id >= 0; id = queue.peek(chain)) {
            assertEquals(id, chain.address(0));
            taken.add(id);
            queue.advance();
        }
        return taken;
    }

    private static void give(final Virtqueue queue, final int... ids) {
        IntStream.of(ids).forEach(id -> queue.used(id, 1));
    }

    private int inFlight() {
        return IntStream.range(0, SIZE)
                .map(entry -> region.getByte(STATES + STATE * entry))
                .sum();
    }

    /** Takes back what was noted after the driver could see something: the marks of entries, and the places. */
    private void unnote(final int formerFreeHead, final int formerUsedIndex, final int... entries) {
        region.putShort(OLD_FREE_HEAD, (short) formerFreeHead);
        region.putShort(OLD_USED_INDEX, (short) formerUsedIndex);
        region.putByte(OLD_WRAP, (byte) 1);
        IntStream.of(entries).forEach(entry -> region.putByte(STATES + STATE * entry, (byte) 1));
    }

    @Test
    void aFreshRegionIsMadeOut() throws BadRingException, ProtocolException {
        successor();
        assertEquals(1, region.getShort(VERSION));
        assertEquals(SIZE, region.getShort(10));
        assertEquals(0x0101, region.getShort(20), "both wrap counters");
        assertEquals(1, region.getShort(STATES + 2), "the first entry's next");
    }

    @Test
    void whatWasTakenIsTakenAgainInItsOrderAndThenTheRest() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        assertEquals(List.of(5, 3, 1), takeAll(successor()));
        offer(2);
        assertEquals(List.of(5, 3, 1, 2), takeAll(successor()));
        assertEquals(4, inFlight());
    }

    @Test
    void whatTheRingHasNoMoreIsInTheRegion() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 1);
        killed.publish();

        final Virtqueue next = successor();
        assertEquals(List.of(5, 3), takeAll(next), "5's descriptor was overwritten by 1's end");
        give(next, 3, 5);
        next.publish();
        assertEquals(List.of(1, 3, 5), reap());
        assertEquals(0, inFlight());
    }

    @Test
    void aChainOfSeveralDescriptorsIsTakenWhole() throws BadRingException, ProtocolException {
        driver.offerChain(6, 6, 66);
        offer(2);
        takeAll(successor());

        final Virtqueue next = successor();
        assertEquals(6, next.peek(chain));
        assertEquals(2, chain.count());
        assertEquals(66, chain.address(1));
        assertEquals(List.of(6, 2), takeAll(next));
        give(next, 6, 2);
        next.publish();
        offer(4);
        assertEquals(List.of(4), takeAll(successor()), "the ring goes on behind all three");
    }

    @Test
    void killedWhileTakingItIsTakenOnce() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue killed = successor();
        killed.peek(chain);
        region.putByte(STATES, (byte) 1); // marked, and still in the list of free entries
        assertEquals(List.of(5, 3), takeAll(successor()));
        assertEquals(2, inFlight());
    }

    @Test
    void killedBeforeTheDriverCouldSeeItItIsTakenAgain() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 3, 5);
        assertEquals(List.of(), reap());

        assertEquals(List.of(5, 3, 1), takeAll(successor()));
    }

    @Test
    void whatAKilledOneHadBegunToWriteIsNeverSeen() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 3, 5, 1); // all but the first are in the ring already

        final Virtqueue next = successor();
        takeAll(next);
        give(next, 5);
        next.publish();
        assertEquals(List.of(5), reap());
        give(next, 1, 3);
        next.publish();
        assertEquals(List.of(1, 3), reap());
    }

    @Test
    void killedBeforeTheFlagsAreOutTheStepsAreRolledBack() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue killed = successor();
        takeAll(killed);
        region.putShort(STATES + STATE + 2, (short) 2); // 3's entry goes back to the list
        region.putShort(FREE_HEAD, (short) 1);
        region.putShort(USED_INDEX, (short) 1);

        assertEquals(List.of(5, 3), takeAll(successor()));
        assertEquals(2, region.getShort(FREE_HEAD));
    }

    @Test
    void killedAfterTheDriverCouldSeeItItIsNotRepeated() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 3, 5);
        killed.publish();
        unnote(3, 0, 0, 1);

        assertEquals(List.of(1), takeAll(successor()));
        assertEquals(1, inFlight());
        assertEquals(2, region.getShort(OLD_USED_INDEX));
        assertEquals(List.of(3, 5), reap());
    }

    @Test
    void killedAmongTheMarksTheRestIsTakenAway() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 3, 5);
        killed.publish();
        unnote(3, 0, 1);

        assertEquals(List.of(1), takeAll(successor()));
    }

    @Test
    void killedBetweenTheLastTwoNotesNothingIsRepeated() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 3, 5);
        killed.publish();
        region.putShort(OLD_USED_INDEX, (short) 0);

        assertEquals(List.of(1), takeAll(successor()));
    }

    @Test
    void aWholeRoundThatWasSeenIsNotRepeated() throws BadRingException, ProtocolException {
        offer(0, 1, 2, 3, 4, 5, 6, 7);
        final Virtqueue killed = successor();
        takeAll(killed);
        give(killed, 0, 1, 2, 3, 4, 5, 6, 7);
        killed.publish();
        assertEquals(0, region.getShort(USED_INDEX), "the index is what it was, the wrap counter is not");
        unnote(8, 0, 0, 1, 2, 3, 4, 5, 6, 7);

        final Virtqueue next = successor();
        assertEquals(List.of(), takeAll(next));
        assertEquals(0, inFlight());
        reap();
        offer(3);
        assertEquals(List.of(3), takeAll(next));
    }

    @Test
    void afterACleanEndOnlyWhatIsNewIsTaken() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue former = successor();
        takeAll(former);
        give(former, 5, 3);
        former.publishAndAsk();
        offer(4);
        assertEquals(List.of(4), takeAll(successor()));
    }

    @Test
    void manyRoundsWithASuccessorForEachKeepTheBook() throws BadRingException, ProtocolException {
        for (int i = 0; i < 50; i++) {
            offer(5, 3, 1);
            final Virtqueue killed = successor();
            assertEquals(List.of(5, 3, 1), takeAll(killed));
            give(killed, 3);
            killed.publish();
            final Virtqueue next = successor();
            assertEquals(List.of(5, 1), takeAll(next));
            give(next, 1, 5);
            next.publish();
            assertEquals(List.of(3, 1, 5), reap());
        }
        assertEquals(0, inFlight());
    }

    @Test
    void aDriverThatWasToldNotToKickIsAskedToAgain() throws BadRingException, ProtocolException {
        successor().suppressNotifications();
        final int disabled = ram.getShort(RingDriver.DEVICE_AREA + 2);
        successor().enableNotifications();
        assertEquals(1, disabled);
        assertEquals(0, ram.getShort(RingDriver.DEVICE_AREA + 2));
    }

    @Test
    void aBufferThatIsInUseCannotBeOfferedAgain() throws BadRingException, ProtocolException {
        final Virtqueue queue = successor();
        offer(5);
        takeAll(queue);
        offer(5);
        assertEquals(Virtqueue.CORRUPT, queue.peek(chain));
        assertTrue(queue.problem().contains("buffer id 5"), queue.problem());
    }

    @Test
    void moreThanTheRingHoldsCannotBeInUse() throws BadRingException, ProtocolException {
        final Virtqueue queue = successor();
        driver.offerChain(6, 6, 6);
        offer(0, 1, 2, 3, 4, 5);
        takeAll(queue);
        offer(7);
        assertEquals(Virtqueue.CORRUPT, queue.peek(chain));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 9, a version",
        "10, 7, a number of descriptors",
        "18, 8, a place outside the ring",
        "14, 9, a free entry that is none",
        "162, 4, a free list without an end",
        "34, 5, a chain through a free entry",
        "38, 0, an empty chain",
        "38, 100, a chain that is too long",
        "80, 8, a buffer id that is none",
        "112, 5, a buffer id twice"
    })
    void aRegionThatMakesNoSenseIsRefused(final int offset, final int value, final String what)
            throws BadRingException, ProtocolException {
        driver.offerChain(5, 5, 5);
        offer(3);
        takeAll(successor());
        region.putShort(offset, (short) value);

        assertThrows(ProtocolException.class, this::successor, what);
    }
}
