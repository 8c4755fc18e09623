package io.drivebay.backend.object;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a block layer by their ids: QMP's {@code object-add} and {@code object-del}. Types are found by {@link
 * ServiceLoader}. Any thread but a context's.
 */
public final class LayerObjects {
    /** Well-formed ids, as QEMU has them. */
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    private final Map<String, ObjectFactory> factories = new TreeMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Predicate<IoContext> contextInUse;

    private record Entry(String type, LayerObject object) {}

    /**
     * No objects yet.
     *
     * @param contextInUse whether nodes or backends live in a context
     */
    public LayerObjects(final Predicate<IoContext> contextInUse) {
        this.contextInUse = contextInUse;
        for (final ObjectFactory factory : ServiceLoader.load(ObjectFactory.class)) {
            factories.put(factory.typeName(), factory);
        }
    }

    /** The types that there are, in the order of their names. */
    public Collection<ObjectFactory> types() {
        return List.copyOf(factories.values());
    }

    /**
     * Makes an object.
     *
     * @param options {@code qom-type}, {@code id} and the type's properties, nested or with dotted keys
     * @throws BlockException INVALID_OPTION, BAD_NAME, IO or NOT_SUPPORTED; then there is no such object
     */
    public synchronized void add(final Map<String, ? extends Object> options) throws BlockException {
        final BlockdevOptions properties = new BlockdevOptions(options);
        final ObjectFactory factory = type(properties.requiredText("qom-type"));
        final String id = properties.requiredText("id");
        if (!WELL_FORMED.matcher(id).matches()) {
            throw new BlockException(
                    Kind.BAD_NAME,
                    "'" + id + "' is no well-formed id: a letter, then letters, digits, '-', '.' or '_'");
        }
        if (entries.containsKey(id)) {
            throw new BlockException(Kind.BAD_NAME, "there already is an object '" + id + "'");
        }
        final LayerObject made = factory.create(id, properties, this);
        try {
            properties.refuseUnread();
        } catch (final BlockException e) {
            made.close();
            throw e;
        }
        entries.put(id, new Entry(factory.typeName(), made));
    }

    /**
     * A type by its name.
     *
     * @throws BlockException INVALID_OPTION when there is none
     */
    public ObjectFactory type(final String name) throws BlockException {
        final ObjectFactory factory = factories.get(name);
        if (factory == null) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "no object type is called '" + name + "'; there are " + String.join(", ", factories.keySet()));
        }
        return factory;
    }

    /**
     * The object with an id; null when there is none.
     *
     * @throws BlockException INVALID_OPTION when it is something else
     */
    public synchronized <T> @Nullable T find(final String id, final Class<T> type) throws BlockException {
        final Entry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        if (!type.isInstance(entry.object)) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "object '" + id + "' is of type " + entry.type + ", which does not serve here");
        }
        return type.cast(entry.object);
    }

    /**
     * The object with an id, which has to be there.
     *
     * @throws BlockException NOT_FOUND, or INVALID_OPTION when it is something else
     */
    public <T> T need(final String id, final Class<T> type) throws BlockException {
        final T found = find(id, type);
        if (found == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no object '" + id + "'");
        }
        return found;
    }

    /**
     * Removes an object.
     *
     * @throws BlockException NOT_FOUND, or IN_USE while something holds it
     */
    public synchronized void delete(final String id) throws BlockException {
        final Entry entry = entries.get(id);
        if (entry == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no object '" + id + "'");
        }
        if (entry.object.inUse() || (entry.object instanceof IoThread thread && contextInUse.test(thread.context()))) {
            throw new BlockException(Kind.IN_USE, "object '" + id + "' is in use");
        }
        entries.remove(id);
        entry.object.close();
    }

    /** All objects, in the order of their making: id, qom-type, and what each one shows. */
    public synchronized List<Map<String, Object>> describe() {
        final List<Map<String, Object>> all = new ArrayList<>();
        entries.forEach((id, entry) -> {
            final Map<String, Object> members = new LinkedHashMap<>();
            members.put("id", id);
            members.put("qom-type", entry.type);
            members.putAll(entry.object.describe());
            all.add(members);
        });
        return all;
    }

    /** Closes all objects, the youngest first, whoever may hold them. */
    public synchronized void close() {
        final List<Entry> oldestFirst = new ArrayList<>(entries.values());
        entries.clear();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            oldestFirst.get(i).object.close();
        }
    }
}
