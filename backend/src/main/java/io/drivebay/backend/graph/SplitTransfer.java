package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Status;
import org.jspecify.annotations.Nullable;

/**
 * A read or write that is longer than the driver's limit, in pieces that run side by side.
 *
 * <p>If any piece fails, the whole fails, with the result of the piece that failed first.
 */
final class SplitTransfer implements CompletionListener {
    private static final int MAX_PIECES_IN_FLIGHT = 16;

    private final BlockNode node;
    private final BlockRequest request;
    private final long pieceBytes;
    private long next;
    private int inFlight;
    private boolean issuing;
    private Status status = Status.OK;
    private int errno;
    private @Nullable String origin;

    SplitTransfer(final BlockNode node, final BlockRequest request) {
        this.node = node;
        this.request = request;
        this.pieceBytes = node.limits().maxTransfer();
    }

    /** Gives an aligned read or write to the node's driver, in pieces if it must be. */
    static void dispatch(final BlockNode node, final BlockRequest request) {
        if (request.length() > node.limits().maxTransfer()) {
            new SplitTransfer(node, request).start();
        } else {
            node.driver().start(request);
        }
    }

    void start() {
        issue();
    }

    private void issue() {
        issuing = true;
        while (status == Status.OK && next < request.length() && inFlight < MAX_PIECES_IN_FLIGHT) {
            final long length = Math.min(pieceBytes, request.length() - next);
            final BlockRequest piece = node.domain().parts().take(this);
            piece.set(request.operation(), request.offset() + next, length, request.flags());
            piece.vector().addSlice(request.vector(), next, length);
            next += length;
            inFlight++;
            piece.startPart(request, node.domain().context().clock().nanoTime());
            node.driver().start(piece);
        }
        issuing = false;
        finishIfDone();
    }

    @Override
    public void completed(final BlockRequest piece) {
        if (!piece.succeeded() && status == Status.OK) {
            status = piece.status();
            errno = piece.errno();
            origin = piece.origin();
        }
        node.domain().parts().give(piece);
        inFlight--;
        if (!issuing) {
            issue();
        }
    }

    private void finishIfDone() {
        if (inFlight > 0 || (status == Status.OK && next < request.length())) {
            return;
        }
        if (status == Status.OK) {
            request.complete();
        } else {
            request.fail(status, errno, origin == null ? node.name() : origin);
        }
    }
}
