package io.drivebay.monitor.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OutputQueueTest {
    private static final byte[] QUARTER = new byte[OutputQueue.MAX_BYTES / 4];

    private int cutOffs;
    private final OutputQueue queue = new OutputQueue(() -> cutOffs++);

    @Test
    void eventsThatMayBeLeftOutTakeHalfOfTheRoom() {
        for (int i = 0; i < 5; i++) {
            queue.event(QUARTER, true);
        }
        assertEquals(3, queue.left());
        queue.event(QUARTER, false);
        queue.event(QUARTER, false);
        assertEquals(0, cutOffs);
    }

    @Test
    void aClientThatMissesAnEventIsCutOff() {
        for (int i = 0; i < 5; i++) {
            queue.event(QUARTER, false);
        }
        assertEquals(1, cutOffs);
        assertNull(queue.next());
    }

    @Test
    void oneReplyMayBeLongerThanTheQueue() {
        final byte[] long1 = new byte[3 * OutputQueue.MAX_BYTES];
        queue.reply(long1);
        assertArrayEquals(long1, queue.next());
    }

    @Test
    void aReplyWaitsUntilThereIsRoom() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            queue.reply(QUARTER);
        }
        final Thread fifth = new Thread(() -> queue.reply(QUARTER));
        fifth.start();
        assertArrayEquals(QUARTER, queue.next());
        queue.written();
        fifth.join();
        assertEquals(0, cutOffs);
    }

    @Test
    void aReplyThatWaitsIsGivenUpAtTheEnd() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            queue.reply(QUARTER);
        }
        final Thread fifth = new Thread(() -> queue.reply(QUARTER));
        fifth.start();
        queue.end();
        fifth.join();
        assertNull(queue.next());
    }

    @Test
    void whatIsThereIsStillSentAfterTheLastOne() {
        queue.reply(QUARTER);
        queue.finish();
        assertArrayEquals(QUARTER, queue.next());
        queue.written();
        assertNull(queue.next());
    }
}
