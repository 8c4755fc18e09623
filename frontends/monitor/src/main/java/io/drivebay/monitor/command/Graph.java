package io.drivebay.monitor.command;

import io.drivebay.backend.BlockLayer;
import io.drivebay.monitor.protocol.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One look at a layer's graph ({@link BlockLayer#describe}): backends and nodes as they were at one moment. */
final class Graph {
    private final List<Element> backends;
    private final Map<String, Element> nodes = new LinkedHashMap<>();

    Graph(final BlockLayer layer) {
        final Element graph = new Element(layer.describe());
        backends = graph.elements("backends");
        graph.elements("nodes").forEach(node -> nodes.put(node.text("node-name"), node));
    }

    List<Element> backends() {
        return backends;
    }

    Iterable<Element> nodes() {
        return nodes.values();
    }

    /** A node by its name; null when there is none. */
    @Nullable
    Element node(final String name) {
        return nodes.get(name);
    }

    /** The name of the image behind a node: that of its own or of its first child's file, or its options. */
    String filename(final Element node) {
        final Object own = node.object("details").value("filename");
        if (own != null) {
            return own.toString();
        }
        final List<Element> children = node.elements("children");
        if (!children.isEmpty()) {
            final Element below = nodes.get(children.get(0).text("node-name"));
            if (below != null) {
                return filename(below);
            }
        }
        return "json:" + Json.text(Map.of("driver", node.text("driver")));
    }

    /** An object of the description. */
    static final class Element {
        private final Map<?, ?> members;

        Element(final Map<?, ?> members) {
            this.members = members;
        }

        @Nullable
        Object value(final String key) {
            return members.get(key);
        }

        boolean has(final String key) {
            return members.containsKey(key);
        }

        Object required(final String key) {
            return Objects.requireNonNull(members.get(key), key);
        }

        /** A string; empty when it is not there. */
        String text(final String key) {
            return Objects.toString(members.get(key), "");
        }

        boolean flag(final String key) {
            return Boolean.TRUE.equals(members.get(key));
        }

        /** An object; empty when it is not there. */
        Element object(final String key) {
            return new Element(members.get(key) instanceof Map<?, ?> map ? map : Map.of());
        }

        /** A list of objects; empty when it is not there. */
        List<Element> elements(final String key) {
            return members.get(key) instanceof List<?> list
                    ? list.stream().map(each -> new Element((Map<?, ?>) each)).toList()
                    : List.of();
        }

        /** A list of strings; empty when it is not there. */
        List<String> texts(final String key) {
            return members.get(key) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }
    }
}
