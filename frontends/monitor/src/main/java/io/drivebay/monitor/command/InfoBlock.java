package io.drivebay.monitor.command;

import io.drivebay.backend.BlockLayer;
import io.drivebay.monitor.command.Graph.Element;
import io.drivebay.monitor.protocol.QmpException;
import org.jspecify.annotations.Nullable;

/** {@code info block}: disks for people, in the words of QEMU's monitor. */
final class InfoBlock {
    private InfoBlock() {}

    /**
     * All disks, or one.
     *
     * @throws QmpException when there is none of this name
     */
    static String of(final BlockLayer layer, final @Nullable String only) throws QmpException {
        final Graph graph = new Graph(layer);
        final StringBuilder text = new StringBuilder();
        for (final Element backend : graph.backends()) {
            final boolean wanted = only == null
                    || backend.text("name").equals(only)
                    || backend.text("device").equals(only);
            if (BlockQueries.isDisk(backend) && wanted) {
                text.append(text.length() == 0 ? "" : "\n").append(disk(graph, backend));
            }
        }
        if (only != null && text.length() == 0) {
            throw new QmpException("Device '" + only + "' not found");
        }
        return text.toString();
    }

    private static String disk(final Graph graph, final Element backend) {
        final Element medium = graph.node(backend.text("inserted"));
        final StringBuilder text = new StringBuilder(name(backend, medium)).append(": ");
        if (medium == null) {
            text.append("[not inserted]\n");
        } else {
            text.append(graph.filename(medium)).append(" (").append(medium.text("driver"));
            text.append(medium.flag("read-only") ? ", read-only)\n" : ")\n");
        }
        if (backend.has("device")) {
            text.append("    Attached to:      ").append(backend.text("device")).append('\n');
        }
        if (!backend.has("device") || backend.flag("removable")) {
            text.append("    Removable device: ")
                    .append(backend.flag("locked") ? "" : "not ")
                    .append("locked, tray ");
            text.append(backend.flag("tray-open") ? "open\n" : "closed\n");
        }
        if (medium != null) {
            text.append("    Cache mode:       ").append(cache(backend, medium)).append('\n');
            if (!medium.text("detect-zeroes").equals("off")) {
                text.append("    Detect zeroes:    ")
                        .append(medium.text("detect-zeroes"))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String name(final Element backend, final @Nullable Element medium) {
        final String name = backend.text("name");
        if (medium == null) {
            return name.isEmpty() ? backend.text("device") : name;
        }
        final String node = medium.text("node-name");
        return name.isEmpty() ? node : name + " (" + node + ")";
    }

    private static String cache(final Element backend, final Element medium) {
        final Element cache = medium.object("cache");
        return (backend.flag("write-cache") ? "writeback" : "writethrough")
                + (cache.flag("direct") ? ", direct" : "")
                + (cache.flag("no-flush") ? ", ignore flushes" : "");
    }
}
