package io.drivebay.driver.protocol;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sparse memory: chunks of {@value #CHUNK_BYTES} bytes that exist once something has been written to them. What does not
 * exist reads as zeros. One thread only.
 *
 * <p>Chunks are found through two levels of tables, so that an empty store of any size is small. Of the chunks given
 * back a few are kept for reuse; the collector has the others.
 */
final class ChunkStore {
    static final int CHUNK_BYTES = 64 * 1024;

    private static final int TABLE_CHUNKS = 1024;
    private static final int KEPT_CHUNKS = 64;

    /** The largest store, in bytes. */
    static final long MAX_BYTES = 1L << 44;

    private final ArrayDeque<MemoryRegion> free = new ArrayDeque<>();
    private @Nullable MemoryRegion[][] tables;
    private long allocatedChunks;

    /** An empty store. */
    ChunkStore(final long sizeBytes) {
        tables = new MemoryRegion[tablesFor(sizeBytes)][];
    }

    private static int tablesFor(final long sizeBytes) {
        final long tableBytes = (long) CHUNK_BYTES * TABLE_CHUNKS;
        return Math.toIntExact((sizeBytes + tableBytes - 1) / tableBytes);
    }

    /** Makes room for another size. The caller has cleared what lies beyond a smaller one. */
    void resize(final long sizeBytes) {
        tables = Arrays.copyOf(tables, tablesFor(sizeBytes));
    }

    /** How much memory is in use, in bytes. */
    long allocatedBytes() {
        return allocatedChunks * CHUNK_BYTES;
    }

    /** The chunk that holds a byte; null when nothing has been written there. */
    @Nullable
    MemoryRegion chunkAt(final long offset) {
        final long index = offset / CHUNK_BYTES;
        final MemoryRegion[] table = tables[(int) (index / TABLE_CHUNKS)];
        return table == null ? null : table[(int) (index % TABLE_CHUNKS)];
    }

    /** The chunk that holds a byte, made of zeros when there was none. */
    MemoryRegion chunkForWriting(final long offset) {
        final MemoryRegion present = chunkAt(offset);
        if (present != null) {
            return present;
        }
        final long index = offset / CHUNK_BYTES;
        final int tableIndex = (int) (index / TABLE_CHUNKS);
        MemoryRegion[] table = tables[tableIndex];
        if (table == null) {
            table = new MemoryRegion[TABLE_CHUNKS];
            tables[tableIndex] = table;
        }
        final MemoryRegion chunk = newChunk();
        table[(int) (index % TABLE_CHUNKS)] = chunk;
        allocatedChunks++;
        return chunk;
    }

    private MemoryRegion newChunk() {
        final MemoryRegion used = free.pollLast();
        if (used == null) {
            return MemoryRegion.allocate(CHUNK_BYTES);
        }
        used.fill(0, CHUNK_BYTES, (byte) 0);
        return used;
    }

    /** Makes a range read as zeros, giving back the chunks that lie in it whole. */
    void clear(final long offset, final long length) {
        final long end = offset + length;
        long at = offset;
        while (at < end) {
            final long next = Math.min(end, nextBoundary(at));
            clearWithinChunk(at, (int) (next - at));
            at = next;
        }
    }

    /** Puts zeros over whatever has been written to a range. */
    void overwrite(final long offset, final long length) {
        final long end = offset + length;
        for (long at = offset; at < end; at = nextBoundary(at)) {
            final MemoryRegion chunk = chunkAt(at);
            if (chunk != null) {
                chunk.fill((int) (at % CHUNK_BYTES), (int) (Math.min(end, nextBoundary(at)) - at), (byte) 0);
            }
        }
    }

    /** Where the chunk that holds a byte ends; where its table ends when that is empty. */
    private long nextBoundary(final long offset) {
        final long unit = tables[(int) (offset / CHUNK_BYTES / TABLE_CHUNKS)] == null
                ? (long) CHUNK_BYTES * TABLE_CHUNKS
                : CHUNK_BYTES;
        return (offset / unit + 1) * unit;
    }

    private void clearWithinChunk(final long offset, final int length) {
        final MemoryRegion chunk = chunkAt(offset);
        if (chunk == null) {
            return;
        }
        if (length < CHUNK_BYTES) {
            chunk.fill((int) (offset % CHUNK_BYTES), length, (byte) 0);
            return;
        }
        final long index = offset / CHUNK_BYTES;
        final MemoryRegion[] table = tables[(int) (index / TABLE_CHUNKS)];
        if (table != null) {
            table[(int) (index % TABLE_CHUNKS)] = null;
        }
        allocatedChunks--;
        if (free.size() < KEPT_CHUNKS) {
            free.addLast(chunk);
        }
    }

    /** How many bytes from an offset on, up to a length, are alike: all written to, or all not. */
    long extent(final long offset, final long length) {
        final boolean written = chunkAt(offset) != null;
        final long end = offset + length;
        long at = nextBoundary(offset);
        while (at < end && (chunkAt(at) != null) == written) {
            at = nextBoundary(at);
        }
        return Math.min(at, end) - offset;
    }

    /** Gives everything back. */
    void close() {
        tables = new MemoryRegion[0][];
        free.clear();
        allocatedChunks = 0;
    }
}
