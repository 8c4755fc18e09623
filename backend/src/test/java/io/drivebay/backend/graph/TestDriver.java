package io.drivebay.backend.graph;

import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A disk in memory that logs what it is asked, holds completions back and fails on demand. */
public final class TestDriver implements BlockDriver {
    /** What was asked, such as {@code WRITE 512+1024 fua}. */
    public final List<String> log = new ArrayList<>();

    /** What happened to permissions, such as {@code prepare write}. */
    public final List<String> permissionLog = new ArrayList<>();

    /** Requests that are held back, oldest first. */
    public final ArrayDeque<BlockRequest> held = new ArrayDeque<>();

    private byte[] data;
    private final MemoryRegion transfer;
    private BlockLimits limits = BlockLimits.UNLIMITED;
    private boolean readOnly;
    private boolean inserted = true;
    private boolean holding;
    private boolean refusesPermissions;
    private boolean resizable;
    private Predicate<BlockRequest> failing = request -> false;
    private Status failure = Status.IO_ERROR;
    private int drainBegins;
    private int drainEnds;
    private int closes;
    private @Nullable BlockNode node;

    public TestDriver(final int lengthBytes) {
        data = new byte[lengthBytes];
        transfer = MemoryRegion.allocate(1 << 20);
    }

    // ---- what it is told to be ----

    public TestDriver limits(final BlockLimits newLimits) {
        limits = newLimits;
        return this;
    }

    public TestDriver readOnly(final boolean isReadOnly) {
        readOnly = isReadOnly;
        return this;
    }

    public TestDriver inserted(final boolean isInserted) {
        inserted = isInserted;
        return this;
    }

    public TestDriver resizable() {
        resizable = true;
        return this;
    }

    public TestDriver refusesPermissions(final boolean refuses) {
        refusesPermissions = refuses;
        return this;
    }

    /** Holds every request back that starts from now on. */
    public TestDriver hold() {
        holding = true;
        return this;
    }

    public TestDriver failing(final Status status, final Predicate<BlockRequest> which) {
        failure = status;
        failing = which;
        return this;
    }

    public TestDriver fill(final int value) {
        Arrays.fill(data, (byte) value);
        return this;
    }

    // ---- what the test does ----

    /** Carries out the oldest request that is held back. */
    public void releaseOne() {
        perform(held.removeFirst());
    }

    /** Carries out a request that is held back, whichever it is. */
    public void releaseAt(final int index) {
        final BlockRequest request = held.stream().skip(index).findFirst().orElseThrow();
        held.remove(request);
        perform(request);
    }

    /** Ends the holding back and carries everything out. */
    public void releaseAll() {
        holding = false;
        while (!held.isEmpty()) {
            releaseOne();
        }
    }

    public byte[] data() {
        return data;
    }

    public BlockNode node() {
        return Objects.requireNonNull(node);
    }

    public int drainBegins() {
        return drainBegins;
    }

    public int drainEnds() {
        return drainEnds;
    }

    public int closes() {
        return closes;
    }

    // ---- the driver ----

    @Override
    public String driverName() {
        return "test";
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public long length() {
        return data.length;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public boolean inserted() {
        return inserted;
    }

    @Override
    public void attached(final BlockNode self) {
        node = self;
    }

    @Override
    public void drainBegin() {
        drainBegins++;
    }

    @Override
    public void drainEnd() {
        if (closes > 0) {
            throw new IllegalStateException("drain ended after close");
        }
        drainEnds++;
    }

    @Override
    public void close() {
        closes++;
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        if (!resizable) {
            BlockDriver.super.resize(newLengthBytes);
        }
        data = Arrays.copyOf(data, (int) newLengthBytes);
    }

    @Override
    public void preparePermissions(final int permissions, final int shared) throws BlockException {
        if (refusesPermissions) {
            throw new BlockException(Kind.IN_USE, "somebody outside holds a lock");
        }
        permissionLog.add("prepare " + Permission.describe(permissions));
    }

    @Override
    public void commitPermissions() {
        permissionLog.add("commit");
    }

    @Override
    public void abortPermissions() {
        permissionLog.add("abort");
    }

    @Override
    public void start(final BlockRequest request) {
        log.add(describe(request));
        if (holding) {
            held.add(request);
        } else {
            perform(request);
        }
    }

    /** A request as the log has it. */
    public static String describe(final BlockRequest request) {
        return request.operation()
                + (request.operation() == Operation.FLUSH ? "" : " " + request.offset() + "+" + request.length())
                + (request.has(RequestFlags.FUA) ? " fua" : "")
                + (request.has(RequestFlags.MAY_UNMAP) ? " unmap" : "");
    }

    private void perform(final BlockRequest request) {
        if (failing.test(request)) {
            request.fail(failure, node == null ? "test" : node.name());
            return;
        }
        switch (request.operation()) {
            case READ -> read(request);
            case WRITE -> write(request);
            case WRITE_ZEROES -> Arrays.fill(data, from(request), to(request), (byte) 0);
            case DISCARD -> Arrays.fill(data, from(request), to(request), (byte) 0xdd);
            default -> {}
        }
        if (request.operation() == Operation.BLOCK_STATUS) {
            request.completeStatus(BlockStatusFlags.DATA, Math.min(request.length(), 512));
        } else {
            request.complete();
        }
    }

    private static int from(final BlockRequest request) {
        return (int) request.offset();
    }

    /* The last block may reach beyond the exact length. */
    private int to(final BlockRequest request) {
        return (int) Math.min(data.length, request.offset() + request.length());
    }

    private void read(final BlockRequest request) {
        final int bytes = to(request) - from(request);
        transfer.fill(0, (int) request.length(), (byte) 0);
        transfer.putBytes(0, data, from(request), bytes);
        request.vector().copyFrom(0, transfer, 0, (int) request.length());
    }

    private void write(final BlockRequest request) {
        request.vector().copyTo(0, transfer, 0, (int) request.length());
        transfer.getBytes(0, data, from(request), to(request) - from(request));
    }
}
