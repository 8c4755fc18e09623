package io.drivebay.sim.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.ide.device.Deviation;
import io.drivebay.peers.Peers;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.differential.Recorder.Sight;
import io.drivebay.sim.machine.PcAccess;
import io.drivebay.sim.qtest.QtestProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same guest programs on a real QEMU and on our machine, in both profiles: register by register the same, but for the
 * table of deviations.
 */
@Timeout(300)
final class DifferentialTest {
    private static final int FIRST_SEED = 1;
    private static final int SEEDS = Integer.getInteger("drivebay.differential.seeds", 40);
    /** A file for all differences, line by line of the table; null for none. */
    private static final @Nullable String EVIDENCE = System.getProperty("drivebay.differential.evidence");

    private static final int DISK_BYTES = 8 << 20;
    private static final int DISC_BYTES = 2 << 20;

    @TempDir
    private Path folder;

    private final List<String> differences = new ArrayList<>();
    private final Deviations table = new Deviations("deviations.md");
    private int sights;

    private static byte[] content(final int bytes, final long seed) {
        final SeededRandom random = new SeededRandom(seed);
        final byte[] content = new byte[bytes];
        for (int i = 1024; i < bytes; i++) {
            content[i] = (byte) random.nextLong();
        }
        return content;
    }

    private static Map<String, Program> programs() {
        final Map<String, Program> programs = new LinkedHashMap<>(Programs.all());
        programs.putAll(DiscPrograms.all());
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            programs.put("seed " + seed, new RandomProgram(seed));
        }
        return programs;
    }

    private static Map<String, List<Sight>> runAll(final PcAccess pc) {
        final Map<String, List<Sight>> all = new LinkedHashMap<>();
        programs().forEach((name, program) -> {
            resetBoth(pc);
            final Recorder seen = new Recorder(pc);
            program.run(seen);
            all.put(name, seen.sights);
        });
        return all;
    }

    /** Resets all drives, and has the disc drive report what it keeps for the first packets after that. */
    private static void resetBoth(final PcAccess pc) {
        for (int channel = 0; channel < 2; channel++) {
            final IdeGuest drive = new IdeGuest(new Recorder(pc), channel);
            drive.outControl(4);
            drive.outControl(0);
            drive.out(IdeGuest.DEVICE, 0xa0);
            drive.settle();
            drive.in(IdeGuest.STATUS);
        }
        new IdeGuest(new Recorder(pc), 1).reportAttentions();
    }

    /** Compares sight by sight. Where the ways part, the next scene is where they meet again. */
    private void compare(final String profile, final String program, final List<Sight> qemu, final List<Sight> own) {
        int at = 0;
        int ours = 0;
        while (at < qemu.size() && ours < own.size()) {
            final Sight theirs = qemu.get(at);
            final Sight mine = own.get(ours);
            final String where =
                    program + ": " + (theirs.scene().isEmpty() ? "" : theirs.scene() + " ") + theirs.place();
            sights++;
            if (theirs.scene().equals(mine.scene()) && theirs.place().equals(mine.place())) {
                note(profile, where, theirs.value(), mine.value());
                at++;
                ours++;
            } else {
                note(profile, program + ": " + theirs.scene() + " way", 0, 1);
                at = nextScene(qemu, at);
                ours = nextScene(own, ours);
            }
        }
        note(profile, program + ": sights left", qemu.size() - at, own.size() - ours);
    }

    private static int nextScene(final List<Sight> sights, final int from) {
        int at = from;
        while (at < sights.size() && !sights.get(at).place().isEmpty()) {
            at++;
        }
        return at;
    }

    private void note(final String profile, final String where, final int theirs, final int ours) {
        if (theirs != ours && !table.cover(profile, where, theirs, ours)) {
            differences.add(String.format("| %s | %s | %x | %x |", profile, where, theirs, ours));
        }
    }

    @Test
    void bothMachinesBehaveAlikeButForTheTableOfDeviations() throws Exception {
        Peers.need(Qemu.PROGRAM);
        final byte[] disk = content(DISK_BYTES, 1);
        final byte[] disc = content(DISC_BYTES, 2);
        final Map<String, List<Sight>> theirs;
        try (QtestProcess qemu = Qemu.withDrives(folder, disk, disc)) {
            theirs = runAll(qemu.client());
        }
        final Map<String, Set<Deviation>> profiles = new LinkedHashMap<>();
        profiles.put("quirks", Deviation.QEMU_QUIRKS);
        profiles.put("standard", Deviation.STANDARD);
        for (final Map.Entry<String, Set<Deviation>> profile : profiles.entrySet()) {
            final Map<String, List<Sight>> ours = runAll(OwnPc.withDrives(disk, disc, profile.getValue()));
            theirs.forEach((name, seen) -> compare(profile.getKey(), name, seen, ours.get(name)));
        }

        System.out.printf(
                "%s: %d programs (%d from seeds %d to %d), %d sights in two profiles, %d documented deviations%n",
                Qemu.version(), theirs.size(), SEEDS, FIRST_SEED, FIRST_SEED + SEEDS - 1, sights, table.size());
        if (EVIDENCE != null) {
            Files.write(Path.of(EVIDENCE), table.evidence());
        }
        assertTrue(
                differences.isEmpty(), () -> differences.size() + " differences:\n" + String.join("\n", differences));
        assertEquals(List.of(), table.unused(), "deviations that are no more");
    }
}
