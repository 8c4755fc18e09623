package io.drivebay.driver.filter;

import io.drivebay.backend.object.LayerObject;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The nodes that share limits; they may live in several contexts. Any thread. */
final class ThrottleGroup implements LayerObject {
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final ThrottleLane reads = new ThrottleLane(Direction.READ, lock);
    private final ThrottleLane writes = new ThrottleLane(Direction.WRITE, lock);
    private volatile ThrottleLimits limits = ThrottleLimits.NONE;
    private volatile boolean unlimited = true;
    private int members;

    /** A group with limits. */
    ThrottleGroup(final String name, final ThrottleLimits limits) {
        this.name = name;
        limits(limits);
    }

    String name() {
        return name;
    }

    ThrottleLimits limits() {
        return limits;
    }

    /** Changes the limits; what has passed before counts no more. */
    void limits(final ThrottleLimits newLimits) {
        lock.lock();
        try {
            limits = newLimits;
            unlimited = newLimits.none();
            final Bucket allOperations = new Bucket(newLimits.operations().total());
            final Bucket allBytes = new Bucket(newLimits.bytes().total());
            reads.limit(newLimits, allOperations, allBytes);
            writes.limit(newLimits, allOperations, allBytes);
        } finally {
            lock.unlock();
        }
        reads.wake();
        writes.wake();
    }

    /** True when a request may pass without asking. */
    boolean unlimited() {
        return unlimited;
    }

    ThrottleLane lane(final Direction direction) {
        return direction == Direction.READ ? reads : writes;
    }

    void join() {
        lock.lock();
        try {
            members++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            members--;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean inUse() {
        lock.lock();
        try {
            return members > 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("limits", limits.describe());
    }
}
