package io.drivebay.sim.kit;

import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.simulation.Actor;
import io.drivebay.sim.simulation.Simulation;
import java.util.List;

/**
 * A guest that reads a CD drive by all means while the host changes its discs by all means, both as the seed has it. Every
 * read must come, whole, from the disc that was in when it began, or fail with NOT READY or UNIT ATTENTION.
 */
public final class SwapLoad {
    /**
     * How much of it.
     *
     * @param commands packets at least
     * @param swaps times that the host does something, at least
     * @param media names of the discs
     * @param mayEmpty whether the drive is left open or empty at times
     */
    public record Plan(int commands, int swaps, List<String> media, boolean mayEmpty) {}

    private static final long MAX_TURNS = 200_000_000;
    private static final int SHORT_BLOCKS = 6;
    /** More than a drive keeps in its buffer. */
    private static final int LONG_BLOCKS = 40;

    private static final int HOST_PERCENT = 4;

    private final TestMachine machine;
    private final CdDrive drive;
    private final Plan plan;
    private final SeededRandom random;
    private final Guest guest;
    private int swaps;

    /** A load on a drive. */
    public SwapLoad(final TestMachine machine, final CdDrive drive, final Plan plan) {
        this.machine = machine;
        this.drive = drive;
        this.plan = plan;
        this.random = machine.simulation().newRandom();
        this.guest = new Guest(machine.simulation().newRandom());
    }

    /** Runs it; "lost 0 wrong 0" when all is well. The trace says how much was done. */
    public String run() {
        final Simulation simulation = machine.simulation();
        simulation.add(guest).add(host());
        simulation.runUntil(() -> guest.done() && swaps >= plan.swaps(), MAX_TURNS);
        machine.note("load: " + guest.begun + " commands, " + guest.read + " reads of " + guest.blocks + " blocks, "
                + guest.refused + " refused, " + swaps + " swaps");
        final String outcome = "lost " + (guest.begun - guest.ended) + " wrong " + guest.wrong;
        return guest.read * 20 > guest.begun && guest.refused > 0 ? outcome : outcome + " hardly-tested";
    }

    // ---- the host ----

    private Actor host() {
        return () -> {
            if (swaps >= plan.swaps() || !random.percent(HOST_PERCENT)) {
                return false;
            }
            swaps++;
            machine.simulation().whileStepping(machine.context(), List.of(guest), this::swap);
            return true;
        };
    }

    private String anyMedium() {
        return plan.media().get(random.below(plan.media().size()));
    }

    private void swap() {
        final HostHand hand = drive.host();
        final int choice = random.below(plan.mayEmpty() ? 8 : 5);
        switch (choice) {
            case 5 -> hand.eject(true);
            case 6 -> hand.openTray(true);
            case 7 -> {
                hand.openTray(true);
                hand.removeMedium();
                hand.insertMedium(anyMedium());
                hand.closeTray();
            }
            default -> hand.change(anyMedium(), true);
        }
    }

    // ---- the guest ----

    /** One command after the other, checked. */
    private final class Guest implements Actor {
        private final SeededRandom chance;
        private String expected = "";
        private boolean reads;
        private boolean raw;
        private long first;
        private int count;
        private boolean running;
        private int begun;
        private int ended;
        private int read;
        private long blocks;
        private int refused;
        private int wrong;

        Guest(final SeededRandom chance) {
            this.chance = chance;
        }

        boolean done() {
            return begun >= plan.commands() && swaps >= plan.swaps() && !running;
        }

        @Override
        public boolean step() {
            if (running) {
                final int before = drive.guest().channel().pieces();
                if (drive.guest().channel().poll()) {
                    end();
                    return true;
                }
                return drive.guest().channel().pieces() != before;
            }
            if (done()) {
                return false;
            }
            begin();
            return true;
        }

        private void begin() {
            expected = drive.host().state();
            running = true;
            begun++;
            reads = chance.percent(75);
            if (reads) {
                beginRead();
            } else {
                drive.guest().begin(chance.percent(50) ? AtapiDriver.cdb(0) : AtapiDriver.cdb(0x03, 0, 0, 0, 18), 18);
            }
            if (drive.guest().channel().poll()) {
                end();
            }
        }

        private void beginRead() {
            raw = chance.percent(10);
            count = 1 + chance.below(chance.percent(5) ? LONG_BLOCKS : SHORT_BLOCKS);
            first = chance.below(100);
            if (raw) {
                drive.guest().begin(AtapiDriver.cdb(0xbe, 0, 0, 0, 0, (int) first, 0, 0, count, 0xf8), 0xfffe);
            } else if (chance.percent(50)) {
                drive.guest().beginDma(AtapiDriver.cdb10(0x28, first, count), count * AtapiDriver.BLOCK);
            } else {
                drive.guest().begin(AtapiDriver.cdb10(0x28, first, count), chance.percent(50) ? 0xfffe : 2048);
            }
        }

        private void end() {
            running = false;
            ended++;
            if (!reads) {
                return;
            }
            if (!drive.guest().ok()) {
                final int key = drive.guest().senseKey();
                refused++;
                if (key != 2 && key != 6) {
                    complain("sense key " + key);
                }
                return;
            }
            read++;
            blocks += count;
            final String from = machine.shelf()
                    .origin(
                            raw
                                    ? CdDrive.userData(drive.guest().channel().data())
                                    : drive.guest().channel().data(),
                            first * AtapiDriver.BLOCK);
            if (!expected.startsWith("closed " + from + " ")) {
                complain("came from " + from);
            }
        }

        private void complain(final String what) {
            wrong++;
            machine.note("WRONG: a read of " + first + "+" + count + " that began when the drive was " + expected + " "
                    + what);
        }
    }
}
