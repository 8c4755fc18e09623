package io.drivebay.ide.device;

import io.drivebay.backend.request.IoVector;

/** The bus master, as a drive sees it: guest memory, in the order in which the guest's table lists it. */
public interface DmaPort {
    /** The answer of {@link #next} when the table points to where no memory is. */
    int NOWHERE = -1;

    /** Asks for the transfer; {@link IdeDevice#dmaStarted} follows, in this call or when the guest starts the master. */
    void request();

    /**
     * Appends the next memory of the table to a vector.
     *
     * @param bytes how much is wanted
     * @return how much was there: less than wanted when the table ends; {@link #NOWHERE}
     */
    int next(IoVector vector, int bytes);

    /** True when the table was there to be read; false when a master that may not read it is only pretended. */
    boolean moves();

    /** The drive has transferred all that it wanted. */
    void finish();

    /** The drive gave up because the table was too short: the master goes idle, nobody is told. */
    void exhausted();

    /** The drive gave up: memory was missing, or its command failed. */
    void fail(boolean memoryMissing);
}
