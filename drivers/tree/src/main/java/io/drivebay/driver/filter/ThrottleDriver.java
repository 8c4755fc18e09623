package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.driver.RequestQueue;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds requests back so that their group keeps within its limits. Flushes and questions always pass. */
final class ThrottleDriver extends FilterDriver {
    static final String NAME = "throttle";

    private final ThrottleGroup group;
    private final IoContext context;
    private final Runnable left;
    private final RequestQueue heldReads = new RequestQueue();
    private final RequestQueue heldWrites = new RequestQueue();
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
        this.context = context;
        this.left = left;
    }

    @Override
    public void attached(final BlockNode self) {
        super.attached(self);
        context.run(() -> group.join(this));
    }

    @Override
    public void start(final BlockRequest request) {
        if (group.unlimited()) {
            pass(request);
            return;
        }
        switch (request.operation()) {
            case READ -> throttle(Direction.READ, request);
            case WRITE, WRITE_ZEROES, DISCARD -> throttle(Direction.WRITE, request);
            case FLUSH, BLOCK_STATUS -> pass(request);
        }
    }

    private void throttle(final Direction direction, final BlockRequest request) {
        if (drained) {
            group.count(direction, request);
            pass(request);
        } else {
            group.admit(this, direction, request);
        }
    }

    private RequestQueue held(final Direction direction) {
        return direction == Direction.READ ? heldReads : heldWrites;
    }

    // ---- for the group ----

    void hold(final Direction direction, final BlockRequest request) {
        held(direction).add(request, 0);
    }

    boolean holds(final Direction direction) {
        return !held(direction).isEmpty();
    }

    BlockRequest unhold(final Direction direction) {
        return Objects.requireNonNull(held(direction).poll(), "nothing is held");
    }

    void release(final BlockRequest request) {
        pass(request);
    }

    // ---- drain ----

    @Override
    public void drainBegin() {
        drained = true;
        letGo(Direction.READ);
        letGo(Direction.WRITE);
    }

    private void letGo(final Direction direction) {
        final RequestQueue queue = held(direction);
        group.released(direction, queue.size());
        for (BlockRequest request = queue.poll(); request != null; request = queue.poll()) {
            group.count(direction, request);
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
        context.run(() -> group.leave(this));
        left.run();
    }
}
