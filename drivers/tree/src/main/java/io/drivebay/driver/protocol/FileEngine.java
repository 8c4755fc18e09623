package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.IoVector;

/**
 * A way to read and write an open file without blocking the context.
 *
 * <p>Operations return false, and nothing happens, when there is no room; {@link #whenRoom} tells when to try again. An
 * accepted one ends with {@link FileTask#done} in the context's thread, never inside the call. The context's thread
 * only, but for {@link #resize} and {@link #close}.
 */
interface FileEngine {
    /** The most segments of a vector that one operation takes. */
    int MAX_SEGMENTS = 1024;

    /** Reads into a vector. The result is fewer bytes than it has at the end of the file. */
    boolean read(IoVector vector, long offset, FileTask task);

    /** Writes a vector; with durable, the data is on stable storage when the task ends. */
    boolean write(IoVector vector, long offset, boolean durable, FileTask task);

    /** Makes the data of all writes that have ended durable. */
    boolean flush(FileTask task);

    /** Runs something once when an operation that was refused has a chance. */
    void whenRoom(Runnable retry);

    /** Cuts or extends the file; what is added reads as zeros. A control thread; blocks. */
    void resize(long newLengthBytes) throws BlockException;

    /** Closes the file. A control thread; no operation is pending. */
    void close();
}
