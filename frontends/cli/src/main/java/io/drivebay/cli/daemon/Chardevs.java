package io.drivebay.cli.daemon;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.host.Endpoint;
import io.drivebay.cli.host.Monitors;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Character devices by id, and which of them lead to the monitor. A control thread. */
final class Chardevs {
    private final Map<String, Endpoint> chardevs = new HashMap<>();
    private final Map<String, Endpoint> monitors = new LinkedHashMap<>();

    /**
     * Takes note of one: {@code --chardev}.
     *
     * @throws BlockException INVALID_OPTION or BAD_NAME
     */
    void add(final BlockdevOptions options) throws BlockException {
        final String backend = options.requiredText("backend");
        final String id = options.requiredText("id");
        if (chardevs.containsKey(id)) {
            throw new BlockException(Kind.BAD_NAME, "there already is a character device '" + id + "'");
        }
        chardevs.put(id, endpoint(backend, options));
    }

    private Endpoint endpoint(final String backend, final BlockdevOptions options) throws BlockException {
        if (backend.equals("socket")) {
            return Endpoint.of(options);
        }
        if (backend.equals("stdio")) {
            options.flag("signal", true);
            options.refuseUnread();
            if (chardevs.containsValue(Endpoint.STDIO)) {
                throw new BlockException(Kind.IN_USE, "standard input and output have a character device already");
            }
            return Endpoint.STDIO;
        }
        throw new BlockException(
                Kind.INVALID_OPTION,
                "no character device's backend is called '" + backend + "'; there are socket, stdio");
    }

    /**
     * Has a monitor use one: {@code --monitor}.
     *
     * @throws BlockException INVALID_OPTION, NOT_FOUND, or IN_USE when there is a monitor on it
     */
    void monitor(final BlockdevOptions options) throws BlockException {
        final String id = options.requiredText("chardev");
        final String mode = options.text("mode");
        if (mode != null && !mode.equals("control")) {
            throw new BlockException(Kind.INVALID_OPTION, "only mode=control, which is QMP, is there");
        }
        options.flag("pretty", false);
        options.text("id");
        options.refuseUnread();
        final Endpoint chardev = chardevs.get(id);
        if (chardev == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no character device '" + id + "'");
        }
        if (monitors.put(id, chardev) != null) {
            throw new BlockException(Kind.IN_USE, "the character device '" + id + "' has a monitor already");
        }
    }

    /** Lets the monitor's clients in. */
    void open(final Monitors ways) throws BlockException {
        for (final Map.Entry<String, Endpoint> monitor : monitors.entrySet()) {
            try {
                ways.add(monitor.getValue());
            } catch (final IOException e) {
                throw new BlockException(Kind.IO, "character device '" + monitor.getKey() + "': " + e.getMessage(), e);
            }
        }
    }
}
