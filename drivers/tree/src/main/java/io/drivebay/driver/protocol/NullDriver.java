package io.drivebay.driver.protocol;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.driver.DelayLine;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A disk that keeps nothing: every request succeeds, at once or after a fixed time. */
final class NullDriver implements BlockDriver {
    static final String NAME = "null-co";

    /**
     * What a user can choose.
     *
     * @param sizeBytes length of the disk
     * @param latencyNs how long each request takes
     * @param readZeroes whether reads fill the memory with zeros; otherwise they leave it as it is
     */
    record Options(long sizeBytes, long latencyNs, boolean readZeroes) {}

    private final Options options;
    private final @Nullable DelayLine delay;
    private volatile long lengthBytes;

    NullDriver(final Options options, final IoContext context) {
        this.options = options;
        this.delay = options.latencyNs() == 0 ? null : new DelayLine(context, options.latencyNs(), this::finish);
        this.lengthBytes = options.sizeBytes();
    }

    @Override
    public String driverName() {
        return NAME;
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
    public void start(final BlockRequest request) {
        if (delay == null) {
            finish(request);
        } else {
            delay.add(request);
        }
    }

    private void finish(final BlockRequest request) {
        final Operation operation = request.operation();
        if (operation == Operation.BLOCK_STATUS) {
            answerStatus(request);
            return;
        }
        if (operation == Operation.READ && options.readZeroes()) {
            request.vector().fill(0, request.length(), (byte) 0);
        }
        request.complete();
    }

    private void answerStatus(final BlockRequest request) {
        final int content = options.readZeroes() ? BlockStatusFlags.ZERO : BlockStatusFlags.DATA;
        final boolean last = request.offset() + request.length() >= lengthBytes;
        final int end = last ? BlockStatusFlags.END_OF_FILE : 0;
        request.completeStatus(content | BlockStatusFlags.ALLOCATED | end, request.length());
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        lengthBytes = Sizes.checked(NAME, newLengthBytes, Sizes.MAX_BYTES);
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("latency-ns", options.latencyNs(), "read-zeroes", options.readZeroes());
    }
}
