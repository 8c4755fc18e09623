package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds requests back so that their group keeps within its limits. Flushes and questions always pass. */
final class ThrottleDriver extends FilterDriver {
    static final String NAME = "throttle";

    private final ThrottleGroup group;
    private final HeldRequests reads;
    private final HeldRequests writes;
    private final Runnable left;
    private boolean drained;

    /**
     * A member of a group.
     *
     * @param left what is to be done when this member has left
     */
    ThrottleDriver(
            final @Nullable BlockNode child, final ThrottleGroup group, final IoContext context, final Runnable left) {
        super(NAME, FILE, child);
        this.group = group;
        this.reads = new HeldRequests(this, context, group.lane(Direction.READ));
        this.writes = new HeldRequests(this, context, group.lane(Direction.WRITE));
        this.left = left;
        group.join();
    }

    @Override
    public void start(final BlockRequest request) {
        if (group.unlimited()) {
            pass(request);
            return;
        }
        switch (request.operation()) {
            case READ -> throttle(Direction.READ, reads, request);
            case WRITE, WRITE_ZEROES, DISCARD, SECURE_ERASE, ZONE_APPEND -> throttle(Direction.WRITE, writes, request);
            default -> pass(request);
        }
    }

    private void throttle(final Direction direction, final HeldRequests held, final BlockRequest request) {
        if (drained) {
            group.lane(direction).count(request);
            pass(request);
        } else if (group.lane(direction).admit(held, request)) {
            pass(request);
        }
    }

    /** For the group: a request's turn has come. */
    void release(final BlockRequest request) {
        pass(request);
    }

    // ---- drain ----

    @Override
    public void drainBegin() {
        drained = true;
        letGo(group.lane(Direction.READ), reads);
        letGo(group.lane(Direction.WRITE), writes);
    }

    private void letGo(final ThrottleLane lane, final HeldRequests held) {
        for (BlockRequest request = lane.letGo(held); request != null; request = lane.letGo(held)) {
            pass(request);
        }
    }

    @Override
    public void drainEnd() {
        drained = false;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("throttle-group", group.name(), "limits", group.limits().describe());
    }

    @Override
    public void close() {
        group.leave();
        left.run();
    }
}
