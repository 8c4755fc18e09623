package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A filter that passes requests on at once or, as a throttle does, only when the time has come or a drain hurries it. */
public final class TestFilter implements BlockDriver {
    private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
    private boolean throttles;
    private boolean hurried;
    private int passed;
    private int childResizes;
    private boolean closed;
    private @Nullable Child file;

    public TestFilter throttle() {
        throttles = true;
        return this;
    }

    public int waiting() {
        return waiting.size();
    }

    public int passed() {
        return passed;
    }

    public int childResizes() {
        return childResizes;
    }

    public boolean closed() {
        return closed;
    }

    /** Lets the oldest waiting request go on. */
    public void passOne() {
        pass(waiting.removeFirst());
    }

    @Override
    public String driverName() {
        return "test-filter";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public void attached(final BlockNode self) {
        file = self.children().isEmpty()
                ? self.newChild("file")
                : self.children().get(0);
    }

    @Override
    public long length() {
        final BlockNode below = file == null ? null : file.node();
        return below == null ? 0 : below.length();
    }

    @Override
    public void start(final BlockRequest request) {
        if (throttles && !hurried) {
            waiting.add(request);
        } else {
            pass(request);
        }
    }

    private void pass(final BlockRequest request) {
        passed++;
        Objects.requireNonNull(file).submit(request);
    }

    @Override
    public void drainBegin() {
        hurried = true;
        while (!waiting.isEmpty()) {
            passOne();
        }
    }

    @Override
    public void drainEnd() {
        hurried = false;
    }

    @Override
    public void childResized() {
        childResizes++;
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        Objects.requireNonNull(file).requireNode().driver().resize(newLengthBytes);
    }

    @Override
    public void close() {
        closed = true;
    }
}
