package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;

/**
 * A device model, as the backend that it is attached to sees it. One device is attached to a backend at a time.
 *
 * <p>Every method says on which thread it is called; none may block.
 */
public interface BlockDevice {
    /** The device's id, for messages and queries. Any thread. */
    String id();

    /** True for a drive whose medium can be taken out while the device stays. Any thread. */
    default boolean removable() {
        return false;
    }

    /** True for a removable drive with a tray. Any thread. */
    default boolean hasTray() {
        return false;
    }

    /** True while the tray is open; no request reaches the medium then. Any thread. */
    default boolean trayOpen() {
        return false;
    }

    /** True while the guest has locked the medium in. Any thread. */
    default boolean mediumLocked() {
        return false;
    }

    /**
     * Looks at a medium that is about to be put in, while the old one is still there. A control thread.
     *
     * @throws BlockException when the device cannot do with it, such as a fixed disk that cannot become read-only; then
     *     nothing changes
     */
    default void checkMedium(final MediumProperties medium) throws BlockException {}

    /**
     * The medium has come or gone: a drive without a tray tells its guest, a fixed disk re-reads capacity. The context's
     * thread, while the backend is drained.
     *
     * @param loaded true when there is a medium now, the first or another one; false when there is none
     */
    default void mediumChanged(final boolean loaded) {}

    /**
     * Somebody asks for the medium: tell the guest or, with force, unlock. A control thread.
     *
     * @param force true to unlock without asking the guest
     */
    default void ejectRequested(final boolean force) {}

    /**
     * Opens or closes the tray on the host's behalf, locked or not. A control thread. A device whose guest moves the tray
     * tells {@link BlockBackend#trayMoved} instead.
     *
     * @throws BlockException when the medium cannot be loaded; then the tray stays open
     */
    default void moveTray(final boolean open) throws BlockException {}

    /** The length of the same medium has changed. The context's thread, while the backend is drained. */
    default void resized() {}

    /**
     * The machine has stopped, or goes on. A device that keeps requests which {@link IoErrors} stopped submits them again
     * when it goes on, in the order in which its guest made them and before it looks at the guest's queues. The context's
     * thread; may be called with what is known already.
     */
    default void runStateChanged(final boolean running) {}

    /**
     * Stop submitting: leave work in the guest's queues. What was submitted already will be taken care of. The context's
     * thread; does not nest.
     */
    default void drainBegin() {}

    /** Submit again, starting with what was left in the guest's queues. The context's thread. */
    default void drainEnd() {}
}
