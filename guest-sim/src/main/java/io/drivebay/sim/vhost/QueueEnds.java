package io.drivebay.sim.vhost;

import io.drivebay.posix.Epoll;
import io.drivebay.posix.EventFd;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.virtio.VirtioTransport.QueueAddresses;

/** A queue's events, and what it takes to set it up again. */
final class QueueEnds implements AutoCloseable {
    final EventFd kick;
    final EventFd call;
    final Epoll epoll;
    volatile int interrupts;
    boolean ready;
    int size;
    QueueAddresses addresses = new QueueAddresses(0, 0, 0);

    QueueEnds() throws PosixException {
        kick = EventFd.create();
        call = EventFd.create();
        epoll = Epoll.create(1);
        epoll.add(call.fd(), Epoll.READABLE, 0);
    }

    @Override
    public void close() {
        epoll.close();
        call.close();
        kick.close();
    }
}
