package io.drivebay.monitor.command;

import io.drivebay.backend.BlockLayer;
import io.drivebay.monitor.command.Graph.Element;
import io.drivebay.monitor.protocol.CommandTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What disks and nodes there are: QAPI's BlockInfo and BlockDeviceInfo. */
public final class BlockQueries {
    private final BlockLayer layer;

    public BlockQueries(final BlockLayer layer) {
        this.layer = layer;
    }

    public void addTo(final CommandTable table) {
        table.add("query-block", "", arguments -> disks());
        table.add("query-named-block-nodes", "flat:bool?", arguments -> nodes());
    }

    private List<Map<String, Object>> disks() {
        final Graph graph = new Graph(layer);
        final List<Map<String, Object>> disks = new ArrayList<>();
        for (final Element backend : graph.backends()) {
            if (isDisk(backend)) {
                disks.add(disk(graph, backend));
            }
        }
        return disks;
    }

    /** Backends without name and device belong to exports and jobs. */
    static boolean isDisk(final Element backend) {
        return backend.has("name") || backend.has("device");
    }

    private List<Map<String, Object>> nodes() {
        final Graph graph = new Graph(layer);
        final List<Map<String, Object>> nodes = new ArrayList<>();
        graph.nodes().forEach(node -> nodes.add(node(graph, node, true, null)));
        return nodes;
    }

    private static Map<String, Object> disk(final Graph graph, final Element backend) {
        final Map<String, Object> disk = new LinkedHashMap<>();
        disk.put("device", backend.text("name"));
        if (backend.has("device")) {
            disk.put("qdev", backend.text("device"));
        }
        disk.put("type", "unknown");
        disk.put("removable", !backend.has("device") || backend.flag("removable"));
        disk.put("locked", backend.flag("locked"));
        if (backend.has("io-status")) {
            disk.put("io-status", backend.text("io-status"));
        }
        if (backend.has("tray-open")) {
            disk.put("tray_open", backend.flag("tray-open"));
        }
        final Element medium = graph.node(backend.text("inserted"));
        if (medium != null) {
            disk.put("inserted", node(graph, medium, backend.flag("write-cache"), throttle(graph, backend)));
        }
        return disk;
    }

    /** What the lowest throttle among a backend's own filters says of itself; null when there is none. */
    private static @Nullable Element throttle(final Graph graph, final Element backend) {
        Element found = null;
        for (final String name : backend.texts("filters")) {
            final Element filter = graph.node(name);
            if (filter != null && filter.text("driver").equals("throttle")) {
                found = filter.object("details");
            }
        }
        return found;
    }

    private static Map<String, Object> node(
            final Graph graph, final Element node, final boolean writeCache, final @Nullable Element throttle) {
        final String filename = graph.filename(node);
        final Map<String, Object> info = new LinkedHashMap<>();
        info.put("node-name", node.text("node-name"));
        info.put("drv", node.text("driver"));
        info.put("file", filename);
        info.put("ro", node.flag("read-only"));
        info.put("encrypted", false);
        info.put("detect_zeroes", node.text("detect-zeroes"));
        info.put("backing_file_depth", 0);
        info.put("write_threshold", 0);
        final Element cache = node.object("cache");
        info.put(
                "cache",
                Map.of(
                        "writeback", writeCache,
                        "direct", cache.flag("direct"),
                        "no-flush", cache.flag("no-flush")));
        info.put(
                "image",
                Map.of("filename", filename, "format", node.text("driver"), "virtual-size", node.required("length")));
        ThrottleLimitNames.addTo(info, throttle);
        return info;
    }
}
