package io.drivebay.perf.jmh;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;
import org.jspecify.annotations.Nullable;

/** A filter that does nothing but see each request go down and come back up: the least that a layer costs. */
final class PassThrough implements BlockDriver, CompletionFrame {
    static final String CHILD = "file";

    private final long lengthBytes;
    private @Nullable Child below;
    private long seen;

    PassThrough(final long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    @Override
    public String driverName() {
        return "pass-through";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    @Override
    public void attached(final BlockNode self) {
        below = self.children().get(0);
    }

    @Override
    public void start(final BlockRequest request) {
        final Child child = below;
        if (child == null) {
            throw new IllegalStateException("not attached");
        }
        request.push(this, 0);
        child.submit(request);
    }

    @Override
    public boolean completed(final BlockRequest request, final long saved) {
        seen++;
        return true;
    }

    /** How many requests have come back through it. */
    long seen() {
        return seen;
    }
}
