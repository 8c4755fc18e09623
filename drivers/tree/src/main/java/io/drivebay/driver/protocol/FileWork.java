package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.IoDomain;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the operations on one open file share: the engine, the tasks for which it has no room, and counters.
 *
 * <p>The context's thread only, but for the counters.
 */
final class FileWork {
    private final IoDomain domain;
    private final FileEngine engine;
    private final @Nullable DirectAlignment direct;
    private final Runnable resume = this::resume;
    private final ArrayDeque<FileTask> parked = new ArrayDeque<>();
    private final ArrayDeque<FileTransfer> idleTransfers = new ArrayDeque<>();
    private String nodeName = "";

    /** How many requests went through a bounce buffer. */
    final AtomicLong bouncedRequests = new AtomicLong();
    /** How many of their bytes did. */
    final AtomicLong bouncedBytes = new AtomicLong();
    /** How many operations had to wait for room. */
    final AtomicLong parkedOperations = new AtomicLong();

    /** The flushes' memory of a failure that cannot be undone. */
    final LostWrites lostWrites;

    /**
     * Work on an engine.
     *
     * @param direct what O_DIRECT demands; null when the page cache is used
     */
    FileWork(final IoDomain domain, final FileEngine engine, final @Nullable DirectAlignment direct) {
        this.domain = domain;
        this.engine = engine;
        this.direct = direct;
        this.lostWrites = new LostWrites(direct == null);
    }

    FileEngine engine() {
        return engine;
    }

    @Nullable
    DirectAlignment direct() {
        return direct;
    }

    String nodeName() {
        return nodeName;
    }

    void nodeName(final String name) {
        nodeName = name;
    }

    /** A transfer at rest. */
    FileTransfer transfer() {
        final FileTransfer idle = idleTransfers.pollLast();
        return idle == null ? new FileTransfer(this) : idle;
    }

    void recycle(final FileTransfer transfer) {
        idleTransfers.addLast(transfer);
    }

    BounceBuffer newBounceBuffer(final DirectAlignment alignment) {
        return new BounceBuffer(domain.regions(), alignment);
    }

    /** Submits a task's next step, now or when there is room, after those that wait already. */
    void begin(final FileTask task) {
        if (!parked.isEmpty() || !task.submit()) {
            parkedOperations.incrementAndGet();
            parked.add(task);
            if (parked.size() == 1) {
                engine.whenRoom(resume);
            }
        }
    }

    private void resume() {
        for (FileTask task = parked.peek(); task != null; task = parked.peek()) {
            if (!task.submit()) {
                engine.whenRoom(resume);
                return;
            }
            parked.remove();
        }
    }
}
