package io.drivebay.perf.jmh;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.PosixException;
import java.util.Map;

/** A block layer with one context and one backend, for a benchmark to drive. */
final class Bench implements AutoCloseable {
    static final long DISK_BYTES = 1L << 30;

    private final BlockLayer layer = new BlockLayer();
    private final IoContext context;
    private final BlockBackend backend;

    private Bench(final IoContext context) {
        this.context = layer.addContext(context);
        this.backend = layer.createBackend(context);
    }

    /** One thread does everything: the cost without hand-overs between processors. */
    static Bench stepped() {
        return new Bench(IoContext.stepped("bench", SystemClock.INSTANCE));
    }

    /** The context has a thread of its own, and files the best way there is. */
    static Bench threaded() throws PosixException {
        final AsyncFilePort port = AsyncFilePort.open(PortOptions.DEFAULT);
        return new Bench(new IoContext("bench", SystemClock.INSTANCE, port).start());
    }

    Bench insert(final Map<String, Object> options) throws BlockException {
        return insert(new Blockdevs(layer).add(context, options));
    }

    Bench insert(final BlockNode medium) throws BlockException {
        layer.insertMedium(backend, medium);
        return this;
    }

    /** A disk that does nothing. */
    Bench insertNull() throws BlockException {
        return insert(Map.of("driver", "null-co", "size", DISK_BYTES));
    }

    BlockLayer layer() {
        return layer;
    }

    IoContext context() {
        return context;
    }

    BlockBackend backend() {
        return backend;
    }

    @Override
    public void close() {
        layer.close();
        context.close();
    }
}
