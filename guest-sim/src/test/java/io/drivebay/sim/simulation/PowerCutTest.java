package io.drivebay.sim.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.DurabilityModel;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PowerCutTest {
    private static final int SEEDS = 30;
    private static final int MAX_TURNS = 1_000_000;
    private static final int UNIT = SimDrive.UNIT;

    @ParameterizedTest(name = "fua={0}")
    @ValueSource(booleans = {true, false})
    void whatWasFlushedSurvivesAPowerCut(final boolean fua) {
        final AtomicLong durable = new AtomicLong();
        Seeds.check(SEEDS, simulation -> {
            final SimDrive drive =
                    new SimDrive(simulation, 1, SimFaults.NONE.withFailures(3).withFua(fua));
            final DurabilityModel model = new DurabilityModel(drive.stamp, SimDrive.BYTES, 1, 1);
            final Writer writer = new Writer(drive, model, simulation.newRandom(), 8);
            final int cutAfter = 100 + simulation.newRandom().below(300);
            simulation.add(writer);

            simulation.runUntil(() -> writer.ended >= cutAfter, MAX_TURNS);
            drive.disks.get(0).cutPower();

            assertEquals(List.of(), model.check(drive.disks.get(0).medium().content()));
            durable.addAndGet(model.durableUnits(1));
        });
        assertTrue(durable.get() > 10L * SEEDS, durable::toString);
    }

    @Test
    void withoutAWriteCacheWhatWasWrittenSurvivesAPowerCut() {
        Seeds.check(SEEDS, simulation -> {
            final SimDrive drive = new SimDrive(simulation, 1, SimFaults.NONE.withFua(false));
            final DurabilityModel model = new DurabilityModel(drive.stamp, SimDrive.BYTES, 1, 1);
            final Writer writer = new Writer(drive, model, simulation.newRandom(), 8);
            drive.backend.writeCache(false);
            writer.allStable = true;
            simulation.add(writer);

            simulation.runUntil(() -> writer.ended >= 200, MAX_TURNS);
            drive.disks.get(0).cutPower();

            assertEquals(List.of(), model.check(drive.disks.get(0).medium().content()));
        });
    }

    @Test
    void aDiskThatLiesAboutAFlushIsFoundOut() {
        final SimMedium medium = new SimMedium(SimDrive.BYTES);
        final BlockStamp stamp = new BlockStamp(UNIT, 1);
        stamp.writeAll(medium.content(), SimDrive.BYTES, 0, 1, 1);
        medium.flush();
        final DurabilityModel model = new DurabilityModel(stamp, SimDrive.BYTES, 1, 1);
        final MemoryRegion memory = MemoryRegion.allocate(UNIT);
        final SeededRandom random = new SeededRandom(3);
        for (int i = 0; i < 16; i++) {
            model.beginWrite(memory, 0, (long) i * UNIT, UNIT);
            final BlockRequest write = new BlockRequest(request -> {});
            write.vector().add(memory, 0, UNIT);
            medium.write(i * UNIT, write.vector());
            model.endWrite((long) i * UNIT, UNIT, true, false);
        }
        model.endFlush(model.beginFlush());

        medium.cutPower(random);

        assertFalse(model.check(medium.content()).isEmpty());
    }

    /** Writes and flushes a backend by chance, eight requests at a time. */
    private static final class Writer implements Actor {
        private final SimDrive drive;
        private final DurabilityModel model;
        private final SeededRandom random;
        private final BlockRequest[] requests;
        private final boolean[] busy;
        private final int[][] covered;
        private final MemoryRegion memory;
        private final BitSet writing = new BitSet();
        private boolean allStable;
        private int ended;

        Writer(final SimDrive drive, final DurabilityModel model, final SeededRandom random, final int slots) {
            this.drive = drive;
            this.model = model;
            this.random = random;
            this.requests = new BlockRequest[slots];
            this.busy = new boolean[slots];
            this.covered = new int[slots][];
            this.memory = MemoryRegion.allocate(slots * 4096);
            for (int i = 0; i < slots; i++) {
                final int slot = i;
                requests[i] = new BlockRequest(request -> end(slot, request));
            }
        }

        @Override
        public boolean step() {
            final int slot = random.below(requests.length);
            if (busy[slot]) {
                return false;
            }
            final BlockRequest request = requests[slot];
            if (random.percent(15)) {
                covered[slot] = model.beginFlush();
                request.set(Operation.FLUSH, 0, 0, 0).vector().clear();
            } else {
                final int length = (1 + random.below(8)) * UNIT;
                final int offset = random.below((SimDrive.BYTES - length) / UNIT) * UNIT;
                if (!writing.get(offset / UNIT, (offset + length) / UNIT).isEmpty()) {
                    return false;
                }
                writing.set(offset / UNIT, (offset + length) / UNIT);
                model.beginWrite(memory, slot * 4096, offset, length);
                request.set(Operation.WRITE, offset, length, random.percent(20) ? RequestFlags.FUA : 0);
                request.vector().clear().add(memory, slot * 4096, length);
            }
            busy[slot] = true;
            assertTrue(drive.backend.submit(request));
            return true;
        }

        private void end(final int slot, final BlockRequest request) {
            busy[slot] = false;
            ended++;
            if (request.operation() == Operation.FLUSH) {
                if (request.succeeded()) {
                    model.endFlush(covered[slot]);
                }
                return;
            }
            final int first = (int) request.offset() / UNIT;
            writing.clear(first, first + (int) request.length() / UNIT);
            model.endWrite(
                    request.offset(),
                    (int) request.length(),
                    request.succeeded(),
                    allStable || request.has(RequestFlags.FUA));
        }
    }
}
