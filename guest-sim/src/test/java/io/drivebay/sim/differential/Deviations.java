package io.drivebay.sim.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A table of known differences between QEMU and a profile of ours, beside this class. */
final class Deviations {
    private record Line(String text, String profile, Pattern place, String theirs, String ours) {
        boolean covers(final String name, final String where, final int qemu, final int own) {
            return (profile.equals("both") || profile.equals(name))
                    && place.matcher(where).matches()
                    && matches(theirs, qemu)
                    && matches(ours, own);
        }

        private static boolean matches(final String wanted, final int value) {
            return wanted.equals("*") || Integer.parseUnsignedInt(wanted, 16) == value;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final Set<Line> used = new LinkedHashSet<>();

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
            final String place = Pattern.quote(cells[2].strip()).replace("*", "\\E.*\\Q");
            lines.add(new Line(text, cells[1].strip(), Pattern.compile(place), cells[3].strip(), cells[4].strip()));
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
                used.add(line);
                covered = true;
            }
        }
        return covered;
    }

    /** Lines that no difference has needed: what they tell of is no longer so. */
    List<String> unused() {
        return lines.stream()
                .filter(line -> !used.contains(line))
                .map(Line::text)
                .toList();
    }
}
