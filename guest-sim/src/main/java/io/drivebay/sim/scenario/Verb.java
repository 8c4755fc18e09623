package io.drivebay.sim.scenario;

import io.drivebay.backend.graph.BlockException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of a scenario may do.
 *
 * @param name one word, or two for what host and guest do
 * @param usage what stands behind it: WORD, [WORD], [KEY=VALUE]; three dots for any number of the last
 * @param defaultOutcome what must come of it when the line does not say; empty for lines that have no outcome
 * @param action does it
 */
record Verb(String name, String usage, String defaultOutcome, Action action) {
    /** Does what a statement says, and tells what came of it. */
    @FunctionalInterface
    interface Action {
        String run(Stage stage, Statement statement) throws BlockException;
    }

    private static final Pattern PART = Pattern.compile("\\[?([A-Za-z0-9-]+)(=[A-Z0-9]+)?(\\.\\.\\.)?\\]?");
    private static final String ANY_OPTION = "KEY";

    boolean hasOutcome() {
        return !defaultOutcome.isEmpty();
    }

    /** Refuses what does not fit the usage. */
    void check(final List<String> words, final Iterable<String> optionKeys) {
        int least = 0;
        int most = 0;
        boolean anyOption = false;
        final StringBuilder known = new StringBuilder(" on ");
        for (final String part : usage.isEmpty() ? List.<String>of() : List.of(usage.split(" ", -1))) {
            final Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalStateException("usage of '" + name + "': " + part);
            }
            if (matcher.group(2) != null) {
                anyOption |= matcher.group(1).equals(ANY_OPTION);
                known.append(matcher.group(1)).append(' ');
            } else {
                least += part.startsWith("[") ? 0 : 1;
                most = matcher.group(3) != null ? Integer.MAX_VALUE : most + 1;
            }
        }
        if (words.size() < least || words.size() > most) {
            throw new IllegalArgumentException("usage: " + this);
        }
        for (final String key : optionKeys) {
            if (!anyOption && !known.toString().contains(" " + key + " ")) {
                throw new IllegalArgumentException("there is no option '" + key + "' here; usage: " + this);
            }
        }
    }

    @Override
    public String toString() {
        return usage.isEmpty() ? name : name + " " + usage;
    }
}
