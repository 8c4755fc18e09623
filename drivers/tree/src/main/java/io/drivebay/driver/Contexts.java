package io.drivebay.driver;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.WaitPort;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.Posix;
import io.drivebay.posix.PosixException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes contexts with the best I/O that this machine offers. */
public final class Contexts {
    private static final Logger LOG = LoggerFactory.getLogger(Contexts.class);

    private Contexts() {}

    /** A context on the system's clock, not yet started, with the port of {@link #bestPort}. */
    public static IoContext create(final String name) {
        return create(name, IoContext.DEFAULT_POLL_NS);
    }

    /** The same, polling no longer than a limit in nanoseconds before it sleeps. */
    public static IoContext create(final String name, final long pollLimitNs) {
        return new IoContext(name, SystemClock.INSTANCE, bestPort(PortOptions.DEFAULT), pollLimitNs);
    }

    /**
     * A port on io_uring; where that cannot be had, on threads; where there is no Linux, one without file I/O, beside
     * which files are read and written by Java's own channels. The log says which it is and why.
     */
    public static WaitPort bestPort(final PortOptions options) {
        if (!Posix.isLinux()) {
            LOG.info("File I/O by Java's channels: {}", Posix.unavailableReason());
            return new ParkPort();
        }
        try {
            final AsyncFilePort port = AsyncFilePort.open(options);
            LOG.info("File I/O by {}", port);
            return port;
        } catch (final PosixException e) {
            LOG.warn("File I/O by Java's channels: neither io_uring nor epoll can be had", e);
            return new ParkPort();
        }
    }
}
