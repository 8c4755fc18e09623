package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WakerTest {
    private static final long NO_SLEEP_NS = 0;

    /** How many signals wait on the waker's descriptor: 0 or 1. */
    private static int signals(final Waker waker) throws PosixException {
        try (Epoll epoll = Epoll.create(1)) {
            epoll.add(waker.fd(), Epoll.READABLE, 0);
            return epoll.await(NO_SLEEP_NS);
        }
    }

    @Test
    void wakeOfAnAwakeSleeperMakesNoSignalAndPreventsTheNextSleep() throws PosixException {
        try (Waker waker = Waker.create()) {
            waker.wake();
            waker.wake();
            assertEquals(0, signals(waker));
            assertFalse(waker.trySleep());
            assertTrue(waker.trySleep());
        }
    }

    @Test
    void wakeOfASleeperMakesOneSignalHoweverOften() throws PosixException {
        try (Waker waker = Waker.create()) {
            assertTrue(waker.trySleep());
            assertEquals(0, signals(waker));
            waker.wake();
            waker.wake();
            assertEquals(1, signals(waker));
            waker.awake();
        }
    }

    @Test
    void wakeDuringASleepIsConsumedByIt() throws PosixException {
        try (Waker waker = Waker.create()) {
            assertTrue(waker.trySleep());
            waker.wake();
            waker.awake();
            assertTrue(waker.trySleep());
            waker.awake();
        }
    }

    @Test
    void closedWakerIgnoresWakes() throws PosixException {
        final Waker waker = Waker.create();
        waker.close();
        waker.wake();
        waker.close();
    }
}
