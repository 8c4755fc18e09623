package io.drivebay.posix;

import io.drivebay.backend.request.IoVector;

/**
 * An open file attached to a port. Port's thread only.
 *
 * <p>Each operation returns false, and nothing happens, when the port has no room: {@link AsyncFilePort#whenRoom} tells
 * when to try again. An accepted one completes once, in no particular order with others, even if they overlap. It is
 * handed to the kernel by the next {@link AsyncFilePort#poll()} or {@code await}. Memory stays alive until completion.
 *
 * @param <T> what the owner tells operations apart by
 */
public interface AsyncFile<T> extends AutoCloseable {
    /** The most segments that one transfer takes. */
    int MAX_SEGMENTS = IovecDescriptor.MAX_COUNT;

    /** The most bytes that one transfer moves. */
    int MAX_TRANSFER_BYTES = IovecDescriptor.MAX_TRANSFER_BYTES;

    /** Reads into one piece of memory. The result is fewer bytes than asked for at the end of the file. */
    boolean read(long address, int lengthBytes, long offsetBytes, T cookie);

    /** Reads into a list's memory, within the limits above. The list may be reused at once. */
    boolean read(IoVector vector, long offsetBytes, T cookie);

    /**
     * Writes from one piece of memory.
     *
     * @param durable completes only when the data is on stable storage (FUA)
     */
    boolean write(long address, int lengthBytes, long offsetBytes, boolean durable, T cookie);

    /** Writes from a list's memory, within the limits above. The list may be reused at once. */
    boolean write(IoVector vector, long offsetBytes, boolean durable, T cookie);

    /** Makes the data of all writes that have completed durable. */
    boolean fdatasync(T cookie);

    /** Reserves, zeroes or gives back a range. */
    boolean fallocate(FallocateMode mode, long offsetBytes, long lengthBytes, T cookie);

    /** Runs something else that blocks (ioctl, statx, lseek, truncate) on a thread of the port's pool. */
    boolean run(BlockingTask task, T cookie);

    /** The file itself. */
    PosixFile file();

    /** Detaches the file, after its operations have completed; does not close it. */
    @Override
    void close();
}
