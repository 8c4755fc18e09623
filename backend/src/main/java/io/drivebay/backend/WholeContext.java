package io.drivebay.backend;

import java.util.List;
import java.util.function.Supplier;

/**
 * All nodes and backends of a context as one thing to drain. Who comes meanwhile starts drained, who goes has left the
 * drain. The context's thread, while a control thread holds the graph lock.
 */
final class WholeContext implements Drainable {
    private final String name;
    private final Supplier<List<Drainable>> members;
    private int drainCount;

    WholeContext(final String name, final Supplier<List<Drainable>> members) {
        this.name = name;
        this.members = members;
    }

    @Override
    public void drainBegin() {
        drainCount++;
        members.get().forEach(Drainable::drainBegin);
    }

    @Override
    public void drainEnd() {
        drainCount--;
        final List<Drainable> present = members.get();
        for (int i = present.size() - 1; i >= 0; i--) {
            present.get(i).drainEnd();
        }
    }

    /** Takes a new node or backend in, just before it becomes a member. */
    void join(final Drainable newcomer) {
        for (int i = 0; i < drainCount; i++) {
            newcomer.drainBegin();
        }
    }

    @Override
    public boolean quiet() {
        return members.get().stream().allMatch(Drainable::quiet);
    }

    @Override
    public String describe() {
        return "everything in context " + name;
    }
}
