package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.CompletionFrame;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;

/**
 * Turns the requests that come to a node into ones that its driver can take: cuts, pads, serialises, emulates.
 *
 * <p>One decision per method, in the order in which they apply; the work of several steps lies in classes of its own.
 */
final class RequestShaper {
    private final BlockNode node;
    private final BlockLimits limits;
    private final OverlapTracker tracker = new OverlapTracker(this::admit);
    private final FlushGate flushGate;
    private final FuaByFlush fuaByFlush;
    private final CompletionFrame zeroesByHand = this::retryZeroes;

    RequestShaper(final BlockNode node) {
        this.node = node;
        this.limits = node.limits();
        this.flushGate = new FlushGate(node);
        this.fuaByFlush = new FuaByFlush(flushGate);
    }

    /** Takes a request that has just been counted as in flight at the node. */
    void shape(final BlockRequest request) {
        final Operation operation = request.operation();
        if (operation.modifies() && node.readOnly()) {
            push(request, BlockNode.UNTRACKED);
            request.fail(Status.READ_ONLY, node.name());
            return;
        }
        switch (operation) {
            case READ, WRITE -> transfer(request);
            case WRITE_ZEROES -> writeZeroes(request);
            case DISCARD -> discard(request);
            case FLUSH -> {
                push(request, BlockNode.UNTRACKED);
                flushGate.flush(request);
            }
            case BLOCK_STATUS -> {
                push(request, BlockNode.UNTRACKED);
                blockStatus(request);
            }
            case SECURE_ERASE,
                    ZONE_REPORT,
                    ZONE_APPEND,
                    ZONE_OPEN,
                    ZONE_CLOSE,
                    ZONE_FINISH,
                    ZONE_RESET,
                    ZONE_RESET_ALL -> {
                push(request, BlockNode.UNTRACKED);
                passIfSupported(request);
            }
        }
    }

    private void push(final BlockRequest request, final int slot) {
        request.push(node, slot);
    }

    /** A tracked request has ended. */
    void leave(final int slot) {
        tracker.leave(slot);
    }

    // ---- reads and writes ----

    private void transfer(final BlockRequest request) {
        final NodeOptions.DetectZeroes detect = node.options().detectZeroes();
        if (request.operation() == Operation.WRITE
                && detect != NodeOptions.DetectZeroes.OFF
                && request.length() > 0
                && request.vector().isZero()) {
            writeDetectedZeroes(request, detect);
            return;
        }
        track(request, request.operation() == Operation.WRITE && !limits.aligned(request));
    }

    private void writeDetectedZeroes(final BlockRequest request, final NodeOptions.DetectZeroes detect) {
        final boolean unmap = detect == NodeOptions.DetectZeroes.UNMAP;
        final int flags = request.flags();
        request.push(DETECTED, flags);
        request.set(
                Operation.WRITE_ZEROES,
                request.offset(),
                request.length(),
                flags | (unmap ? RequestFlags.MAY_UNMAP : 0));
        writeZeroes(request);
    }

    /* Gives a write back its own operation and flags. */
    private static final CompletionFrame DETECTED = (request, savedFlags) -> {
        request.set(Operation.WRITE, request.offset(), request.length(), (int) savedFlags);
        return true;
    };

    private void track(final BlockRequest request, final boolean serialises) {
        if (limits.requestAlignment() == 1) {
            push(request, BlockNode.UNTRACKED);
            admit(request);
            return;
        }
        final long mask = limits.requestAlignment() - 1L;
        final long start = request.offset() & ~mask;
        final long end = (request.offset() + request.length() + mask) & ~mask;
        final int slot = tracker.enter(request, start, end, serialises);
        push(request, slot);
        if (!tracker.mustWait(slot)) {
            admit(request);
        }
    }

