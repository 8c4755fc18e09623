package io.drivebay.virtio.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain.Fault;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The split ring by itself: what comes out of it, what goes back, and who is told (S3 to S8, V13). */
final class SplitVirtqueueTest {
    private static final int SIZE = 8;
    private static final int SUPPRESS = 1;
    private static final int TABLE = 8192;

    private final MemoryRegion ram = MemoryRegion.allocate(65536);
    private final GuestMemory memory = GuestMemory.of(ram);
    private final GuestRing ring = new GuestRing(ram, 0, SIZE);
    private final DescriptorChain chain = new DescriptorChain();
    private final SplitVirtqueue plain = queue(false);
    private final SplitVirtqueue events = queue(true);

    private SplitVirtqueue queue(final boolean eventIndex) {
        try {
            return new SplitVirtqueue(
                    memory, new QueueLayout(SIZE, ring.descriptors(), ring.available(), ring.used()), true, eventIndex);
        } catch (final BadRingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void use(final SplitVirtqueue queue, final int count) {
        for (int i = 0; i < count; i++) {
            queue.used(i % SIZE, i);
        }
    }

    // ---- taking ----

    @Test
    void anEmptyQueueSaysSo() {
        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void aChainComesOutInOrder() {
        final int head = ring.offer(Buffer.readable(100, 16), Buffer.writable(200, 512), Buffer.writable(900, 1));

        assertEquals(head, plain.peek(chain));

        assertEquals(3, chain.count());
        assertEquals(1, chain.readable());
        assertEquals(200, chain.address(1));
        assertEquals(512, chain.lengthBytes(1));
        assertEquals(2, chain.lastWritable());
        assertEquals(513, chain.writableBytes());
        assertEquals(Fault.NONE, chain.fault());
    }

    @Test
    void aChainStaysUntilItIsTaken() {
        ring.offer(Buffer.readable(100, 16));
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
    void theChainsBehindTheNextAreToldOnceTheyWereSeen() {
        final int first = ring.offer(Buffer.readable(100, 16));
        final int second = ring.offer(Buffer.readable(300, 16));
        assertEquals(Virtqueue.EMPTY, plain.upcoming(0));

        plain.peek(chain);

        assertEquals(first, plain.upcoming(0));
        assertEquals(second, plain.upcoming(1));
        assertEquals(Virtqueue.EMPTY, plain.upcoming(2));
        plain.advance();
        assertEquals(second, plain.upcoming(0));
    }

    @Test
    void aHeadBeyondTheRingIsNotToldAhead() {
        ring.offer(Buffer.readable(100, 16));
        ring.offer(Buffer.readable(300, 16));
        ram.putShort(ring.available() + SplitLayout.RING + SplitLayout.HEAD_BYTES, (short) SIZE);

        plain.peek(chain);

        assertEquals(Virtqueue.EMPTY, plain.upcoming(1));
    }

    @Test
    void theAvailableIndexWrapsAtSixteenBits() {
        for (int i = 0; i < 65536 + SIZE; i++) {
            ring.offer(Buffer.readable(i, 16));
            assertTrue(plain.peek(chain) >= 0);
            assertEquals(i, chain.address(0));
            plain.advance();
        }
        assertEquals(Virtqueue.EMPTY, plain.peek(chain));
    }

    @Test
    void lengthsAreUnsigned() {
        ring.offer(Buffer.writable(0, -1));

        plain.peek(chain);

        assertEquals(0xffffffffL, chain.lengthBytes(0));
        assertEquals(0xffffffffL, chain.writableBytes());
    }

    @Test
    void aChainThatFillsTheQueueIsNoLoop() {
        final Buffer[] buffers = new Buffer[SIZE];
        Arrays.fill(buffers, Buffer.readable(0, 1));
        ring.offer(buffers);

        assertTrue(plain.peek(chain) >= 0);
        assertEquals(SIZE, chain.count());
    }

    @Test
    void aFaultDoesNotOutliveItsChain() {
        ring.offer(Buffer.indirect(TABLE, 7));
        ring.offer(Buffer.readable(0, 1));
        plain.peek(chain);
        assertEquals(Fault.BAD_INDIRECT_TABLE, chain.fault());
        plain.advance();

        plain.peek(chain);

        assertEquals(Fault.NONE, chain.fault());
    }

    @Test
    void theFaultThatHidesTheEndCountsMost() {
        ring.offer(ring.table(TABLE, Buffer.readable(0, 0), Buffer.indirect(0, 16)));

        plain.peek(chain);

        assertEquals(Fault.MISPLACED_INDIRECT, chain.fault());
        assertFalse(chain.fault().complete());
    }

    @Test
    void whatIsWrongWithTheRingIsSaid() {
        ring.offerHead(SIZE);

        assertEquals(Virtqueue.CORRUPT, plain.peek(chain));
        assertEquals("available head 8 in a queue of 8", plain.problem());
    }

    // ---- notifications from the driver ----

    @Test
    void withoutEventIndexTheUsedFlagsSuppressNotifications() {
        plain.suppressNotifications();
        assertEquals(SUPPRESS, ring.usedFlags());

        assertFalse(plain.enableNotifications());
        assertEquals(0, ring.usedFlags());
    }

    @Test
    void withEventIndexTheUsedFlagsStayZero() {
        events.suppressNotifications();

        assertEquals(0, ring.usedFlags());
    }

    @Test
    void withEventIndexTheNextChainIsAskedFor() {
        ring.offer(Buffer.readable(0, 1));
        events.peek(chain);
        events.advance();

        assertFalse(events.enableNotifications());

        assertEquals(1, ring.availableEvent());
        ring.offer(Buffer.readable(0, 1));
        assertTrue(ring.wantsKick(1));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aChainThatCameBeforeTheDriverKnewIsNotMissed(final boolean eventIndex) {
        final SplitVirtqueue queue = eventIndex ? events : plain;
        queue.suppressNotifications();
        assertEquals(Virtqueue.EMPTY, queue.peek(chain));
        ring.offer(Buffer.readable(0, 1));

        assertTrue(queue.enableNotifications());
    }

    // ---- giving back ----

    @Test
    void usedBuffersAreSeenWhenPublished() {
        plain.used(5, 513);
        assertEquals(0, ring.usedIndex());

        plain.publish();

        assertEquals(new Used(5, 513), ring.poll());
    }

    @Test
    void usedBuffersFollowOneAnotherRoundTheRing() {
        for (int i = 0; i < 65536 + SIZE; i++) {
            plain.used(i % SIZE, i);
            plain.publish();
            assertEquals(new Used(i % SIZE, i), ring.poll());
        }
    }

    @Test
    void withoutEventIndexTheFlagsDecide() {
        use(plain, 1);
        assertTrue(plain.publishAndAsk());

        ring.availableFlags(SUPPRESS);
        ring.usedEvent(1);
        use(plain, 1);
        assertFalse(plain.publishAndAsk());
    }

    @Test
    void nothingNewIsNothingToTell() {
        assertFalse(plain.publishAndAsk());
        assertFalse(events.publishAndAsk());
    }

    @ParameterizedTest
    @CsvSource({
        // before, used, event, told
        "0, 1, 0, true",
        "0, 1, 1, false",
        "0, 3, 1, true",
        "0, 3, 2, true",
        "0, 3, 3, false",
        "2, 1, 1, false",
        "2, 1, 2, true",
        "2, 4, 5, true",
        "2, 4, 6, false",
        "0, 1, 65535, false",
        "65530, 4, 65533, true",
        "65530, 8, 1, true",
        "65530, 8, 2, false"
    })
    void withEventIndexTheDriverIsToldWhenItsEventWasCrossed(
            final int before, final int used, final int event, final boolean told) {
        use(events, before);
        events.publishAndAsk();
        ring.usedEvent(event);
        ring.availableFlags(SUPPRESS);

        use(events, used);

        assertEquals(told, events.publishAndAsk());
    }

    @Test
    void whatWasPublishedEarlyStillCountsForTheDecision() {
        ring.usedEvent(0);
        use(events, 3);
        events.publish();
        use(events, 3);

        assertTrue(events.publishAndAsk());
    }

    // ---- layouts that cannot be ----

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1024, 2048, no power of two",
        "7, 0, 1024, 2048, no power of two",
        "65536, 0, 1024, 2048, no power of two",
        "8, 8, 1024, 2048, not aligned to 16",
        "8, 0, 1025, 2048, not aligned to 2",
        "8, 0, 1024, 2050, not aligned to 4",
        "8, 65536, 1024, 2048, descriptor table of 128 bytes at 0x10000 does not lie",
        "8, 0, 65520, 2048, available ring of 20 bytes at 0xfff0 does not lie",
        "8, 0, 1024, 65528, used ring of 68 bytes at 0xfff8 does not lie",
        "8, -16, 1024, 2048, descriptor table",
        "8, 0, 1024, 9223372036854775804, used ring"
    })
    void aLayoutThatCannotBeIsRefused(
            final int size, final long descriptors, final long available, final long used, final String why) {
        final BadRingException refusal = assertThrows(
                BadRingException.class,
                () -> new SplitVirtqueue(memory, new QueueLayout(size, descriptors, available, used), true, false));

        assertTrue(refusal.toString().contains(why), refusal.toString());
    }
}
