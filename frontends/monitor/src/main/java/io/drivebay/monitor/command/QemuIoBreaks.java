package io.drivebay.monitor.command;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Breakpoints;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the {@code qemu-io} tool that hold requests back where they come by a fault injector: break, resume,
 * remove_break. They ask the first node on the way down that can.
 */
final class QemuIoBreaks {
    private static final Set<String> NAMES = Set.of("break", "resume", "remove_break");
    private static final int MOST_STEPS = 64;

    private QemuIoBreaks() {}

    /** True for the name of one of these commands. */
    static boolean knows(final List<String> words) {
        return !words.isEmpty() && NAMES.contains(words.get(0));
    }

    /** Carries one out; what is to be said of it. */
    static String run(final @Nullable BlockNode top, final List<String> words) {
        final boolean isBreak = words.get(0).equals("break");
        if (words.size() != (isBreak ? 3 : 2)) {
            return "usage: " + words.get(0) + (isBreak ? " EVENT TAG\n" : " TAG\n");
        }
        final String tag = words.get(words.size() - 1);
        final Breakpoints where = find(top);
        if (isBreak) {
            return set(where, words.get(1), tag);
        }
        if (words.get(0).equals("resume")) {
            return where != null && where.resume(tag) ? "" : "Could not resume request: " + reason(where) + "\n";
        }
        return where != null && where.removeBreaks(tag)
                ? ""
                : "Could not remove breakpoint " + tag + ": " + reason(where) + "\n";
    }

    private static String set(final @Nullable Breakpoints where, final String event, final String tag) {
        if (where == null) {
            return "Could not set a breakpoint: " + reason(where) + "\n";
        }
        try {
            where.breakAt(event, tag);
            return "";
        } catch (final BlockException e) {
            return "Could not set a breakpoint: " + e.getMessage() + "\n";
        }
    }

    private static String reason(final @Nullable Breakpoints where) {
        return where == null ? "Operation not supported" : "No such file or directory";
    }

    private static @Nullable Breakpoints find(final @Nullable BlockNode top) {
        BlockNode node = top;
        for (int i = 0; node != null && i < MOST_STEPS; i++) {
            final BlockDriver driver = node.driver();
            if (driver instanceof Breakpoints found) {
                return found;
            }
            node = node.children().isEmpty() ? null : node.children().get(0).node();
        }
        return null;
    }
}
