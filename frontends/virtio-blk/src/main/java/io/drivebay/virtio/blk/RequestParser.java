package io.drivebay.virtio.blk;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.virtio.queue.DescriptorChain;

/**
 * Finds header, data and status byte in a chain, however the driver has cut it up (virtio 1.2, 2.7.4): the header is the
 * first 16 readable bytes, the status is the last writable byte, everything in between is data.
 *
 * <p>One per queue, used by whichever thread takes from it.
 */
final class RequestParser {
    private static final int HEADER_BYTES = 16;
    private static final int TYPE = 0;
    private static final int SECTOR = 8;

    private final MemoryRegion scratch = MemoryRegion.allocate(HEADER_BYTES);
    private final IoVector pieces = new IoVector();
    private GuestMemory memory;

    RequestParser(final GuestMemory memory) {
        this.memory = memory;
    }

    /** Reads from other memory from now on. */
    void memory(final GuestMemory newMemory) {
        memory = newMemory;
    }

    /**
     * Fills a slot from a chain.
     *
     * @return false when the chain is malformed; the slot then knows the status byte's place if the chain has one
     */
    boolean parse(final DescriptorChain chain, final Slot slot) {
        final IoVector data = slot.request().vector().clear();
        slot.statusRegion = null;
        slot.dataBytes = 0;
        slot.writtenBytes = 0;
        if (!chain.fault().complete()) {
            return false;
        }
        final int last = findStatus(chain, slot);
        if (last < 0 || chain.fault() != DescriptorChain.Fault.NONE) {
            return false;
        }
        final int dataStart = readHeader(chain, slot);
        if (dataStart < 0) {
            return false;
        }
        if (slot.type == RequestType.ZONE_APPEND) {
            final IoVector answer = slot.zonesMade().answer().clear();
            return appendReadable(chain, data, dataStart) && appendWritable(chain, answer, last);
        }
        return RequestType.takesData(slot.type)
                ? appendReadable(chain, data, dataStart)
                : !RequestType.givesData(slot.type) || appendWritable(chain, data, last);
    }

    /** Index of the descriptor whose last byte is the status byte; negative when there is none or it is out of reach. */
    private int findStatus(final DescriptorChain chain, final Slot slot) {
        final int last = chain.lastWritable();
        if (last < 0 || chain.address(last) < 0) {
            return -1;
        }
        final long address = chain.address(last) + chain.lengthBytes(last) - 1;
        final int range = memory.find(address, 1);
        if (range == GuestMemory.NOT_FOUND) {
            return -1;
        }
        slot.statusRegion = memory.region(range);
        slot.statusOffset = memory.offset(range, address);
        slot.dataBytes = chain.writableBytes() - 1;
        return last;
    }

    /** Says where the data after the header begins, as {@link #dataStart} packs it; negative when there is no header. */
    private int readHeader(final DescriptorChain chain, final Slot slot) {
        if (chain.readable() > 0 && chain.lengthBytes(0) >= HEADER_BYTES) {
            final long address = chain.address(0);
            final int range = memory.find(address, HEADER_BYTES);
            if (range != GuestMemory.NOT_FOUND) {
                slot.headerRegion = memory.region(range);
                slot.headerOffset = memory.offset(range, address);
                take(slot.headerRegion, slot.headerOffset, slot);
                return dataStart(0, HEADER_BYTES);
            }
        }
        return gatherHeader(chain, slot);
    }

    private int gatherHeader(final DescriptorChain chain, final Slot slot) {
        pieces.clear();
        for (int i = 0; i < chain.readable(); i++) {
            final long part = Math.min(HEADER_BYTES - pieces.bytes(), chain.lengthBytes(i));
            if (!memory.append(pieces, chain.address(i), part)) {
                return -1;
            }
            if (pieces.bytes() == HEADER_BYTES) {
                pieces.copyTo(0, scratch, 0, HEADER_BYTES);
                take(scratch, 0, slot);
                return dataStart(i, (int) part);
            }
        }
        return -1;
    }

    /* Packed into an int rather than kept in fields: what is written per request should lie far from what is read. */
    private static int dataStart(final int descriptor, final int skipBytes) {
        return descriptor * (HEADER_BYTES + 1) + skipBytes;
    }

    private static int startDescriptor(final int dataStart) {
        return dataStart / (HEADER_BYTES + 1);
    }

    private static int startSkipBytes(final int dataStart) {
        return dataStart % (HEADER_BYTES + 1);
    }

    private static void take(final MemoryRegion region, final int offset, final Slot slot) {
        slot.type = region.getInt(offset + TYPE);
        slot.sector = region.getLong(offset + SECTOR);
    }

    private boolean appendReadable(final DescriptorChain chain, final IoVector data, final int dataStart) {
        long skip = startSkipBytes(dataStart);
        for (int i = startDescriptor(dataStart); i < chain.readable(); i++) {
            if (!memory.append(data, chain.address(i) + skip, chain.lengthBytes(i) - skip)) {
                return false;
            }
            skip = 0;
        }
        return true;
    }

    private boolean appendWritable(final DescriptorChain chain, final IoVector data, final int last) {
        for (int i = chain.readable(); i < last; i++) {
            if (!memory.append(data, chain.address(i), chain.lengthBytes(i))) {
                return false;
            }
        }
        return memory.append(data, chain.address(last), chain.lengthBytes(last) - 1);
    }
}
