package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.cli.options.KeyValues;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code file=} of a {@code -drive} can be besides a path: a protocol, a fault injector, or options in JSON. */
final class FileName {
    private static final String JSON = "json:";
    private static final String FILE = "file:";
    private static final String DEBUG = "blkdebug:";

    private FileName() {}

    /**
     * Adds the options that a name stands for.
     *
     * @param tree where they are added
     * @param role under which key
     * @param aio how files are to be read; null for the usual way
     * @throws BlockException INVALID_OPTION when the name makes no sense
     */
    static void describe(
            final Map<String, Object> tree, final String role, final String name, final @Nullable Object aio)
            throws BlockException {
        if (name.startsWith(JSON)) {
            tree.put(role, new LinkedHashMap<>(KeyValues.parse(role, name.substring(JSON.length()), null)));
        } else if (name.startsWith("null-co://") || name.startsWith("null-aio://")) {
            tree.put(role + ".driver", name.substring(0, name.indexOf(':')));
        } else if (name.startsWith(DEBUG)) {
            debug(tree, role, name.substring(DEBUG.length()), aio);
        } else {
            tree.put(role + ".driver", "file");
            tree.put(role + ".filename", name.startsWith(FILE) ? name.substring(FILE.length()) : name);
            if (aio != null) {
                tree.put(role + ".aio", aio);
            }
        }
    }

    /* One in another has no name: a name could be thousands of them. */
    private static void debug(
            final Map<String, Object> tree, final String role, final String rest, final @Nullable Object aio)
            throws BlockException {
        final int colon = rest.indexOf(':');
        final String image = rest.substring(colon + 1);
        if (colon < 0 || image.startsWith(DEBUG)) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "'" + DEBUG + rest + "' is not blkdebug:CONFIG:IMAGE or blkdebug::IMAGE");
        }
        tree.put(role + ".driver", "blkdebug");
        if (colon > 0) {
            tree.put(role + ".config", rest.substring(0, colon));
        }
        describe(tree, role + ".image", image, aio);
    }
}
