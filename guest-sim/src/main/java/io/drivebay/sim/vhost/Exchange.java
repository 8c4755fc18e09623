package io.drivebay.sim.vhost;

import io.drivebay.posix.PosixException;
import java.io.UncheckedIOException;

/** Something that speaks to a back-end and may fail. */
@FunctionalInterface
interface Exchange<T> {
    T run() throws PosixException;

    /** Carries one out where nobody expects it to fail. */
    static <T> T speak(final Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
    }
}
