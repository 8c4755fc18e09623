package io.drivebay.sim.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All verbs, in the order of the documentation. */
final class Verbs {
    private static final Map<String, Verb> TABLE = new LinkedHashMap<>();

    static {
        MachineVerbs.addTo(Verbs::add);
        HostVerbs.addTo(Verbs::add);
        GuestVerbs.addTo(Verbs::add);
    }

    private Verbs() {}

    private static void add(final Verb verb) {
        TABLE.put(verb.name(), verb);
    }

    static List<String> usages() {
        return TABLE.values().stream().map(Verb::toString).toList();
    }

    /** Takes the verb off the front of a line's words. */
    static Verb take(final List<String> words) {
        final String first = words.remove(0);
        final Verb single = TABLE.get(first);
        if (single != null) {
            return single;
        }
        final String both = words.isEmpty() ? first : first + " " + words.get(0);
        final Verb pair = TABLE.get(both);
        if (pair == null) {
            throw new IllegalArgumentException("nothing is called '" + both + "'; there are " + names(first));
        }
        words.remove(0);
        return pair;
    }

    /** Names that begin with a word; all that are one word or begin with one when none does. */
    private static String names(final String first) {
        final List<String> with = TABLE.keySet().stream()
                .filter(name -> name.startsWith(first + " "))
                .toList();
        return String.join(
                ", ",
                with.isEmpty()
                        ? TABLE.keySet().stream()
                                .map(name -> name.replaceFirst(" .*", " ..."))
                                .distinct()
                                .toList()
                        : with);
    }
}
