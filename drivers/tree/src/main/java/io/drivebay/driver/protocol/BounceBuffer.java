package io.drivebay.driver.protocol;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.IoVector;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of memory made fit for O_DIRECT: whole blocks at aligned addresses stay where they are, everything else goes
 * through memory from a pool.
 *
 * <pre>
 *   list     |--a--|------------b------------|-c-|     segments as the request has them
 *   blocks   |........|........|........|........|     positions that are multiples of the block
 *   made     |# bounce|  b as it is     |# bounce|     if b's address is aligned where its first whole block begins
 * </pre>
 *
 * <p>Reusable; allocates nothing once it has grown. The context's thread only.
 */
final class BounceBuffer {
    private static final int INITIAL_RUNS = 4;

    private final RegionPool pool;
    private final DirectAlignment alignment;
    private final IoVector vector = new IoVector();
    private @Nullable IoVector original;
    private @Nullable MemoryRegion region;
    private long[] starts = new long[INITIAL_RUNS];
    private long[] ends = new long[INITIAL_RUNS];
    private int runs;
    private int bytes;

    BounceBuffer(final RegionPool pool, final DirectAlignment alignment) {
        this.pool = pool;
        this.alignment = alignment;
    }

    /** Takes a list whose bytes are a multiple of the block; returns how many of them are bounced. */
    int prepare(final IoVector list) {
        original = list;
        runs = 0;
        findRuns(list);
        bytes = 0;
        for (int i = 0; i < runs; i++) {
            bytes += regionBytes(i);
        }
        final MemoryRegion memory = pool.take(Math.max(1, bytes));
        region = memory;
        assemble(list, memory);
        return bytes;
    }

    /** Notes what cannot stay where it is, as runs of positions; touching ones are joined. */
    private void findRuns(final IoVector list) {
        final int block = alignment.blockBytes();
        long position = 0;
        for (int i = 0; i < list.count(); i++) {
            final long end = position + list.length(i);
            final long firstBlock = (position + block - 1) & -(long) block;
            final long lastBlock = end & -(long) block;
            final long address = DirectAlignment.address(list, i) + (firstBlock - position);
            if (firstBlock < lastBlock && alignment.fits(address)) {
                addRun(position, firstBlock);
                addRun(lastBlock, end);
            } else {
                addRun(position, end);
            }
            position = end;
        }
    }

    private void addRun(final long start, final long end) {
        if (start == end) {
            return;
        }
        if (runs > 0 && ends[runs - 1] == start) {
            ends[runs - 1] = end;
            return;
        }
        if (runs == starts.length) {
            starts = Arrays.copyOf(starts, 2 * runs);
            ends = Arrays.copyOf(ends, 2 * runs);
        }
        starts[runs] = start;
        ends[runs] = end;
        runs++;
    }

    private int length(final int run) {
        return (int) (ends[run] - starts[run]);
    }

    /** What a run takes in the region, so that the next one is aligned too. */
    private int regionBytes(final int run) {
        final int unit = Math.max(alignment.blockBytes(), alignment.memoryBytes());
        return (length(run) + unit - 1) & -unit;
    }

    private void assemble(final IoVector list, final MemoryRegion memory) {
        vector.clear();
        long position = 0;
        int at = 0;
        for (int i = 0; i < runs; i++) {
            vector.addSlice(list, position, starts[i] - position);
            vector.add(memory, at, length(i));
            at += regionBytes(i);
            position = ends[i];
        }
        vector.addSlice(list, position, list.bytes() - position);
    }

    /** The list as the kernel takes it. */
    IoVector vector() {
        return vector;
    }

    /** Before a write: fills the pool's memory from the list. */
    void copyIn() {
        int at = 0;
        for (int i = 0; i < runs; i++) {
            list().copyTo(starts[i], memory(), at, length(i));
            at += regionBytes(i);
        }
    }

    /** After a read: fills the list from the pool's memory. */
    void copyOut() {
        int at = 0;
        for (int i = 0; i < runs; i++) {
            list().copyFrom(starts[i], memory(), at, length(i));
            at += regionBytes(i);
        }
    }

    /** Gives the memory back to the pool. */
    void release() {
        pool.give(memory());
        region = null;
        original = null;
        vector.clear();
    }

    private IoVector list() {
        return Objects.requireNonNull(original, "nothing is prepared");
    }

    private MemoryRegion memory() {
        return Objects.requireNonNull(region, "nothing is prepared");
    }
}
