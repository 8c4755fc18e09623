package io.drivebay.backend.request;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request to a disk, owned and reused by whoever submits it.
 *
 * <p>The owner sets operation, range, flags and vector, then submits; until {@link CompletionListener#completed} the
 * request belongs to the block layer. On its way down each driver that wants to see the completion pushes a frame; on
 * the way up the frames are popped. A request completes exactly once: a second completion throws.
 *
 * <p>One thread at a time: its owner's while it is idle, the context's from {@code submit} to the listener's call.
 *
 * <p>Offset and length are in bytes. Nothing is allocated per use once the frame stack has grown to the tree's depth.
 */
public final class BlockRequest {
    private static final int INITIAL_FRAMES = 16;

    private enum State {
        /** In its owner's hands. */
        IDLE,
        /** In a submission ring. */
        QUEUED,
        /** Below the ring, on its way down or at a driver. */
        RUNNING,
        /** On its way up. */
        COMPLETING
    }

    private final IoVector vector = new IoVector();
    private Operation operation = Operation.READ;
    private long offset;
    private long length;
    private int flags;
    private CompletionListener listener;
    private @Nullable Object attachment;

    private State state = State.IDLE;
    private CompletionFrame[] frames = new CompletionFrame[INITIAL_FRAMES];
    private long[] saved = new long[INITIAL_FRAMES];
    private int depth;
    private @Nullable CompletionListener sink;

    private Status status = Status.OK;
    private int errno;
    private @Nullable String origin;
    private int statusFlags;
    private long statusBytes;
    private long appendedAt;
    private @Nullable ZoneReport zoneReport;

    private long generation;
    private long submittedNs;
    private long startedNs;
    private @Nullable BlockRequest parent;

    /* Links of the one RequestList that holds this request. */
    @Nullable
    RequestList list;

    @Nullable
    BlockRequest next;

    @Nullable
    BlockRequest previous;

    /** A request that tells a listener of its end. */
    public BlockRequest(final CompletionListener listener) {
        this.listener = listener;
    }

    // ---- what is asked; the owner's, while the request is idle, or a driver's on the way down ----

    /** Sets operation, range in bytes and flags; leaves the vector alone. */
    public BlockRequest set(final Operation operation, final long offset, final long length, final int flags) {
        this.operation = operation;
        this.offset = offset;
        this.length = length;
        this.flags = flags;
        return this;
    }

    public Operation operation() {
        return operation;
    }

    /** First byte of the range, in bytes from the start of the medium. */
    public long offset() {
        return offset;
    }

    /** Length of the range in bytes. */
    public long length() {
        return length;
    }

    /** {@link RequestFlags}. */
    public int flags() {
        return flags;
    }

    /** True when a flag is set, one of {@link RequestFlags}. */
    public boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    /** The memory of a READ or WRITE; its bytes must equal the length. */
    public IoVector vector() {
        return vector;
    }

    /** Changes whom the request tells of its end; only while idle. */
    public void listener(final CompletionListener newListener) {
        listener = newListener;
    }

    /** A free place for the owner. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attachment(final @Nullable Object value) {
        attachment = value;
    }

    /** What a ZONE_REPORT fills. */
    public void zoneReport(final ZoneReport report) {
        zoneReport = report;
    }

    /** What a ZONE_REPORT fills; there must be one. */
    public ZoneReport zoneReport() {
        return Objects.requireNonNull(zoneReport, "a ZONE_REPORT without a report");
    }

    // ---- the result; valid in the listener's call and until the next submission ----

    /** How it ended. */
    public Status status() {
        return status;
    }

    /** True while it belongs to its owner: not submitted, or over. By whoever may submit it. */
    public boolean idle() {
        return state == State.IDLE;
    }

    public boolean succeeded() {
        return status == Status.OK;
    }

    /** The errno behind a failed status, as Linux numbers them; 0 on success. */
    public int errno() {
        return errno;
    }

    /** The node or backend that failed the request; null on success. */
    public @Nullable String origin() {
        return origin;
    }

    /** {@link BlockStatusFlags} of a BLOCK_STATUS. */
    public int statusFlags() {
        return statusFlags;
    }

    /** How many bytes from the offset on the {@link #statusFlags()} hold for. */
    public long statusBytes() {
        return statusBytes;
    }

    /** Where a ZONE_APPEND has put its data, in bytes. */
    public long appendedAt() {
        return appendedAt;
    }

    // ---- for the layer: submission ----

    /** Marks the request as queued against a medium's generation. */
    public void queue(final long mediumGeneration, final long nowNs) {
        if (state != State.IDLE) {
            throw new IllegalStateException("submitted while it is not its owner's: " + this);
        }
        state = State.QUEUED;
        generation = mediumGeneration;
        submittedNs = nowNs;
    }

    /** Takes back {@link #queue} when the ring had no room. */
    public void unqueue() {
        state = State.IDLE;
    }

    /** Begins the way down; when all frames have been popped the sink is told or, without one, the listener. */
    public void start(final long nowNs, final @Nullable CompletionListener newSink) {
        if (state != State.QUEUED) {
            throw new IllegalStateException("started without having been queued: " + this);
        }
        startedNs = nowNs;
        sink = newSink;
        clearResult();
        state = State.RUNNING;
    }

    /** Begins a part of another request: queue and start in one, without a ring. */
    public void startPart(final @Nullable BlockRequest whole, final long nowNs) {
        queue(whole == null ? 0 : whole.generation, nowNs);
        parent = whole;
        start(nowNs, null);
    }

    /** Hands the request back to its owner and tells it. */
    public void release() {
        state = State.IDLE;
        parent = null;
        listener.completed(this);
    }

    /** The request that this one is a part of; null when it is none, or not under way. */
    public @Nullable BlockRequest whole() {
        return parent;
    }

    private void clearResult() {
        status = Status.OK;
        errno = 0;
        origin = null;
        statusFlags = 0;
        statusBytes = 0;
        appendedAt = 0;
    }

    /** Generation of the medium at submission. */
    public long generation() {
        return generation;
    }

    /** The clock when the request was submitted, in nanoseconds. */
    public long submittedNs() {
        return submittedNs;
    }

    /** The clock when the request left the ring, in nanoseconds. */
    public long startedNs() {
        return startedNs;
    }

    // ---- for drivers: the completion stack ----

    /** Puts a frame on the stack, with a number of the driver's own. */
    public void push(final CompletionFrame frame, final long savedValue) {
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
            saved = Arrays.copyOf(saved, depth * 2);
        }
        frames[depth] = frame;
        saved[depth] = savedValue;
        depth++;
    }

    /** How many frames there are. */
    public int depth() {
        return depth;
    }

    /** A frame: 0 is the one pushed first. */
    public CompletionFrame frame(final int index) {
        return frames[Objects.checkIndex(index, depth)];
    }

    /** Completes with success. */
    public void complete() {
        beginUnwinding();
        unwind();
    }

    /** Completes a BLOCK_STATUS: what the first bytes of the range are. */
    public void completeStatus(final int blockStatusFlags, final long bytes) {
        statusFlags = blockStatusFlags;
        statusBytes = bytes;
        complete();
    }

    /** Notes where a ZONE_APPEND puts its data. */
    public void appendedAt(final long at) {
        appendedAt = at;
    }

    /** Completes with a failure, naming the node where it arose. */
    public void fail(final Status failure, final String failedAt) {
        fail(failure, failure.errno(), failedAt);
    }

    /** Completes with a failure, its errno, and the node where it arose. */
    public void fail(final Status failure, final int failureErrno, final String failedAt) {
        beginUnwinding();
        status = failure;
        errno = failureErrno;
        origin = failedAt;
        unwind();
    }

    /** Completes with the result of a part: its failure, or success. */
    public void completeLike(final BlockRequest part) {
        if (part.succeeded()) {
            complete();
        } else {
            fail(part.status, part.errno, part.origin == null ? "" : part.origin);
        }
    }

    private void beginUnwinding() {
        if (state != State.RUNNING) {
            throw new IllegalStateException("completed twice, or before it was started: " + this);
        }
        state = State.COMPLETING;
    }

    private void unwind() {
        while (depth > 0) {
            depth--;
            if (!frames[depth].completed(this, saved[depth])) {
                return;
            }
        }
        final CompletionListener last = sink;
        if (last == null) {
            release();
        } else {
            last.completed(this);
        }
    }

    /** Goes on with a completion that a frame had kept. */
    public void resume() {
        if (state != State.COMPLETING) {
            throw new IllegalStateException("resumed but not kept by a frame: " + this);
        }
        unwind();
    }

    /** Turns a completing request, kept by a frame, round: it goes down again as if nothing had happened. */
    public void restart() {
        if (state != State.COMPLETING) {
            throw new IllegalStateException("restarted but not kept by a frame: " + this);
        }
        clearResult();
        state = State.RUNNING;
    }

    /** Overrides the result while a frame looks at it. */
    public void result(final Status newStatus, final int newErrno, final @Nullable String newOrigin) {
        status = newStatus;
        errno = newErrno;
        origin = newOrigin;
    }

    @Override
    public String toString() {
        return operation + " offset=" + offset + " length=" + length + " state=" + state
                + (parent == null ? "" : " part of [" + parent + "]");
    }
}
