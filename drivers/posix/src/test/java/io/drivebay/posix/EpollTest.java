package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EpollTest {
    @Test
    void tokensAndEventsOfReadyDescriptorsComeBack() throws PosixException {
        try (EventFd first = EventFd.create();
                EventFd second = EventFd.create();
                Epoll epoll = Epoll.create(4)) {
            epoll.add(first.fd(), Epoll.READABLE, 0x1234_5678_9abc_def0L);
            epoll.add(second.fd(), Epoll.READABLE, 2);
            assertEquals(0, epoll.await(0));
            first.signal();
            assertEquals(1, epoll.await(Long.MAX_VALUE));
            assertEquals(0x1234_5678_9abc_def0L, epoll.token(0));
            assertEquals(Epoll.READABLE, epoll.events(0));
            second.signal();
            assertEquals(2, epoll.await(Long.MAX_VALUE));
        }
    }

    @Test
    void edgeIsReportedOnceForEachSignal() throws PosixException {
        try (EventFd event = EventFd.create();
                Epoll epoll = Epoll.create(4)) {
            epoll.add(event.fd(), Epoll.READABLE | Epoll.EDGE_TRIGGERED, 1);
            event.signal();
            assertEquals(1, epoll.await(0));
            assertEquals(0, epoll.await(0));
            event.signal();
            assertEquals(1, epoll.await(0));
        }
    }

    @Test
    void removedDescriptorsAreNotWatched() throws PosixException {
        try (EventFd event = EventFd.create();
                Epoll epoll = Epoll.create(4)) {
            epoll.add(event.fd(), Epoll.READABLE, 1);
            event.signal();
            epoll.remove(event.fd());
            assertEquals(0, epoll.await(0));
            final PosixException e = assertThrows(PosixException.class, () -> epoll.remove(event.fd()));
            assertEquals(Errno.ENOENT.number(), e.errno());
        }
    }

    @Test
    void timeoutIsKeptWhereTheKernelOnlyKnowsMilliseconds() throws Exception {
        final long tookNs = Restricted.call(Abi.SYS_EPOLL_PWAIT2, Errno.ENOSYS, () -> {
            try (Epoll epoll = Epoll.create(1)) {
                final long startNs = System.nanoTime();
                assertEquals(0, epoll.await(20_100_000));
                return System.nanoTime() - startNs;
            }
        });
        assertTrue(tookNs >= 20_100_000 && tookNs < 5_000_000_000L, "took " + tookNs + " ns");
    }

    @Test
    void drainReturnsHowOftenAnEventWasSignaled() throws PosixException {
        try (EventFd event = EventFd.create()) {
            assertEquals(0, event.drain());
            event.signal();
            event.signal();
            assertEquals(2, event.drain());
            assertEquals(0, event.drain());
        }
    }
}
