package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.OpenScope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the group of a throttled node: an object of the layer, or one that its first member's limits make and that exists
 * for as long as it has members. Any thread.
 */
final class ThrottleGroups {
    private final Map<String, ThrottleGroup> groups = new HashMap<>();

    /**
     * Makes a member of a group.
     *
     * @param name the group's name; null for a group of the member's own
     * @param limits what the group is limited to; null to take it as it is
     * @throws BlockException INVALID_OPTION when the group is missing, or is there with other limits
     */
    synchronized ThrottleDriver join(
            final OpenScope scope,
            final @Nullable String name,
            final @Nullable ThrottleLimits limits,
            final @Nullable BlockNode child)
            throws BlockException {
        final ThrottleGroup group = name == null
                ? new ThrottleGroup("", limits == null ? ThrottleLimits.NONE : limits)
                : named(scope, name, limits);
        final Runnable left = name == null ? () -> {} : () -> left(name, group);
        return new ThrottleDriver(child, group, scope.domain().context(), left);
    }

    private ThrottleGroup named(final OpenScope scope, final String name, final @Nullable ThrottleLimits limits)
            throws BlockException {
        ThrottleGroup group = scope.object(name, ThrottleGroup.class);
        if (group == null) {
            group = groups.get(name);
        }
        if (group == null) {
            if (limits == null) {
                throw new BlockException(
                        Kind.INVALID_OPTION,
                        "there is no throttle group '" + name
                                + "'; an object of that id, or its first member's option 'limits', makes it");
            }
            group = new ThrottleGroup(name, limits);
            groups.put(name, group);
        } else if (limits != null && !limits.equals(group.limits())) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "throttle group '" + name + "' has other limits already: "
                            + group.limits().describe());
        }
        return group;
    }

    private synchronized void left(final String name, final ThrottleGroup group) {
        if (!group.inUse()) {
            groups.remove(name, group);
        }
    }
}
