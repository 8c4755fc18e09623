package io.drivebay.driver.filter;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.driver.filter.ThrottleLimits.Rates;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that share limits. Each holds its own requests back; the group says whose turn it is.
 *
 * <p>Reads and writes wait apart. When something may pass, the members that have a request take turns, so that a busy
 * one cannot push the others aside. The context's thread only.
 */
final class ThrottleGroup {
    private final String name;
    private final Clock clock;
    private final List<ThrottleDriver> members = new ArrayList<>();
    private final Lane reads;
    private final Lane writes;
    private volatile ThrottleLimits limits = ThrottleLimits.NONE;
    private boolean unlimited = true;

    ThrottleGroup(final String name, final IoContext context) {
        this.name = name;
        this.clock = context.clock();
        this.reads = new Lane(Direction.READ, context);
        this.writes = new Lane(Direction.WRITE, context);
    }

    String name() {
        return name;
    }

    /** Any thread. */
    ThrottleLimits limits() {
        return limits;
    }

    /** Changes the limits; what has passed before counts no more. */
    void limits(final ThrottleLimits newLimits) {
        limits = newLimits;
        unlimited = newLimits.none();
        final long nowNs = clock.nanoTime();
        final Bucket allOperations = new Bucket(newLimits.operations().total(), nowNs);
        final Bucket allBytes = new Bucket(newLimits.bytes().total(), nowNs);
        reads.buckets(allOperations, allBytes, newLimits, nowNs);
        writes.buckets(allOperations, allBytes, newLimits, nowNs);
        reads.passDue();
        writes.passDue();
    }

    void join(final ThrottleDriver member) {
        members.add(member);
    }

    void leave(final ThrottleDriver member) {
        members.remove(member);
    }

    /** True when a request may pass without asking. */
    boolean unlimited() {
        return unlimited;
    }

    /** Lets a member's request pass, now or when it is its turn. */
    void admit(final ThrottleDriver member, final Direction direction, final BlockRequest request) {
        lane(direction).admit(member, request);
    }

    /** Counts a request that passes whatever the limits. */
    void count(final Direction direction, final BlockRequest request) {
        lane(direction).count(request);
    }

    private Lane lane(final Direction direction) {
        return direction == Direction.READ ? reads : writes;
    }

    /** All requests of one direction. */
    private final class Lane {
        private final Direction direction;
        private final Timer timer;
        private Bucket[] operationBuckets = {};
        private Bucket[] byteBuckets = {};
        private int waiting;
        private int turn;

        Lane(final Direction direction, final IoContext context) {
            this.direction = direction;
            this.timer = context.timer(this::passDue);
        }

        void buckets(
                final Bucket allOperations, final Bucket allBytes, final ThrottleLimits newLimits, final long nowNs) {
            operationBuckets = new Bucket[] {allOperations, own(newLimits.operations(), nowNs)};
            byteBuckets = new Bucket[] {allBytes, own(newLimits.bytes(), nowNs)};
        }

        private Bucket own(final Rates rates, final long nowNs) {
            return new Bucket(direction == Direction.READ ? rates.read() : rates.write(), nowNs);
        }

        void admit(final ThrottleDriver member, final BlockRequest request) {
            final long nowNs = clock.nanoTime();
            final long waitNs = waiting > 0 ? 0 : waitNs(nowNs);
            if (waiting == 0 && waitNs == 0) {
                count(request);
                member.release(request);
                return;
            }
            member.hold(direction, request);
            waiting++;
            if (waiting == 1) {
                timer.arm(nowNs + waitNs);
            }
        }

        private long waitNs(final long nowNs) {
            long wait = 0;
            for (int i = 0; i < operationBuckets.length; i++) {
                wait = Math.max(wait, operationBuckets[i].waitNs(nowNs));
                wait = Math.max(wait, byteBuckets[i].waitNs(nowNs));
            }
            return wait;
        }

        void count(final BlockRequest request) {
            final long unit = limits.operationBytes();
            final double operations = unit > 0 && request.length() > unit ? (double) request.length() / unit : 1;
            for (int i = 0; i < operationBuckets.length; i++) {
                operationBuckets[i].pour(operations);
                byteBuckets[i].pour((double) request.length());
            }
        }

        /** Lets pass what may, one of each member in turn, and comes back when the next may. */
        void passDue() {
            final long nowNs = clock.nanoTime();
            while (waiting > 0) {
                final long waitNs = waitNs(nowNs);
                if (waitNs > 0) {
                    timer.arm(nowNs + waitNs);
                    return;
                }
                final ThrottleDriver member = next();
                final BlockRequest request = member.unhold(direction);
                waiting--;
                count(request);
                member.release(request);
            }
        }

        /** The member after the one that was served last that has something waiting. */
        private ThrottleDriver next() {
            for (int i = 0; i < members.size(); i++) {
                turn = (turn + 1) % members.size();
                if (members.get(turn).holds(direction)) {
                    return members.get(turn);
                }
            }
            throw new IllegalStateException(waiting + " requests wait in throttle group '" + name + "' in no member");
        }

        void released(final int count) {
            waiting -= count;
            if (waiting == 0) {
                timer.cancel();
            }
        }
    }

    /** Some of a member's waiting requests have been taken out past the limits. */
    void released(final Direction direction, final int count) {
        lane(direction).released(count);
    }
}
