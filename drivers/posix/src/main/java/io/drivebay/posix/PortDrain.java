package io.drivebay.posix;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a port's operations before it is closed: memory they use must not go before they end. */
final class PortDrain {
    private static final Logger LOG = LoggerFactory.getLogger(PortDrain.class);
    private static final long REPORT_AFTER_NS = 5_000_000_000L;

    private PortDrain() {}

    /** Completes all operations of a port, on its thread. */
    static void finish(final AsyncFilePort port) {
        boolean waited = false;
        while (port.busy()) {
            if (port.poll() > 0) {
                continue;
            }
            if (waited) {
                LOG.info("Closing {} waits for {} operations", port, port.inFlight());
            }
            port.await(REPORT_AFTER_NS);
            waited = true;
        }
    }
}
