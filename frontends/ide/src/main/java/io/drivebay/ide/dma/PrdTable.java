package io.drivebay.ide.dma;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.request.IoVector;

/**
 * A walk along a table of physical region descriptors in guest memory.
 *
 * <pre>
 *  +0  u32  address of the region; bit 0 counts as zero
 *  +4  u16  length in bytes, bit 0 counts as zero; 0 stands for 64 KiB
 *  +6  u16  bit 15: the last descriptor
 * </pre>
 *
 * <p>A table holds at most {@value #MAX_ENTRIES} descriptors: one that never says that it ends, or that runs into itself,
 * ends there.
 */
final class PrdTable {
    /** Descriptors that fit into 4 KiB. */
    static final int MAX_ENTRIES = 512;

    private static final int ENTRY_BYTES = 8;
    private static final int LARGEST = 1 << 16;
    private static final long ADDRESS_MASK = 0xffff_fffeL;
    private static final int LENGTH_MASK = 0xfffe;

    private final GuestMemory memory;
    private long tableAddress;
    private int entries;
    private boolean last;
    private long regionAddress;
    private int regionLeft;

    PrdTable(final GuestMemory memory) {
        this.memory = memory;
    }

    /** Begins at a table's first descriptor. */
    void begin(final long address) {
        tableAddress = address;
        entries = 0;
        last = false;
        regionLeft = 0;
    }

    /** True when every byte that the table lists has been taken. */
    boolean used() {
        return regionLeft == 0 && (last || entries == MAX_ENTRIES);
    }

    /**
     * Appends the next bytes of guest memory to a vector.
     *
     * @return how many there were, fewer than wanted when the table ends; -1 when the table or what it lists is not there
     */
    int next(final IoVector vector, final int bytes) {
        int done = 0;
        while (done < bytes) {
            if (regionLeft == 0) {
                if (used()) {
                    break;
                }
                if (!fetch()) {
                    return -1;
                }
            }
            final int part = Math.min(regionLeft, bytes - done);
            if (!memory.append(vector, regionAddress, part)) {
                return -1;
            }
            regionAddress += part;
            regionLeft -= part;
            done += part;
        }
        return done;
    }

    /** Reads a descriptor; false when it is nowhere. */
    private boolean fetch() {
        final long at = tableAddress + (long) entries * ENTRY_BYTES;
        final int range = memory.find(at, ENTRY_BYTES);
        if (range == GuestMemory.NOT_FOUND) {
            return false;
        }
        final int offset = memory.offset(range, at);
        final int control = memory.region(range).getInt(offset + 4);
        final int length = control & LENGTH_MASK;
        regionAddress = memory.region(range).getInt(offset) & ADDRESS_MASK;
        regionLeft = length == 0 ? LARGEST : length;
        last = control < 0;
        entries++;
        return true;
    }
}
