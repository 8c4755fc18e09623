package io.drivebay.sim.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A table of known differences between QEMU and a profile of ours, beside this class. */
final class Deviations {
    private record Line(String text, String profile, Pattern place, List<Integer> theirs, List<Integer> ours) {
        boolean covers(final String name, final String where, final int qemu, final int own) {
            return (profile.equals("both") || profile.equals(name))
                    && place.matcher(where).matches()
                    && hasPair(qemu, own);
        }

        /* Pair by pair; a single value goes with all of the other side. */
        private boolean hasPair(final int qemu, final int own) {
            for (int i = 0; i < Math.max(theirs.size(), ours.size()); i++) {
                if (at(theirs, i) == qemu && at(ours, i) == own) {
                    return true;
                }
            }
            return false;
        }

        private static int at(final List<Integer> values, final int index) {
            return values.get(values.size() == 1 ? 0 : index);
        }

        static Line of(final String text, final String[] cells) {
            final String place = Pattern.quote(cells[2].strip()).replace("*", "\\E.*\\Q");
            final List<Integer> theirs = values(cells[3]);
            final List<Integer> ours = values(cells[4]);
            if (theirs.size() != ours.size() && theirs.size() != 1 && ours.size() != 1) {
                throw new IllegalArgumentException("values without a partner: " + text);
            }
            return new Line(text, cells[1].strip(), Pattern.compile(place), theirs, ours);
        }

        private static List<Integer> values(final String cell) {
            return Arrays.stream(cell.strip().split(" "))
                    .map(value -> Integer.parseUnsignedInt(value, 16))
                    .toList();
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final Map<Line, Set<String>> shown = new LinkedHashMap<>();

    Deviations(final String file) {
        try (InputStream table = Deviations.class.getResourceAsStream(file)) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(this::read);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(final String text) {
        final String[] cells = text.split("\\|", -1);
        final boolean isLine =
                cells.length == 7 && Set.of("both", "standard", "quirks").contains(cells[1].strip());
        if (isLine) {
            lines.add(Line.of(text, cells));
        }
    }

    /** How many there are. */
    int size() {
        return lines.size();
    }

    /** True when the table has a difference at a place. */
    boolean cover(final String profile, final String where, final int qemu, final int own) {
        boolean covered = false;
        for (final Line line : lines) {
            if (line.covers(profile, where, qemu, own)) {
                shown.computeIfAbsent(line, first -> new LinkedHashSet<>())
                        .add(String.format("| %s | %s | %x | %x |", profile, where, qemu, own));
                covered = true;
            }
        }
        return covered;
    }

    /** Lines that no difference has needed: what they tell of is no longer so. */
    List<String> unused() {
        return lines.stream()
                .filter(line -> !shown.containsKey(line))
                .map(Line::text)
                .toList();
    }

    /** Each line, and below it the differences that it covers. */
    List<String> evidence() {
        final List<String> text = new ArrayList<>();
        shown.forEach((line, differences) -> {
            text.add(line.text());
            differences.forEach(difference -> text.add("    " + difference));
        });
        return text;
    }
}
