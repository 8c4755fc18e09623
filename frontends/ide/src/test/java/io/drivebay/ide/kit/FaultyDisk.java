package io.drivebay.ide.kit;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A sparse disk in memory whose sectors can be made to fail, and whose requests can be held. Sectors of 512 bytes. */
public final class FaultyDisk implements BlockDriver {
    private static final int SECTOR = 512;

    public final Set<Long> badReads = new HashSet<>();
    public final Set<Long> badWrites = new HashSet<>();
    public final List<String> log = new ArrayList<>();
    public boolean full;
    public boolean badFlush;
    public boolean hold;
    public boolean quiet;
    public long length;

    private final Map<Long, byte[]> sectors = new HashMap<>();
    private final Deque<BlockRequest> held = new ArrayDeque<>();
    private final MemoryRegion scratch = MemoryRegion.allocate(SECTOR);

    public FaultyDisk(final long length) {
        this.length = length;
    }

    /** A disk each of whose first sectors begins with its number and a tag. */
    public static FaultyDisk tagged(final long length, final int tag) {
        final FaultyDisk disk = new FaultyDisk(length);
        for (long i = 0; i < Math.min(length / SECTOR, 4096); i++) {
            disk.sector(i)[0] = (byte) i;
            disk.sector(i)[1] = (byte) (i >> 8);
            disk.sector(i)[2] = (byte) tag;
        }
        return disk;
    }

    /** Content of a sector, to read or change. */
    public byte[] sector(final long number) {
        return sectors.computeIfAbsent(number, key -> new byte[SECTOR]);
    }

    /** Lets the requests go that were held. The context's thread. */
    public void release() {
        hold = false;
        while (!held.isEmpty()) {
            carryOut(held.poll());
        }
    }

    public int held() {
        return held.size();
    }

    @Override
    public String driverName() {
        return "faulty";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void start(final BlockRequest request) {
        if (hold) {
            held.add(request);
        } else {
            carryOut(request);
        }
    }

    private void carryOut(final BlockRequest request) {
        final long first = request.offset() / SECTOR;
        final long count = request.length() / SECTOR;
        if (!quiet) {
            log.add(request.operation() + " " + first + "+" + count + (request.has(RequestFlags.FUA) ? " FUA" : ""));
        }
        if (request.operation() == Operation.FLUSH) {
            finish(request, badFlush ? Status.IO_ERROR : Status.OK);
            return;
        }
        final boolean isRead = request.operation() == Operation.READ;
        final Set<Long> bad = isRead ? badReads : badWrites;
        if (!isRead && full) {
            finish(request, Status.NO_SPACE);
            return;
        }
        if (bad.stream().anyMatch(sector -> sector >= first && sector < first + count)) {
            finish(request, Status.IO_ERROR);
            return;
        }
        for (long i = 0; i < count; i++) {
            move(request, first + i, i * SECTOR);
        }
        finish(request, Status.OK);
    }

    private void move(final BlockRequest request, final long number, final long at) {
        switch (request.operation()) {
            case READ -> {
                final byte[] content = sectors.get(number);
                scratch.fill(0, SECTOR, (byte) 0);
                if (content != null) {
                    scratch.putBytes(0, content, 0, SECTOR);
                }
                request.vector().copyFrom(at, scratch, 0, SECTOR);
            }
            case WRITE -> {
                request.vector().copyTo(at, scratch, 0, SECTOR);
                scratch.getBytes(0, sector(number), 0, SECTOR);
            }
            default -> sectors.remove(number);
        }
    }

    private static void finish(final BlockRequest request, final Status status) {
        if (status == Status.OK) {
            request.complete();
        } else {
            request.fail(status, "faulty");
        }
    }
}