    /** Carries on with a request that conflicts with no other. */
    private void admit(final BlockRequest request) {
        if (request.has(RequestFlags.FUA) && !limits.fua()) {
            request.push(fuaByFlush, request.flags());
            request.set(request.operation(), request.offset(), request.length(), request.flags() & ~RequestFlags.FUA);
        }
        if (request.operation() == Operation.WRITE_ZEROES) {
            startZeroes(request);
        } else if (!limits.aligned(request)) {
            new PaddedTransfer(node, request).start();
        } else if (request.length() > limits.maxTransfer()) {
            new SplitTransfer(node, request).start();
        } else {
            node.driver().start(request);
        }
    }

    // ---- zeros, discards, status ----

    private void writeZeroes(final BlockRequest request) {
        if (request.has(RequestFlags.MAY_UNMAP) && !node.options().discard()) {
            request.set(
                    Operation.WRITE_ZEROES,
                    request.offset(),
                    request.length(),
                    request.flags() & ~RequestFlags.MAY_UNMAP);
        }
        track(request, !limits.aligned(request));
    }

    private void startZeroes(final BlockRequest request) {
        final long alignment = limits.alignmentOfZeroes();
        final boolean aligned = request.offset() % alignment == 0 && request.length() % alignment == 0;
        if (limits.zeroes() && aligned) {
            if (!request.has(RequestFlags.NO_FALLBACK)) {
                request.push(zeroesByHand, 0);
            }
            node.driver().start(request);
        } else if (request.has(RequestFlags.NO_FALLBACK)) {
            request.fail(Status.NOT_SUPPORTED, node.name());
        } else {
            new ZeroWriter(node, request, limits.zeroes()).start();
        }
    }

    private boolean retryZeroes(final BlockRequest request, final long unused) {
        if (request.status() != Status.NOT_SUPPORTED) {
            return true;
        }
        request.restart();
        new ZeroWriter(node, request, false).start();
        return false;
    }

    private void discard(final BlockRequest request) {
        push(request, BlockNode.UNTRACKED);
        final long alignment = Math.max(limits.discardAlignment(), limits.requestAlignment());
        final long start = roundUp(request.offset(), alignment);
        final long end = (request.offset() + request.length()) / alignment * alignment;
        if (!node.options().discard() || !limits.discard() || start >= end) {
            request.complete();
            return;
        }
        request.push(DISCARDED, request.offset());
        request.push(DISCARDED_LENGTH, request.length());
        request.set(Operation.DISCARD, start, end - start, request.flags());
        node.driver().start(request);
    }

    /* Gives a discard back its own range; a driver that cannot do it has done no harm. */
    private static final CompletionFrame DISCARDED_LENGTH = (request, savedLength) -> {
        request.set(Operation.DISCARD, request.offset(), savedLength, request.flags());
        return true;
    };

    private static final CompletionFrame DISCARDED = (request, savedOffset) -> {
        request.set(Operation.DISCARD, savedOffset, request.length(), request.flags());
        if (request.status() == Status.NOT_SUPPORTED) {
            request.result(Status.OK, 0, null);
        }
        return true;
    };

    private void blockStatus(final BlockRequest request) {
        if (limits.blockStatus()) {
            node.driver().start(request);
        } else {
            request.completeStatus(BlockStatusFlags.DATA | BlockStatusFlags.ALLOCATED, request.length());
        }
    }

    private void passIfSupported(final BlockRequest request) {
        if (!node.driver().supports(request.operation())) {
            request.fail(Status.NOT_SUPPORTED, node.name());
        } else if (!withinLimits(request)) {
            request.fail(Status.INVALID, node.name());
        } else {
            node.driver().start(request);
        }
    }

    /** Operations on whole zones have no range to be aligned. */
    private boolean withinLimits(final BlockRequest request) {
        return switch (request.operation()) {
            case SECURE_ERASE -> limits.aligned(request);
            case ZONE_APPEND -> limits.aligned(request) && request.length() <= limits.maxTransfer();
            default -> true;
        };
    }

    private static long roundUp(final long value, final long alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }
}
