package io.drivebay.virtio.queue;

import java.util.Arrays;

/**
 * One request's buffers as the driver described them, device-readable ones first. Nothing in it is checked against the
 * guest's memory yet.
 *
 * <p>Filled by a {@link Virtqueue}, reused for every chain. One thread.
 */
public final class DescriptorChain {
    /** More descriptors than this make a chain faulty, whatever the queue's size. */
    public static final int MAX_DESCRIPTORS = 1024;

    /** What is wrong with a chain, though the ring that it came from is sound. */
    public enum Fault {
        NONE(true),
        /** A device-readable descriptor after a device-writable one (virtio 1.2, 2.7.4.2). */
        READABLE_AFTER_WRITABLE(true),
        /** A descriptor without bytes. */
        EMPTY_DESCRIPTOR(true),
        /** An indirect descriptor within an indirect table, together with NEXT, or not negotiated (2.7.5.3.1). */
        MISPLACED_INDIRECT(false),
        /** An indirect table whose length is no multiple of 16, zero or absurd, or which lies outside memory. */
        BAD_INDIRECT_TABLE(false),
        /** Links within an indirect table that lead out of it or round in circles. */
        BAD_INDIRECT_LINK(false),
        /** More than {@link #MAX_DESCRIPTORS}. */
        TOO_LONG(false);

        private final boolean complete;

        Fault(final boolean complete) {
            this.complete = complete;
        }

        /** True when the whole chain could be walked nevertheless, so that its last byte is known. */
        public boolean complete() {
            return complete;
        }
    }

    private long[] addresses = new long[16];
    private int[] lengths = new int[16];
    private int readable;
    private int count;
    private int lastWritable;
    private long writableBytes;
    private Fault fault = Fault.NONE;

    /** Empties the chain. */
    void clear() {
        readable = 0;
        count = 0;
        lastWritable = -1;
        writableBytes = 0;
        fault = Fault.NONE;
    }

    /** Appends a descriptor; false when the chain is too long for it. */
    boolean add(final long address, final int length, final boolean writable) {
        if (count == addresses.length && !grow()) {
            return false;
        }
        addresses[count] = address;
        lengths[count] = length;
        if (length == 0) {
            fault(Fault.EMPTY_DESCRIPTOR);
        } else if (writable) {
            lastWritable = count;
            writableBytes += Integer.toUnsignedLong(length);
        }
        if (!writable) {
            if (readable == count) {
                readable++;
            } else {
                fault(Fault.READABLE_AFTER_WRITABLE);
            }
        }
        count++;
        return true;
    }

    private boolean grow() {
        if (count == MAX_DESCRIPTORS) {
            return false;
        }
        addresses = Arrays.copyOf(addresses, count * 2);
        lengths = Arrays.copyOf(lengths, count * 2);
        return true;
    }

    /** Notes a fault; a later one that hides the chain's end counts more than an earlier one that does not. */
    void fault(final Fault found) {
        if (fault.complete) {
            fault = found;
        }
    }

    public Fault fault() {
        return fault;
    }

    /** How many descriptors there are. */
    public int count() {
        return count;
    }

    /** How many of them, from the first, are device-readable; in a chain without fault the rest is device-writable. */
    public int readable() {
        return readable;
    }

    /** The last device-writable descriptor that has bytes; negative when there is none. */
    public int lastWritable() {
        return lastWritable;
    }

    /** Sum of the lengths of the device-writable buffers. */
    public long writableBytes() {
        return writableBytes;
    }

    /** Guest physical address of a buffer. */
    public long address(final int index) {
        return addresses[index];
    }

    /** Length of a buffer in bytes, below 2^32. */
    public long lengthBytes(final int index) {
        return Integer.toUnsignedLong(lengths[index]);
    }

    @Override
    public String toString() {
        return "DescriptorChain[" + readable + " readable, " + (count - readable) + " writable, " + fault + "]";
    }
}
