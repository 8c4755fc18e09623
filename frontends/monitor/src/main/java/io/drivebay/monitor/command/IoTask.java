package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** One request of a {@code qemu-io} command, with memory of its own. A control thread submits and waits. */
final class IoTask {
    private static final int NO_PATTERN = -1;

    private final BlockBackend backend;
    private final CompletableFuture<BlockRequest> end = new CompletableFuture<>();
    private final BlockRequest request = new BlockRequest(end::complete);
    private final MemoryRegion memory;
    private int expected = NO_PATTERN;

    IoTask(
            final BlockBackend backend,
            final Operation operation,
            final long offset,
            final long length,
            final int flags) {
        this.backend = backend;
        this.memory = MemoryRegion.allocate(operation.transfers() ? (int) Math.max(1, length) : 1);
        request.set(operation, offset, length, flags);
        if (operation.transfers() && length > 0) {
            request.vector().add(memory, 0, (int) length);
        }
    }

    void fill(final int pattern) {
        memory.fill(0, memory.size(), (byte) pattern);
    }

    /** What a read is to find; negative for anything. */
    void expect(final int pattern) {
        expected = pattern;
    }

    /** Memory that it takes. */
    long bytes() {
        return memory.size();
    }

    boolean done() {
        return end.isDone();
    }

    void submit() throws BlockException {
        if (!backend.submit(request)) {
            throw new BlockException(Kind.IN_USE, "the queue of " + backend.describe() + " is full");
        }
    }

    /** Waits for the end; what is to be said of it. */
    String await(final long timeoutNs) throws BlockException {
        try {
            backend.context().await(end, timeoutNs);
        } catch (final TimeoutException e) {
            throw new BlockException(Kind.TIMEOUT, request + " has not ended in time", e);
        }
        final Operation operation = request.operation();
        if (!request.succeeded()) {
            final String name = operation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return name + " failed: " + reason() + "\n";
        }
        if (operation == Operation.FLUSH) {
            return "";
        }
        final String verb = switch (operation) {
            case READ -> "read";
            case DISCARD -> "discard";
            default -> "wrote";
        };
        final long bytes = request.length();
        return mismatch() + verb + " " + bytes + "/" + bytes + " bytes at offset " + request.offset() + "\n" + bytes
                + " bytes, 1 ops\n";
    }

    private String reason() {
        return request.status() == Status.NO_SPACE
                ? "No space left on device"
                : request.status() == Status.NO_MEDIUM ? "No medium found" : "Input/output error";
    }

    private String mismatch() {
        if (expected != NO_PATTERN) {
            for (int i = 0; i < request.length(); i++) {
                if ((memory.getByte(i) & 0xff) != expected) {
                    return "Pattern verification failed at offset " + request.offset() + ", " + request.length()
                            + " bytes\n";
                }
            }
        }
        return "";
    }
}
