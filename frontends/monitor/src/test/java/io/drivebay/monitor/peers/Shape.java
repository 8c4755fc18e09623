package io.drivebay.monitor.peers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a message looks like: which members there are, and of which types, whatever their values. */
final class Shape {
    private Shape() {}

    /** Paths with types, such as {@code return[].inserted.ro BOOLEAN}. */
    static Set<String> of(final List<JsonNode> messages) {
        final Set<String> paths = new TreeSet<>();
        for (final JsonNode message : messages) {
            collect("", message, paths);
        }
        return paths;
    }

    private static void collect(final String path, final JsonNode value, final Set<String> paths) {
        if (value.isObject()) {
            for (final Map.Entry<String, JsonNode> member : value.properties()) {
                collect(path + "." + member.getKey(), member.getValue(), paths);
            }
        } else if (value.isArray()) {
            value.forEach(element -> collect(path + "[]", element, paths));
        } else {
            paths.add(path + " " + value.getNodeType());
        }
    }
}
