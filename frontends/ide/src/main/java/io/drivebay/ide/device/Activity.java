package io.drivebay.ide.device;

import io.drivebay.backend.request.BlockRequest;

/** What a drive is doing while it has not ended a command; the calls are what it may be waiting for. Under the lock. */
public interface Activity {
    /** The host has taken all the data that was offered. */
    default void hostDrained() {}

    /** The host has given all the data that was wanted. */
    default void hostFilled() {}

    /** The backend has carried out the drive's request. In the backend's context. */
    default void ioDone(final BlockRequest request) {}

    /** The bus master is ready. */
    default void dmaReady() {}
}
