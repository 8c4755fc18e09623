package io.drivebay.driver.filter;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.driver.filter.ThrottleLimits.Rates;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All requests of one direction in a throttle group, whatever contexts its members live in.
 *
 * <p>Members that hold something back stand in a queue. The first one has the turn: its context waits until something may
 * pass, passes its oldest request, and hands the turn to the next, so that a busy member cannot push the others aside.
 * Requests are passed on without the lock, so that no context waits for another one's work.
 */
final class ThrottleLane {
    /** How many requests that are due already a member passes before another context has its turn: a hand-over costs. */
    private static final int QUANTUM = 16;

    private final Direction direction;
    private final ReentrantLock lock;
    private final ArrayDeque<HeldRequests> turns = new ArrayDeque<>();
    private ThrottleLimits limits = ThrottleLimits.NONE;
    private Bucket[] buckets = {};
    private Bucket[] byteBuckets = {};

    /** A lane without limits. */
    ThrottleLane(final Direction direction, final ReentrantLock lock) {
        this.direction = direction;
        this.lock = lock;
    }

    /** Begins anew with other limits. Under the lock; to be followed by {@link #wake} without it. */
    void limit(final ThrottleLimits newLimits, final Bucket allOperations, final Bucket allBytes) {
        limits = newLimits;
        buckets = new Bucket[] {allOperations, own(newLimits.operations())};
        byteBuckets = new Bucket[] {allBytes, own(newLimits.bytes())};
    }

    private Bucket own(final Rates rates) {
        return new Bucket(direction == Direction.READ ? rates.read() : rates.write());
    }

    /** Has whoever has the turn look again. Any thread. */
    void wake() {
        final HeldRequests first = first();
        if (first != null) {
            first.context.execute(first.turn);
        }
    }

    /** True when a request may pass at once and has been counted; otherwise it waits for its turn. The member's context. */
    boolean admit(final HeldRequests member, final BlockRequest request) {
        final long nowNs = member.context.clock().nanoTime();
        lock.lock();
        try {
            final long waitNs = turns.isEmpty() ? waitNs(nowNs) : 0;
            if (turns.isEmpty() && waitNs == 0) {
                pour(request);
                return true;
            }
            if (member.queue.isEmpty()) {
                turns.addLast(member);
            }
            member.queue.add(request, 0);
            if (waitNs > 0) {
                member.timer.arm(nowNs + waitNs);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a request that passes whatever the limits. */
    void count(final BlockRequest request) {
        lock.lock();
        try {
            pour(request);
        } finally {
            lock.unlock();
        }
    }

    private void pour(final BlockRequest request) {
        final long unit = limits.operationBytes();
        final double operations = unit > 0 && request.length() > unit ? (double) request.length() / unit : 1;
        for (int i = 0; i < buckets.length; i++) {
            buckets[i].pour(operations);
            byteBuckets[i].pour((double) request.length());
        }
    }

    private long waitNs(final long nowNs) {
        long wait = 0;
        for (int i = 0; i < buckets.length; i++) {
            wait = Math.max(wait, buckets[i].waitNs(nowNs));
            wait = Math.max(wait, byteBuckets[i].waitNs(nowNs));
        }
        return wait;
    }

    /** Passes what is due while the turn stays in the member's context, which this is. */
    void passDue(final HeldRequests member) {
        HeldRequests current = member;
        for (int passed = 0; ; passed++) {
            final BlockRequest request = next(current, passed);
            if (request == null) {
                return;
            }
            final HeldRequests heir = first();
            current.owner.release(request);
            if (heir == null) {
                return;
            }
            if (heir.context != current.context) {
                heir.context.execute(heir.turn);
                return;
            }
            current = heir;
        }
    }

    private @Nullable HeldRequests first() {
        lock.lock();
        try {
            return turns.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    /** A member's oldest request if it has the turn and something may pass; then the turn goes on. */
    private @Nullable BlockRequest next(final HeldRequests member, final int passed) {
        final long nowNs = member.context.clock().nanoTime();
        lock.lock();
        try {
            if (turns.peekFirst() != member) {
                return null;
            }
            final long waitNs = waitNs(nowNs);
            if (waitNs > 0) {
                member.timer.arm(nowNs + waitNs);
                return null;
            }
            final BlockRequest request = member.queue.poll();
            if (request == null) {
                throw new IllegalStateException("a member without requests has the turn");
            }
            pour(request);
            turns.pollFirst();
            if (!member.queue.isEmpty()) {
                final HeldRequests heir = turns.peekFirst();
                final boolean elsewhere = heir != null && heir.context != member.context;
                if (elsewhere && passed < QUANTUM && waitNs(nowNs) == 0) {
                    turns.addFirst(member);
                } else {
                    turns.addLast(member);
                }
            }
            return request;
        } finally {
            lock.unlock();
        }
    }

    /** A member's oldest request past the limits, but counted; null when none is left. The member's context. */
    @Nullable
    BlockRequest letGo(final HeldRequests member) {
        HeldRequests heir = null;
        lock.lock();
        try {
            final BlockRequest request = member.queue.poll();
            if (request != null) {
                pour(request);
                if (member.queue.isEmpty()) {
                    final boolean hadTheTurn = turns.peekFirst() == member;
                    turns.remove(member);
                    member.timer.cancel();
                    heir = hadTheTurn ? turns.peekFirst() : null;
                }
            }
            return request;
        } finally {
            lock.unlock();
            if (heir != null) {
                heir.context.execute(heir.turn);
            }
        }
    }
}
