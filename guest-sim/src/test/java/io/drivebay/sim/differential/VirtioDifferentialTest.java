package io.drivebay.sim.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.peers.Peers;
import io.drivebay.sim.differential.Recorder.Sight;
import io.drivebay.sim.machine.PcAccess;
import io.drivebay.sim.qtest.QtestProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same programs on the registers of QEMU's transitional virtio-blk-pci and of ours: the same, but for the table of
 * deviations.
 */
@Timeout(120)
final class VirtioDifferentialTest {
    private static final int SEEDS = Integer.getInteger("drivebay.differential.seeds", 40);
    private static final int DISK_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    private final List<String> differences = new ArrayList<>();
    private final Deviations table = new Deviations("virtio-deviations.md");
    private int sights;

    private static Map<String, List<Sight>> runAll(final PcAccess pc) {
        final Map<String, List<Sight>> all = new LinkedHashMap<>();
        VirtioPrograms.all(SEEDS).forEach((name, program) -> {
            final Recorder seen = new Recorder(pc);
            VirtioPrograms.place(seen);
            program.run(seen);
            all.put(name, seen.sights);
        });
        return all;
    }

    private void compare(final String program, final List<Sight> qemu, final List<Sight> own) {
        assertEquals(qemu.size(), own.size(), program);
        for (int i = 0; i < qemu.size(); i++) {
            sights++;
            final String place = program + ": " + qemu.get(i).place();
            final int theirs = qemu.get(i).value();
            final int ours = own.get(i).value();
            if (theirs != ours && !table.cover("both", place, theirs, ours)) {
                differences.add(String.format("%s | %x | %x", place, theirs, ours));
            }
        }
    }

    @Test
    void bothFunctionsHaveTheSameRegistersButForTheTableOfDeviations() throws Exception {
        Peers.need(Qemu.PROGRAM);
        final Map<String, List<Sight>> theirs;
        try (QtestProcess qemu = Qemu.withVirtioBlk(folder, DISK_BYTES)) {
            theirs = runAll(qemu.client());
        }
        final Map<String, List<Sight>> ours = runAll(OwnPc.withVirtioBlk(DISK_BYTES));

        theirs.forEach((name, seen) -> compare(name, seen, ours.get(name)));

        System.out.printf(
                "virtio-blk-pci: %d programs (%d from seeds), %d registers read, %d documented deviations%n",
                theirs.size(), SEEDS, sights, table.size());
        assertTrue(
                differences.isEmpty(), () -> differences.size() + " differences:\n" + String.join("\n", differences));
        assertEquals(List.of(), table.unused(), "deviations that are no more");
    }
}
