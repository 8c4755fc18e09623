package io.drivebay.exports.vhost;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PassedMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The guest's memory as a client has passed it, and where the client sees it itself: rings are described by the client's
 * own addresses.
 */
final class MemoryTable implements AutoCloseable {
    /** Most regions at a time. */
    static final int MOST_REGIONS = 64;

    /** Most memory, in bytes: it bounds the number of mappings. */
    private static final long MOST_BYTES = 8L << 40;

    /** The answer of {@link #guestAddress} for an address that is nowhere. */
    static final long NOWHERE = -1;

    /**
     * A region as a message describes it.
     *
     * @param guestAddress guest physical address
     * @param bytes size
     * @param userAddress where the client has mapped it
     * @param offsetBytes where in its file it begins
     */
    record Description(long guestAddress, long bytes, long userAddress, long offsetBytes) {
        static final int BYTES = 32;

        static Description at(final Message message, final int offset) {
            return new Description(
                    message.longAt(offset),
                    message.longAt(offset + 8),
                    message.longAt(offset + 16),
                    message.longAt(offset + 24));
        }

        private static boolean overlap(final long a, final long b, final long aBytes, final long bBytes) {
            return a < b + bBytes && b < a + aBytes;
        }

        private void check() throws ProtocolException {
            if (bytes <= 0 || guestAddress < 0 || guestAddress > Long.MAX_VALUE - bytes) {
                throw new ProtocolException(this + " is no range of memory");
            }
            if (userAddress < 0 || userAddress > Long.MAX_VALUE - bytes) {
                throw new ProtocolException(this + " lies nowhere in the client");
            }
        }

        private boolean overlaps(final Description other) {
            return overlap(guestAddress, other.guestAddress, bytes, other.bytes)
                    || overlap(userAddress, other.userAddress, bytes, other.bytes);
        }

        @Override
        public String toString() {
            return "memory region of " + bytes + " bytes at guest 0x" + Long.toHexString(guestAddress) + ", client 0x"
                    + Long.toHexString(userAddress);
        }
    }

    private record Region(Description place, PassedMemory memory) {}

    private final List<Region> regions = new ArrayList<>();

    /**
     * Maps a region and adds it.
     *
     * @param file what it lies in; taken over
     * @throws ProtocolException when it overlaps another, makes no sense, or could be cut off
     * @throws PosixException when its file does not hold it, or it cannot be mapped
     */
    void add(final Description place, final PosixFile file) throws ProtocolException, PosixException {
        try {
            place.check();
            long total = place.bytes();
            for (final Region region : regions) {
                if (region.place.overlaps(place)) {
                    throw new ProtocolException(place + " overlaps the " + region.place);
                }
                total += region.place.bytes();
            }
            if (regions.size() == MOST_REGIONS || total > MOST_BYTES || total < 0) {
                throw new ProtocolException(
                        "more guest memory than " + MOST_REGIONS + " regions and " + MOST_BYTES + " bytes");
            }
        } catch (final ProtocolException e) {
            file.close();
            throw e;
        }
        regions.add(new Region(place, ClientMemory.map(file, place.offsetBytes(), place.bytes())));
    }

    /** Takes a region away, which nobody may use any more. */
    void remove(final Description place) throws ProtocolException {
        for (final Region region : regions) {
            final Description found = region.place;
            if (found.guestAddress() == place.guestAddress()
                    && found.userAddress() == place.userAddress()
                    && found.bytes() == place.bytes()) {
                regions.remove(region);
                region.memory.close();
                return;
            }
        }
        throw new ProtocolException(place + " is not there to be removed");
    }

    /** All regions as a device reads them. */
    GuestMemory toGuestMemory() {
        final List<GuestMemory.Range> ranges = new ArrayList<>();
        for (final Region region : regions) {
            long at = region.place.guestAddress();
            for (final MemoryRegion piece : region.memory.pieces()) {
                ranges.add(new GuestMemory.Range(at, piece));
                at += piece.size();
            }
        }
        return GuestMemory.of(ranges);
    }

    /** The guest physical address of one of the client's; {@link #NOWHERE} when it is in no region. */
    long guestAddress(final long userAddress) {
        for (final Region region : regions) {
            final long offset = userAddress - region.place.userAddress();
            if (userAddress >= region.place.userAddress() && offset < region.place.bytes()) {
                return region.place.guestAddress() + offset;
            }
        }
        return NOWHERE;
    }

    /** False when a file has become shorter than what is mapped of it: accesses may have faulted. */
    boolean whole() throws PosixException {
        for (final Region region : regions) {
            if (!region.memory.whole()) {
                return false;
            }
        }
        return true;
    }

    /** Unmaps everything; nobody may use it any more. */
    @Override
    public void close() {
        regions.forEach(region -> region.memory.close());
        regions.clear();
    }
}
