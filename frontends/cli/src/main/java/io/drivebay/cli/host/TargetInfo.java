package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Says what a workload drives. */
public final class TargetInfo {
    private TargetInfo() {}

    /** Frontend, medium with its drivers, length, and how files are read and written. */
    public static Map<String, String> of(final Stage stage, final BlockBackend backend, final Frontend frontend) {
        final Map<String, String> info = new LinkedHashMap<>();
        final BlockNode medium = backend.medium();
        info.put("frontend", frontend.toString());
        info.put("medium", medium == null ? "none" : describe(medium));
        info.put("length", Long.toString(backend.lengthBytes()));
        info.put("io", stage.engine());
        return info;
    }

    /** A driver with what it says of itself (not what is off or 0), and those below it. */
    private static String describe(final BlockNode node) {
        final StringBuilder text = new StringBuilder(node.driver().driverName());
        final Map<String, Object> members = new TreeMap<>(node.driver().describe());
        members.values().removeIf(value -> value.equals(false) || value.equals(0) || value.equals(0L));
        if (!members.isEmpty()) {
            text.append(members);
        }
        for (final Child child : node.children()) {
            text.append(" > ").append(describe(child.requireNode()));
        }
        return text.toString();
    }
}
