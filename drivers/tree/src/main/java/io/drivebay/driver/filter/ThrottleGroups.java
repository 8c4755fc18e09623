package io.drivebay.driver.filter;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.IoDomain;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The throttle groups of all contexts, by name; a group exists for as long as it has members. Any thread. */
final class ThrottleGroups {
    private record Key(IoDomain domain, String name) {}

    /** A group and how many members it has. */
    private static final class Entry {
        private final ThrottleGroup group;
        private int members;

        Entry(final ThrottleGroup group) {
            this.group = group;
        }
    }

    private final Map<Key, Entry> groups = new HashMap<>();

    /**
     * Makes a member of a group, which the first member's limits create.
     *
     * @param name the group's name; null for a group of the member's own
     * @param limits what the group is limited to; null to take it as it is
     * @throws BlockException INVALID_OPTION when the group is missing, or is there with other limits
     */
    synchronized ThrottleDriver join(
            final IoDomain domain,
            final @Nullable String name,
            final @Nullable ThrottleLimits limits,
            final @Nullable BlockNode child)
            throws BlockException {
        final IoContext context = domain.context();
        if (name == null) {
            final ThrottleGroup own = created(context, "", limits == null ? ThrottleLimits.NONE : limits);
            return new ThrottleDriver(child, own, context, () -> {});
        }
        final Key key = new Key(domain, name);
        Entry entry = groups.get(key);
        if (entry == null) {
            if (limits == null) {
                throw new BlockException(
                        Kind.INVALID_OPTION,
                        "there is no throttle group '" + name + "' in context '" + context.name()
                                + "'; its first member's option 'limits' makes it");
            }
            entry = new Entry(created(context, name, limits));
            groups.put(key, entry);
        } else if (limits != null && !limits.equals(entry.group.limits())) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "throttle group '" + name + "' has other limits already: "
                            + entry.group.limits().describe());
        }
        entry.members++;
        return new ThrottleDriver(child, entry.group, context, () -> leave(key));
    }

    private static ThrottleGroup created(final IoContext context, final String name, final ThrottleLimits limits) {
        return context.call(() -> {
            final ThrottleGroup group = new ThrottleGroup(name, context);
            group.limits(limits);
            return group;
        });
    }

    private synchronized void leave(final Key key) {
        final Entry entry = groups.get(key);
        if (entry != null && --entry.members == 0) {
            groups.remove(key);
        }
    }
}
