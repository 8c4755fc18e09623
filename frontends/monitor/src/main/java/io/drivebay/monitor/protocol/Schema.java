package io.drivebay.monitor.protocol;

import io.drivebay.monitor.protocol.Parameters.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code query-qmp-schema} tells of commands and events: QAPI's SchemaInfo, made of the same lines that arguments are
 * checked by. What commands return is told as {@code any}; so are objects and the elements of lists.
 */
final class Schema {
    private static final String NAME = "name";
    private static final String META_TYPE = "meta-type";
    private static final String ANY = "any";
    private static final String NO_MEMBERS = "q_empty";
    private static final Map<String, String> BUILTIN =
            Map.of("str", "string", "int", "int", "bool", "boolean", ANY, "value");

    private final List<Map<String, Object>> all = new ArrayList<>();

    private Schema() {
        BUILTIN.forEach((name, json) -> all.add(Map.of(NAME, name, META_TYPE, "builtin", "json-type", json)));
        all.add(Map.of(NAME, "[any]", META_TYPE, "array", "element-type", ANY));
        all.add(Map.of(NAME, NO_MEMBERS, META_TYPE, "object", "members", List.of()));
    }

    /** Everything, by name: what arguments commands take, and what data events have. */
    static List<Map<String, Object>> of(final Map<String, Parameters> commands, final Map<String, Parameters> events) {
        final Schema schema = new Schema();
        commands.forEach((name, parameters) -> schema.add(name, "command", parameters, ANY));
        events.forEach((name, members) -> schema.add(name, "event", members, null));
        return schema.all;
    }

    private void add(
            final String name, final String metaType, final Parameters members, final @Nullable String returned) {
        final Map<String, Object> entity = new LinkedHashMap<>();
        entity.put(NAME, name);
        entity.put(META_TYPE, metaType);
        entity.put("arg-type", members.declared().isEmpty() ? NO_MEMBERS : object(name + "-arg", members));
        if (returned != null) {
            entity.put("ret-type", returned);
        }
        all.add(entity);
    }

    private String object(final String name, final Parameters members) {
        all.add(Map.of(
                NAME,
                name,
                META_TYPE,
                "object",
                "members",
                members.declared().stream().map(Schema::member).toList()));
        return name;
    }

    /** A default of null says that the member may be left out. */
    private static Map<String, @Nullable Object> member(final Parameter parameter) {
        final Map<String, @Nullable Object> member = new LinkedHashMap<>();
        member.put(NAME, parameter.name());
        member.put("type", parameter.type().schemaName());
        if (parameter.optional()) {
            member.put("default", null);
        }
        return member;
    }
}
