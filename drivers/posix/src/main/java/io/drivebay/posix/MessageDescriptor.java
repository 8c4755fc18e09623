package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * {@code struct msghdr} with one buffer and room for passed descriptors, in one piece of memory.
 *
 * <pre>
 *  0 name (8)       8 namelen (4)    16 iov (8)       24 iovlen (8)
 * 32 control (8)   40 controllen (8) 48 flags (4)
 * 64 iovec: base (8), length (8)
 * 80 cmsghdr: len (8), level (4), type (4), descriptors (4 each)
 * </pre>
 */
final class MessageDescriptor {
    /** Most descriptors of one message (SCM_MAX_FD). */
    static final int MOST_DESCRIPTORS = 253;

    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = 48;
    private static final int BUFFER = 64;
    private static final int HEADER = 80;
    private static final int LEVEL = HEADER + 8;
    private static final int TYPE = HEADER + 12;
    private static final int DESCRIPTORS = HEADER + 16;
    private static final int HEADER_BYTES = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x8;

    private final MemoryRegion memory = MemoryRegion.allocate(DESCRIPTORS + Integer.BYTES * (MOST_DESCRIPTORS + 1));
    private final long address = NativeMemory.addressOf(memory);

    long address() {
        return address;
    }

    /** Describes a buffer, and descriptors to send with it. */
    void toSend(final long bufferAddress, final int bytes, final int... descriptors) {
        final int dataBytes = Integer.BYTES * descriptors.length;
        describe(bufferAddress, bytes, descriptors.length == 0 ? 0 : HEADER_BYTES + (dataBytes + 7 & -8));
        memory.putLong(HEADER, HEADER_BYTES + dataBytes);
        memory.putInt(LEVEL, SOL_SOCKET);
        memory.putInt(TYPE, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            memory.putInt(DESCRIPTORS + Integer.BYTES * i, descriptors[i]);
        }
    }

    /** Describes a buffer to receive into. */
    void toReceive(final long bufferAddress, final int bytes) {
        describe(bufferAddress, bytes, memory.size() - HEADER & -8);
        memory.putLong(HEADER, 0);
    }

    private void describe(final long bufferAddress, final int bytes, final int controlBytes) {
        memory.fill(0, BUFFER, (byte) 0);
        memory.putLong(BUFFER, bufferAddress);
        memory.putLong(BUFFER + Long.BYTES, bytes);
        memory.putLong(IOV, address + BUFFER);
        memory.putLong(IOV_COUNT, 1);
        memory.putLong(CONTROL, controlBytes == 0 ? 0 : address + HEADER);
        memory.putLong(CONTROL_BYTES, controlBytes);
    }

    /** How many descriptors came; the kernel puts all of them into one control message. */
    int received() {
        final boolean some = memory.getLong(CONTROL_BYTES) >= HEADER_BYTES
                && memory.getInt(LEVEL) == SOL_SOCKET
                && memory.getInt(TYPE) == SCM_RIGHTS;
        return some ? (int) (memory.getLong(HEADER) - HEADER_BYTES) / Integer.BYTES : 0;
    }

    int descriptor(final int index) {
        return memory.getInt(DESCRIPTORS + Integer.BYTES * index);
    }

    /** True when descriptors were dropped, as for want of free ones. */
    boolean truncated() {
        return (memory.getInt(FLAGS) & MSG_CTRUNC) != 0;
    }
}
