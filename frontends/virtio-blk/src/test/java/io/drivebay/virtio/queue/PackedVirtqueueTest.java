package io.drivebay.virtio.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain.Fault;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.PackedGuestRing;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** K1 to K5: the packed ring by itself. */
final class PackedVirtqueueTest {
    /** No power of two: the queue does not have to be one (2.8). */
    private static final int SIZE = 7;

    private static final int TABLE = 8192;
    private static final int DISABLED = 1;

    private final MemoryRegion ram = MemoryRegion.allocate(65536);
    private final GuestMemory memory = GuestMemory.of(ram);
    private final PackedGuestRing ring = new PackedGuestRing(ram, 0, SIZE);
    private final DescriptorChain chain = new DescriptorChain();
    private final Virtqueue plain = queue(false);
    private final Virtqueue events = queue(true);

    private Virtqueue queue(final boolean eventIndex) {
        try {
            return Virtqueues.open(
                    memory,
                    new QueueLayout(SIZE, ring.descriptors(), ring.available(), ring.used()),
                    new RingForm(true, true, eventIndex, false));
        } catch (final BadRingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Offers chains of one descriptor and takes and uses them. */
    private void turn(final Virtqueue queue, final int chains) {
        for (int i = 0; i < chains; i++) {
            ring.offer(Buffer.readable(0, 1));
            queue.used(queue.peek(chain), 0);
            queue.advance();
        }
    }

    private void offerMany(final int descriptors) {
        final Buffer[] buffers = new Buffer[descriptors];
        Arrays.fill(buffers, Buffer.readable(0, 1));
        ring.offer(buffers);
    }

    // ---- taking: K1, K2, K3 ----

    @Test
    void anEmptyRingSaysSo() {
        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void aChainComesOutUnderItsId() {
        ring.offerAs(5, Buffer.readable(100, 16), Buffer.writable(200, 512), Buffer.writable(900, 1));

        assertEquals(5, plain.peek(chain));

        assertEquals(3, chain.count());
        assertEquals(1, chain.readable());
        assertEquals(200, chain.address(1));
        assertEquals(512, chain.lengthBytes(1));
        assertEquals(513, chain.writableBytes());
        assertEquals(Fault.NONE, chain.fault());
    }

    @Test
    void theIdOfAChainIsThatOfItsLastDescriptor() {
        ring.descriptor(1, Buffer.readable(0, 1), 4, PackedGuestRing.AVAILABLE);
        ring.descriptor(0, Buffer.readable(0, 1), 99, PackedGuestRing.AVAILABLE | GuestRing.NEXT);

        assertEquals(4, plain.peek(chain));
    }

    @Test
    void aChainStaysUntilItIsTaken() {
        ring.offer(Buffer.readable(100, 16), Buffer.readable(200, 16));
        ring.offer(Buffer.readable(300, 16));
        plain.peek(chain);
        plain.peek(chain);
        assertEquals(100, chain.address(0));

        plain.advance();

        plain.peek(chain);
        assertEquals(300, chain.address(0));
        plain.advance();
        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void chainsGoRoundTheRing() {
        for (int i = 0; i < 1000; i++) {
            final int id = ring.offer(Buffer.readable(i, 16), Buffer.readable(i, 1), Buffer.writable(i, 1));
            assertEquals(id, plain.peek(chain));
            assertEquals(i, chain.address(2));
            plain.advance();
            plain.used(id, 1);
            plain.publish();
            assertEquals(new Used(id, 1), ring.poll());
        }
    }

    @ParameterizedTest
    @CsvSource({"0x0000", "0x8000", "0x8080"})
    void whatIsNotAvailableInThisRoundIsNotTaken(final String flags) {
        ring.descriptor(0, Buffer.readable(0, 1), 0, Integer.decode(flags));

        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void aRingThatWasUsedOnceIsNotTakenAgain() {
        turn(plain, SIZE);
        plain.publish();

        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void aChainThatFillsTheRingIsNoLoop() {
        offerMany(SIZE);

        assertEquals(0, plain.peek(chain));
        assertEquals(SIZE, chain.count());
    }

    @Test
    void aChainWithoutAnEndIsCorrupt() {
        for (int i = 0; i < SIZE; i++) {
            ring.descriptor(i, Buffer.readable(0, 1), 0, PackedGuestRing.AVAILABLE | GuestRing.NEXT);
        }

        assertEquals(Virtqueue.CORRUPT, plain.peek(chain));
        assertEquals("the chain at descriptor 0 has no end", plain.problem());
    }

    @Test
    void aChainOfWhichOnlyAPartIsAvailableIsCorrupt() {
        ring.descriptor(0, Buffer.readable(0, 1), 0, PackedGuestRing.AVAILABLE | GuestRing.NEXT);

        assertEquals(Virtqueue.CORRUPT, plain.peek(chain));
        assertEquals("a chain's descriptor 2 is not available", plain.problem());
    }

    @Test
    void anIdBeyondTheQueueIsCorrupt() {
        ring.descriptor(0, Buffer.readable(0, 1), SIZE, PackedGuestRing.AVAILABLE);

        assertEquals(Virtqueue.CORRUPT, plain.peek(chain));
        assertEquals("buffer id 7 in a queue of 7", plain.problem());
    }

    @Test
    void aChainWhoseIndirectDescriptorHasANextOneIsKnownToItsEnd() {
        ring.offer(ring.table(TABLE, Buffer.readable(0, 16)), Buffer.readable(0, 1));
        ring.offer(Buffer.readable(300, 16));

        plain.peek(chain);
        assertEquals(Fault.MISPLACED_INDIRECT, chain.fault());
        plain.advance();

        plain.peek(chain);
        assertEquals(300, chain.address(0));
        assertEquals(Fault.NONE, chain.fault());
    }

    @Test
    void anIndirectDescriptorAtTheEndOfAChainIsMisplaced() {
        ring.offer(Buffer.readable(0, 1), ring.table(TABLE, Buffer.readable(0, 16)));

        plain.peek(chain);

        assertEquals(Fault.MISPLACED_INDIRECT, chain.fault());
    }

    @Test
    void aTableIsOneDescriptorOfTheRing() {
        ring.offer(ring.table(TABLE, Buffer.readable(100, 16), Buffer.writable(200, 1)));

        plain.peek(chain);

        assertEquals(2, chain.count());
        assertEquals(200, chain.address(1));
        plain.advance();
        plain.used(0, 1);
        plain.publish();
        ring.poll();
        ring.offer(Buffer.readable(300, 16));
        plain.peek(chain);
        assertEquals(300, chain.address(0));
    }

    // ---- giving back: K2, K5 ----

    @Test
    void usedBuffersAreSeenWhenPublished() {
        ring.offerAs(3, Buffer.readable(0, 16), Buffer.writable(0, 513));
        plain.peek(chain);
        plain.advance();
        plain.used(3, 513);
        assertNull(ring.poll());

        plain.publish();

        assertEquals(new Used(3, 513), ring.poll());
    }

    @Test
    void usedBuffersStandInTheOrderOfTheirCompletionFromTheFirstDescriptorOn() {
        ring.offerAs(0, Buffer.readable(0, 16), Buffer.writable(0, 9));
        ring.offerAs(1, Buffer.readable(0, 16));
        ring.offerAs(2, Buffer.readable(0, 16), Buffer.readable(0, 16), Buffer.writable(0, 9));
        for (int i = 0; i < 3; i++) {
            plain.peek(chain);
            plain.advance();
        }

        plain.used(2, 9);
        plain.used(0, 0);
        plain.used(1, 0);
        plain.publish();

        assertEquals(PackedGuestRing.AVAILABLE | PackedGuestRing.USED | GuestRing.WRITE, ring.flags(0));
        assertEquals(new Used(2, 9), ring.poll());
        assertEquals(new Used(0, 0), ring.poll());
        assertEquals(new Used(1, 0), ring.poll());
    }

    @Test
    void theFirstOfABatchIsWrittenLast() {
        turn(plain, 3);

        assertEquals(PackedGuestRing.AVAILABLE | PackedGuestRing.USED, ring.flags(1));
        assertEquals(PackedGuestRing.AVAILABLE, ring.flags(0));

        plain.publish();
        assertEquals(PackedGuestRing.AVAILABLE | PackedGuestRing.USED, ring.flags(0));
    }

    @Test
    void theWrapCounterTogglesAtTheEndOfTheRing() {
        turn(plain, SIZE);
        plain.publish();
        assertEquals(SIZE, ring.usedCount());
        turn(plain, 1);
        plain.publish();

        assertEquals(0, ring.flags(0));
        assertEquals(PackedGuestRing.AVAILABLE | PackedGuestRing.USED, ring.flags(1));
        assertEquals(SIZE + 1, ring.usedCount());
    }

    // ---- who is told: K4 ----

    @Test
    void nothingNewIsNothingToTell() {
        assertFalse(plain.publishAndAsk());
        assertFalse(events.publishAndAsk());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "2, true", "3, true"})
    void withoutEventIndexTheFlagsDecide(final int flags, final boolean told) {
        ring.driverEvents(5, false, flags);
        turn(plain, 1);

        assertEquals(told, plain.publishAndAsk());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "3, true"})
    void withEventIndexOtherFlagsMeanWhatTheyMeanWithoutIt(final int flags, final boolean told) {
        ring.driverEvents(5, false, flags);
        turn(events, 1);

        assertEquals(told, events.publishAndAsk());
    }

    @ParameterizedTest
    @CsvSource({
        // used before, used now, event, at wrap counter, told
        "0, 1, 0, true, true",
        "0, 1, 1, true, false",
        "0, 1, 0, false, false",
        "0, 3, 2, true, true",
        "0, 3, 3, true, false",
        "2, 1, 1, true, false",
        "2, 1, 2, true, true",
        "5, 2, 6, true, true",
        "5, 4, 0, false, true",
        "5, 4, 1, false, true",
        "5, 4, 2, false, false",
        "5, 4, 0, true, false",
        "7, 1, 0, false, true",
        "7, 1, 0, true, false",
        "0, 7, 6, true, true",
        "0, 7, 0, false, false"
    })
    void withEventIndexTheDriverIsToldWhenItsDescriptorWasUsed(
            final int before, final int used, final int event, final boolean wrap, final boolean told) {
        turn(events, before);
        events.publishAndAsk();
        ring.driverEvents(event, wrap, PackedGuestRing.EVENTS_AT_DESCRIPTOR);

        turn(events, used);

        assertEquals(told, events.publishAndAsk());
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, 1000, 32767})
    void anEventBeyondTheRingDoesNoHarm(final int event) {
        ring.driverEvents(event, true, PackedGuestRing.EVENTS_AT_DESCRIPTOR);
        turn(events, 3);

        assertFalse(events.publishAndAsk());
    }

    @Test
    void whatWasPublishedEarlyStillCountsForTheDecision() {
        ring.driverEvents(0, true, PackedGuestRing.EVENTS_AT_DESCRIPTOR);
        turn(events, 3);
        events.publish();
        turn(events, 3);

        assertTrue(events.publishAndAsk());
    }

    @Test
    void aDescriptorInTheMiddleOfAChainIsPassed() {
        ring.driverEvents(1, true, PackedGuestRing.EVENTS_AT_DESCRIPTOR);
        offerMany(3);
        events.used(events.peek(chain), 0);

        assertTrue(events.publishAndAsk());
    }

    // ---- notifications from the driver: K4 ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDeviceCanForbidNotifications(final boolean eventIndex) {
        final Virtqueue queue = eventIndex ? events : plain;
        queue.suppressNotifications();
        assertEquals(DISABLED << 16, ring.deviceEvents());

        assertFalse(queue.enableNotifications());
        assertTrue(ring.kickWanted(eventIndex));
    }

    @Test
    void withEventIndexTheNextDescriptorIsAskedForWithItsWrapCounter() {
        turn(events, SIZE + 2);
        events.publish();

        assertFalse(events.enableNotifications());

        assertEquals(PackedGuestRing.EVENTS_AT_DESCRIPTOR << 16 | 2, ring.deviceEvents());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChainThatCameBeforeTheDriverKnewIsNotMissed(final boolean eventIndex) {
        final Virtqueue queue = eventIndex ? events : plain;
        queue.suppressNotifications();
        assertEquals(Virtqueue.EMPTY, queue.peek(chain));
        ring.offer(Buffer.readable(0, 1));

        assertTrue(queue.enableNotifications());
    }

    // ---- layouts that cannot be ----

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1024, 2048, not from 1 to 32768",
        "32769, 0, 1024, 2048, not from 1 to 32768",
        "8, 8, 1024, 2048, not aligned to 16",
        "8, 0, 1026, 2048, not aligned to 4",
        "8, 0, 1024, 2050, not aligned to 4",
        "8, 65536, 1024, 2048, descriptor ring of 128 bytes at 0x10000 does not lie",
        "8, 0, 65536, 2048, driver event suppression of 4 bytes at 0x10000 does not lie",
        "8, 0, 1024, 65536, device event suppression of 4 bytes at 0x10000 does not lie",
        "8, -16, 1024, 2048, descriptor ring"
    })
    void aLayoutThatCannotBeIsRefused(
            final int size, final long descriptors, final long driver, final long device, final String why) {
        final BadRingException refusal = assertThrows(
                BadRingException.class,
                () -> Virtqueues.open(
                        memory,
                        new QueueLayout(size, descriptors, driver, device),
                        new RingForm(true, true, false, false)));

        assertTrue(refusal.toString().contains(why), refusal.toString());
    }
}
