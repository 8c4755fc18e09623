package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.Permission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The graph in maps, lists, strings, numbers and booleans. Under the graph lock. */
final class GraphDescription {
    private GraphDescription() {}

    static Map<String, Object> of(final List<BlockBackend> backends, final List<BlockNode> nodes) {
        final Map<String, Object> graph = new LinkedHashMap<>();
        graph.put("backends", backends.stream().map(GraphDescription::backend).toList());
        graph.put("nodes", nodes.stream().map(GraphDescription::node).toList());
        return graph;
    }

    private static Map<String, Object> backend(final BlockBackend backend) {
        final Map<String, Object> members = new LinkedHashMap<>();
        putIfThere(members, "name", backend.name());
        final BlockDevice device = backend.device();
        if (device != null) {
            members.put("device", device.id());
            members.put("removable", device.removable());
            members.put("locked", device.mediumLocked());
            if (device.hasTray()) {
                members.put("tray-open", device.trayOpen());
            }
            if (backend.errors().policy().mayStop()) {
                members.put("io-status", spelled(backend.errors().status()));
            }
        }
        members.put("context", backend.context().name());
        members.put("references", backend.references());
        final List<BlockNode> filters = backend.slot().filters();
        members.put("filters", filters.stream().map(BlockNode::name).toList());
        final BlockNode medium = backend.medium();
        if (medium != null) {
            members.put("inserted", medium.name());
        }
        members.put("generation", backend.generation());
        members.put("length", backend.lengthBytes());
        members.put("write-cache", backend.writeCache());
        members.put("drained", backend.drained());
        members.put("pending", backend.pending());
        return members;
    }

    private static Map<String, Object> node(final BlockNode node) {
        final Map<String, Object> members = new LinkedHashMap<>();
        members.put("node-name", node.name());
        members.put("driver", node.driver().driverName());
        members.put("context", node.domain().context().name());
        members.put("length", node.length());
        members.put("read-only", node.readOnly());
        members.put("detect-zeroes", spelled(node.options().detectZeroes()));
        members.put(
                "cache",
                Map.of(
                        "direct", node.options().cacheDirect(),
                        "no-flush", node.options().noFlush()));
        members.put("references", node.references());
        members.put("permissions", names(node.permissions()));
        members.put("shared", names(node.shared()));
        members.put("drained", node.quiesceCount());
        members.put("in-flight", node.inFlight());
        final List<Map<String, Object>> children = new ArrayList<>();
        for (final Child child : node.children()) {
            children.add(link(child));
        }
        members.put("children", children);
        members.put(
                "parents",
                node.parents().stream()
                        .map(parent -> parent.parent().describe())
                        .toList());
        final Map<String, Object> details = node.driver().describe();
        if (!details.isEmpty()) {
            members.put("details", details);
        }
        return members;
    }

    private static Map<String, Object> link(final Child child) {
        final Map<String, Object> members = new LinkedHashMap<>();
        members.put("role", child.role());
        final BlockNode below = child.node();
        putIfThere(members, "node-name", below == null ? null : below.name());
        members.put("permissions", names(child.permissions()));
        members.put("shared", names(child.shared()));
        members.put("frozen", child.frozen());
        return members;
    }

    private static List<String> names(final int permissions) {
        return Arrays.stream(Permission.values())
                .filter(permission -> permission.in(permissions))
                .map(permission -> Permission.describe(permission.bit()))
                .toList();
    }

    private static String spelled(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void putIfThere(final Map<String, Object> members, final String key, final @Nullable String value) {
        if (value != null) {
            members.put(key, value);
        }
    }
}
