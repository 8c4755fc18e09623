package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.driver.RequestQueue;

/**
 * What a throttled node holds back of one direction. Its queue is guarded by the group's lock; the timer is its context's,
 * and armed only while it is this one's turn.
 */
final class HeldRequests {
    final ThrottleDriver owner;
    final IoContext context;
    final RequestQueue queue = new RequestQueue();
    final Timer timer;
    /** Made once, so that handing the turn to another context allocates nothing. */
    final Runnable turn;

    HeldRequests(final ThrottleDriver owner, final IoContext context, final ThrottleLane lane) {
        this.owner = owner;
        this.context = context;
        this.turn = () -> lane.passDue(this);
        this.timer = context.timer(turn);
    }
}
