package io.drivebay.posix;

/** A descriptor that a port watches. Port's thread only. */
public interface FdWatch extends AutoCloseable {
    /** Ends watching; its action is not run again. Comes before the descriptor is closed. */
    @Override
    void close();
}
