package io.drivebay.sim.simulation;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.guest.MediaChanger;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.MediumTimeline;
import io.drivebay.sim.verify.Verification;
import java.util.ArrayList;
import java.util.List;

/** A drive in a simulation, some stamped media for it, and somebody who changes them by chance. */
final class SimDrive {
    static final int BYTES = 64 << 10;
    static final int UNIT = 512;

    final Simulation simulation;
    final IoContext context;
    final BlockLayer layer = new BlockLayer();
    final BlockBackend backend;
    final BlockStamp stamp = new BlockStamp(UNIT, 99);
    final MediumTimeline timeline = new MediumTimeline(1);
    final Verification knowledge = new Verification(stamp, 0, BYTES, timeline);
    final List<SimDisk> disks = new ArrayList<>();
    final List<BlockNode> nodes = new ArrayList<>();
    final MediaChanger changer;
    private final SeededRandom random;
    int changes;

    SimDrive(final Simulation simulation, final int media, final SimFaults faults) throws BlockException {
        this.simulation = simulation;
        this.random = simulation.newRandom();
        this.context = simulation.addContext("disk");
        this.backend = layer.createBackend(context, 16);
        this.changer = new MediaChanger(layer, backend, timeline);
        knowledge.addMedium(MediaChanger.EMPTY, Verification.UNKNOWN);
        for (int id = 1; id <= media; id++) {
            final SimMedium medium = new SimMedium(BYTES);
            stamp.writeAll(medium.content(), BYTES, 0, 1, id);
            medium.flush();
            knowledge.addMedium(id, 1);
            final SimDisk disk = new SimDisk(medium, faults, simulation.newRandom());
            disks.add(disk);
            nodes.add(disk.node(layer, context));
        }
        layer.insertMedium(backend, nodes.get(0));
    }

    /** An actor that now and then changes the medium while guests go on. */
    Actor host(final int percent, final boolean mayEmpty, final List<? extends Actor> guests) {
        return () -> {
            if (!random.percent(percent)) {
                return false;
            }
            try {
                simulation.whileStepping(context, guests, () -> change(mayEmpty));
            } catch (final BlockException e) {
                throw new IllegalStateException(e);
            }
            return true;
        };
    }

    private void change(final boolean mayEmpty) throws BlockException {
        changes++;
        final int next = random.below(nodes.size());
        if (random.percent(20)) {
            layer.drain(backend).close();
        } else if (timeline.medium() == MediaChanger.EMPTY) {
            changer.insert(next + 1, nodes.get(next));
        } else if (mayEmpty && random.percent(30)) {
            changer.remove();
        } else {
            changer.change(next + 1, nodes.get(next));
        }
    }
}
