package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import org.jspecify.annotations.Nullable;

/** The values of the option {@code aio}: how a file is read and written. */
enum Aio {
    IO_URING("io_uring"),
    THREADS("threads"),
    NIO("nio");

    private final String qapiName;

    Aio(final String qapiName) {
        this.qapiName = qapiName;
    }

    String qapiName() {
        return qapiName;
    }

    /** The value that the options ask for; null when they leave it open. */
    static @Nullable Aio of(final BlockdevOptions options) throws BlockException {
        final String wanted = options.text("aio");
        if (wanted == null) {
            return null;
        }
        for (final Aio aio : values()) {
            if (aio.qapiName.equals(wanted)) {
                return aio;
            }
        }
        throw new BlockException(
                Kind.INVALID_OPTION, "option 'aio' must be one of io_uring, threads, nio, not '" + wanted + "'");
    }
}
