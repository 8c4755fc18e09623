package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a successor makes of the region and the ring that a killed process leaves behind, for every step at which it can be
 * killed. Offsets and steps are the specification's (vhost-user, "Inflight I/O tracking").
 */
final class TrackedSplitQueueTest {
    private static final int SIZE = RingDriver.SIZE;
    private static final int USED_IDX = SplitRingDriver.USED_IDX;

    private final MemoryRegion ram = MemoryRegion.allocate(RingDriver.BYTES);
    private final MemoryRegion region =
            MemoryRegion.of(ram.buffer().slice(RingDriver.REGION, RingDriver.BYTES - RingDriver.REGION));
    private final RingDriver driver = new SplitRingDriver(ram);
    private final DescriptorChain chain = new DescriptorChain();

    private Virtqueue successor() throws BadRingException, ProtocolException {
        return driver.successor();
    }

    private void offer(final int... heads) {
        driver.offer(heads);
    }

    private List<Integer> takeAll(final Virtqueue queue) {
        final List<Integer> taken = new ArrayList<>();
        for (int head = queue.peek(chain); head >= 0; head = queue.peek(chain)) {
            taken.add(head);
            queue.advance();
        }
        return taken;
    }

    private int inFlight(final int head) {
        return region.getByte(16 + 16 * head);
    }

    @Test
    void aFreshRegionIsMadeOut() throws BadRingException, ProtocolException {
        successor();
        assertEquals(1, region.getShort(8));
        assertEquals(SIZE, region.getShort(10));
    }

    @Test
    void whatWasTakenIsTakenAgainInItsOrderAndThenTheRest() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        assertEquals(List.of(5, 3, 1), takeAll(killed));
        offer(2);
        assertEquals(List.of(5, 3, 1, 2), takeAll(successor()));
    }

    @Test
    void killedBeforeTheMarkItIsTakenOnce() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue killed = successor();
        killed.peek(chain);
        assertEquals(List.of(5, 3), takeAll(successor()));
    }

    @Test
    void killedBeforeTheUsedIndexIsOutItIsTakenAgain() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue killed = successor();
        takeAll(killed);
        killed.used(3, 1);
        assertEquals(List.of(5, 3), takeAll(successor()));
        assertEquals(0, ram.getShort(USED_IDX));
    }

    @Test
    void killedAfterTheUsedIndexIsOutItIsNotRepeated() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        killed.used(3, 1);
        killed.used(5, 1);
        ram.putShort(USED_IDX, (short) 2); // the last thing that it did
        assertEquals(List.of(1), takeAll(successor()));
        assertEquals(0, inFlight(3) + inFlight(5));
        assertEquals(2, region.getShort(14));
    }

    @Test
    void killedAmongTheMarksTheRestIsTakenAway() throws BadRingException, ProtocolException {
        offer(5, 3, 1);
        final Virtqueue killed = successor();
        takeAll(killed);
        killed.used(3, 1);
        killed.used(5, 1);
        ram.putShort(USED_IDX, (short) 2);
        region.putByte(16 + 16 * 5, (byte) 0);
        assertEquals(List.of(1), takeAll(successor()));
        assertEquals(0, inFlight(3));
    }

    @Test
    void killedBeforeTheIndexIsNotedNothingIsRepeated() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue killed = successor();
        takeAll(killed);
        killed.used(5, 1);
        killed.publish();
        region.putShort(14, (short) 0);
        assertEquals(List.of(3), takeAll(successor()));
    }

    @Test
    void afterACleanEndOnlyWhatIsNewIsTaken() throws BadRingException, ProtocolException {
        offer(5, 3);
        final Virtqueue former = successor();
        takeAll(former);
        former.used(5, 1);
        former.used(3, 1);
        former.publishAndAsk();
        offer(4);
        assertEquals(List.of(4), takeAll(successor()));
    }

    @Test
    void aSuccessorOfASuccessorKeepsTheOrder() throws BadRingException, ProtocolException {
        offer(5, 3);
        takeAll(successor());
        final Virtqueue second = successor();
        takeAll(second);
        offer(1);
        takeAll(second);
        assertEquals(List.of(5, 3, 1), takeAll(successor()));
    }

    @Test
    void aDriverThatWasToldNotToKickIsAskedToAgain() throws BadRingException, ProtocolException {
        final Virtqueue killed = successor();
        killed.suppressNotifications();
        assertEquals(1, ram.getShort(RingDriver.DEVICE_AREA));
        successor().enableNotifications();
        assertEquals(0, ram.getShort(RingDriver.DEVICE_AREA));
    }

    @Test
    void aRegionThatContradictsTheRingIsRefused() throws BadRingException, ProtocolException {
        successor();
        region.putShort(14, (short) 100);
        assertThrows(ProtocolException.class, this::successor);
        region.putShort(14, (short) 0);
        region.putShort(8, (short) 9);
        assertThrows(ProtocolException.class, this::successor);
        region.putShort(8, (short) 1);
        region.putShort(12, (short) 99);
        ram.putShort(USED_IDX, (short) 1);
        assertThrows(ProtocolException.class, this::successor);
    }
}
