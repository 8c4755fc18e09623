package io.drivebay.ide.device;

import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/**
 * Moves a range of blocks between the medium and memory, and finds the exact block that fails: a request that fails is
 * cut in half until it is one block long.
 *
 * <p>The owner fills {@link #memory}, calls {@link #begin}, and hands every end of the port's request to {@link #advance}.
 */
public final class RangeIo {
    /** How a range is getting on. */
    public enum Progress {
        /** Something is on its way, or kept until the machine goes on. */
        MORE,
        /** All blocks have been moved. */
        DONE,
        /** The block {@link RangeIo#at} failed; those before it have been moved. */
        FAILED
    }

    private final DiskPort port;
    private final int blockBytes;
    private final IoVector memory = new IoVector();
    private Operation operation = Operation.READ;
    private int flags;
    private long at;
    private int left;
    private int limit;
    private int asked;
    private long moved;

    public RangeIo(final DiskPort port, final int blockBytes) {
        this.port = port;
        this.blockBytes = blockBytes;
    }

    /** The memory of the next range; the owner clears and fills it before {@link #begin}. */
    public IoVector memory() {
        return memory;
    }

    /** The next block to be moved; after FAILED the one that failed. */
    public long at() {
        return at;
    }

    /** Begins to move blocks [first, first + count), with memory for exactly as many. */
    public void begin(final Operation what, final int requestFlags, final long first, final int count) {
        operation = what;
        flags = requestFlags;
        at = first;
        left = count;
        limit = count;
        moved = 0;
        submit();
    }

    private void submit() {
        asked = Math.min(left, limit);
        final long bytes = (long) asked * blockBytes;
        final BlockRequest request = port.request().set(operation, at * blockBytes, bytes, flags);
        request.vector().clear().addSlice(memory, moved, bytes);
        port.submit();
    }

    /** Takes the end of the port's request. */
    public Progress advance(final BlockRequest request) {
        if (!request.succeeded()) {
            if (asked > 1 && request.status() == Status.IO_ERROR) {
                limit = asked / 2;
                submit();
                return Progress.MORE;
            }
            final ErrorAction action = port.judge();
            if (action == ErrorAction.REPORT) {
                return Progress.FAILED;
            }
            if (action == ErrorAction.STOP) {
                return Progress.MORE;
            }
        }
        at += asked;
        left -= asked;
        moved += (long) asked * blockBytes;
        if (left == 0) {
            return Progress.DONE;
        }
        submit();
        return Progress.MORE;
    }
}
