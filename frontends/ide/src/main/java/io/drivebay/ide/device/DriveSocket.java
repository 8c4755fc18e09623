package io.drivebay.ide.device;

/**
 * The channel, as a drive plugged into it sees it.
 *
 * <p>A drive has no lock of its own: whoever calls it holds the channel's, and the drive takes it when the backend's
 * context tells of a completion.
 */
public interface DriveSocket {
    /** The monitor under which everything on this channel happens. */
    Object lock();

    /** True for the second drive of the channel. */
    boolean second();

    /** The drive's wish for an interrupt has come or gone. Under the lock. */
    void interruptChanged();

    /** The bus master. Under the lock. */
    DmaPort dma();

    /** EXECUTE DEVICE DIAGNOSTIC was written to this drive: both are to obey. Under the lock. */
    void diagnose();
}
