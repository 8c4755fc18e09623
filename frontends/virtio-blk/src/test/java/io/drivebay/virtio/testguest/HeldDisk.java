package io.drivebay.virtio.testguest;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.request.ZoneState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk in memory that can hold its requests back, fail them, and says which ones it saw. The context's thread. */
public final class HeldDisk implements BlockDriver {
    private final MemoryRegion content;
    private final ArrayDeque<BlockRequest> held = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private BlockLimits limits = BlockLimits.UNLIMITED;
    private long lengthBytes;
    private Runnable beforeResize = () -> {};
    private Runnable onDrain = () -> {};
    private boolean readOnly;
    private boolean erases;
    private @Nullable MediumLifetime lifetime;
    private @Nullable ZoneLayout zones;
    private boolean holding;
    private boolean recording = true;
    private @Nullable Status failure;
    private int failureErrno;
    private int failuresLeft;

    public HeldDisk(final int bytes) {
        content = MemoryRegion.allocate(bytes);
        lengthBytes = bytes;
    }

    /** Another disk with the content of one: what is written to either is on both. */
    public HeldDisk(final int bytes, final HeldDisk twin) {
        content = twin.content;
        lengthBytes = bytes;
    }

    /** A disk whose every byte has a value. */
    public static HeldDisk filled(final int bytes, final int value) {
        final HeldDisk disk = new HeldDisk(bytes);
        disk.content.fill(0, bytes, (byte) value);
        return disk;
    }

    public HeldDisk readOnlyDisk() {
        readOnly = true;
        return this;
    }

    /** A disk that erases for good. */
    public HeldDisk erasing() {
        erases = true;
        return this;
    }

    /**
     * A disk that says it has zones, and has none: it carries every command out, reports one full zone, and appends at
     * the first sector after the zone's beginning.
     */
    public HeldDisk zoned(final ZoneLayout layout) {
        zones = layout;
        return this;
    }

    public HeldDisk lifetime(final MediumLifetime worn) {
        lifetime = worn;
        return this;
    }

    public HeldDisk limits(final BlockLimits newLimits) {
        limits = newLimits;
        return this;
    }

    public HeldDisk quiet() {
        recording = false;
        return this;
    }

    public void hold(final boolean hold) {
        holding = hold;
    }

    public void fail(final @Nullable Status status) {
        fail(status, Integer.MAX_VALUE);
    }

    /** Fails the next so many requests. */
    public void fail(final @Nullable Status status, final int times) {
        failure = status;
        failureErrno = status == null ? 0 : status.errno();
        failuresLeft = times;
    }

    /** Fails the next request, with an errno. */
    public void failOnce(final Status status, final int errno) {
        fail(status, 1);
        failureErrno = errno;
    }

    /** Completes what is held, oldest first. */
    public void releaseAll() {
        while (!held.isEmpty()) {
            carryOut(held.removeFirst());
        }
    }

    /** Completes the oldest that is held. */
    public void releaseFirst() {
        carryOut(held.removeFirst());
    }

    /** Completes the newest that is held. */
    public void releaseLast() {
        carryOut(held.removeLast());
    }

    public int heldRequests() {
        return held.size();
    }

    public MemoryRegion content() {
        return content;
    }

    /** "OPERATION offset+length flags", in the order of arrival. */
    public List<String> seen() {
        return seen;
    }

    @Override
    public String driverName() {
        return "held";
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    public void length(final long bytes) {
        lengthBytes = bytes;
    }

    @Override
    public void resize(final long newLengthBytes) {
        beforeResize.run();
        length(newLengthBytes);
    }

    /** Somebody waits for requests to end. */
    @Override
    public void drainBegin() {
        final Runnable once = onDrain;
        onDrain = () -> {};
        once.run();
    }

    /** What happens when somebody begins to wait for requests to end, the next time. */
    public void onDrain(final Runnable action) {
        onDrain = action;
    }

    /** What happens while everything is drained for a new length. */
    public void beforeResize(final Runnable action) {
        beforeResize = action;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public boolean supports(final Operation operation) {
        return operation == Operation.SECURE_ERASE ? erases : zones != null;
    }

    @Override
    public @Nullable ZoneLayout zones() {
        return zones;
    }

    @Override
    public @Nullable MediumLifetime lifetime() {
        return lifetime;
    }

    @Override
    public void start(final BlockRequest request) {
        if (recording) {
            seen.add(request.operation() + " " + request.offset() + "+" + request.length() + " " + request.flags());
        }
        if (holding) {
            held.addLast(request);
        } else {
            carryOut(request);
        }
    }

    private void carryOut(final BlockRequest request) {
        final Status failing = failure;
        if (failing != null && failuresLeft > 0) {
            failuresLeft--;
            request.fail(failing, failureErrno, "held");
            return;
        }
        final Operation operation = request.operation();
        if (operation == Operation.ZONE_APPEND) {
            request.appendedAt(request.offset() + 512);
        } else if (operation == Operation.ZONE_REPORT) {
            request.zoneReport().add(65536, 49152, 98304, ZoneState.FULL);
        } else if (operation.transfers()) {
            move(request);
        } else if (operation == Operation.WRITE_ZEROES || operation == Operation.SECURE_ERASE) {
            content.fill((int) request.offset(), (int) request.length(), (byte) 0);
        }
        request.complete();
    }

    private void move(final BlockRequest request) {
        final IoVector vector = request.vector();
        int at = (int) request.offset();
        for (int i = 0; i < vector.count(); i++) {
            if (request.operation() == Operation.READ) {
                vector.region(i).copyFrom(vector.offset(i), content, at, vector.length(i));
            } else {
                content.copyFrom(at, vector.region(i), vector.offset(i), vector.length(i));
            }
            at += vector.length(i);
        }
    }
}
