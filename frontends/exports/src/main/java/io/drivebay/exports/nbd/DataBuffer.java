package io.drivebay.exports.nbd;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import java.nio.ByteBuffer;

/** Page-aligned memory for the data of one request, as the block layer sees it and as a socket does. */
final class DataBuffer {
    final MemoryRegion region;
    /** Big-endian; its position and limit are the owner's. */
    final ByteBuffer bytes;

    DataBuffer(final int size) {
        region = RegionPool.aligned(size);
        bytes = region.buffer().duplicate();
    }

    int size() {
        return region.size();
    }
}
