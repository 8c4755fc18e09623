package io.drivebay.cli.daemon;

import io.drivebay.cli.daemon.Step.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which thread the nodes of each {@code --blockdev} will have to live in, from the exports that come later.
 *
 * <p>In QEMU an export moves its tree to its iothread. Here a tree stays in the context that it was opened in, so the command
 * line is looked through beforehand: nodes that name each other go together, and the last export with an iothread decides,
 * unless an earlier one insists ({@code fixed-iothread}).
 */
final class Placement {
    private final Map<Step, Step> treeOf = new HashMap<>();
    private final Map<String, Step> definedBy = new HashMap<>();
    private final Map<Step, Step> exportOf = new HashMap<>();

    Placement(final List<Step> steps) {
        for (final Step step : steps) {
            if (step.kind() == Kind.BLOCKDEV) {
                blockdev(step);
            } else if (step.kind() == Kind.EXPORT) {
                export(step);
            }
        }
    }

    private void blockdev(final Step step) {
        treeOf.put(step, step);
        final Set<String> words = new HashSet<>();
        final Set<String> names = new HashSet<>();
        collect(step.options(), words, names);
        for (final String word : words) {
            final Step below = definedBy.get(word);
            if (below != null) {
                treeOf.put(tree(below), step);
            }
        }
        names.forEach(name -> definedBy.putIfAbsent(name, step));
    }

    /** All strings, and those among them that name nodes. */
    private static void collect(final Map<?, ?> options, final Set<String> words, final Set<String> names) {
        options.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                collect(nested, words, names);
            } else if (key.equals("node-name") || String.valueOf(key).endsWith(".node-name")) {
                names.add(String.valueOf(value));
            } else {
                words.add(String.valueOf(value));
            }
        });
    }

    private Step tree(final Step member) {
        Step step = member;
        for (Step above = treeOf.get(step); above != null && !above.equals(step); above = treeOf.get(step)) {
            step = above;
        }
        return step;
    }

    private void export(final Step step) {
        final String name = step.word("node-name");
        final Step node = name == null ? null : definedBy.get(name);
        if (node == null || step.word("iothread") == null) {
            return;
        }
        final Step earlier = exportOf.get(tree(node));
        if (earlier == null
                || !Set.of("on", "true", "yes")
                        .contains(String.valueOf(earlier.options().get("fixed-iothread")))) {
            exportOf.put(tree(node), step);
        }
    }

    /** The export that decides where a {@code --blockdev}'s nodes live; null for the main thread. */
    @Nullable
    Step decidedBy(final Step blockdev) {
        return exportOf.get(tree(blockdev));
    }
}
