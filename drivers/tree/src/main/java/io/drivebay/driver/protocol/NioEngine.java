package io.drivebay.driver.protocol;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.request.IoVector;
import io.drivebay.posix.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** File I/O by Java's own channels on a few threads, for where there is no Linux underneath. */
final class NioEngine implements FileEngine {
    private static final Logger LOG = LoggerFactory.getLogger(NioEngine.class);
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private final IoContext context;
    private final FileChannel channel;
    private final ThreadPoolExecutor threads;

    NioEngine(final IoContext context, final FileChannel channel, final String name) {
        this.context = context;
        this.channel = channel;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    final Thread thread = new Thread(work, "drivebay-nio-" + name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** A call that blocks; returns bytes moved. */
    private interface Call {
        int run() throws IOException;
    }

    private boolean run(final Call call, final FileTask task) {
        threads.execute(() -> {
            final int result = result(call);
            context.execute(() -> task.done(result));
        });
        return true;
    }

    private static int result(final Call call) {
        try {
            return call.run();
        } catch (final IOException e) {
            LOG.debug("File operation failed", e);
            return -errnoOf(e);
        }
    }

    /* Java tells errors apart by the words of strerror only. */
    private static int errnoOf(final IOException e) {
        final String message = String.valueOf(e.getMessage());
        final boolean full = message.contains("No space left") || message.contains("not enough space");
        return full ? Errno.ENOSPC.number() : Errno.EIO.number();
    }

    @Override
    public boolean read(final IoVector vector, final long offset, final FileTask task) {
        return run(() -> readSegments(vector, offset), task);
    }

    private int readSegments(final IoVector vector, final long offset) throws IOException {
        int done = 0;
        for (int i = 0; i < vector.count(); i++) {
            final ByteBuffer segment = buffer(vector, i);
            while (segment.hasRemaining()) {
                final int count = channel.read(segment, offset + done);
                if (count <= 0) {
                    return done;
                }
                done += count;
            }
        }
        return done;
    }

    @Override
    public boolean write(final IoVector vector, final long offset, final boolean durable, final FileTask task) {
        return run(
                () -> {
                    final int done = writeSegments(vector, offset);
                    if (durable) {
                        channel.force(false);
                    }
                    return done;
                },
                task);
    }

    private int writeSegments(final IoVector vector, final long offset) throws IOException {
        int done = 0;
        for (int i = 0; i < vector.count(); i++) {
            final ByteBuffer segment = buffer(vector, i);
            while (segment.hasRemaining()) {
                final int count = channel.write(segment, offset + done);
                if (count <= 0) {
                    return done;
                }
                done += count;
            }
        }
        return done;
    }

    private static ByteBuffer buffer(final IoVector vector, final int segment) {
        return vector.region(segment).buffer().slice(vector.offset(segment), vector.length(segment));
    }

    @Override
    public boolean flush(final FileTask task) {
        return run(
                () -> {
                    channel.force(false);
                    return 0;
                },
                task);
    }

    /** The queue of the threads has no end: nothing is ever refused. */
    @Override
    public void whenRoom(final Runnable retry) {
        context.execute(retry);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        try {
            final long present = channel.size();
            if (newLengthBytes > present) {
                channel.write(ByteBuffer.allocate(1), newLengthBytes - 1);
            } else {
                channel.truncate(newLengthBytes);
            }
        } catch (final IOException e) {
            throw new BlockException(Kind.IO, "changing the length to " + newLengthBytes + " bytes failed: " + e, e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            channel.close();
        } catch (final IOException e) {
            LOG.warn("Closing a file failed", e);
        }
    }
}
