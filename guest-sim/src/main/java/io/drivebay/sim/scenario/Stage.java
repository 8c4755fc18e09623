package io.drivebay.sim.scenario;

import io.drivebay.sim.kit.CdDrive;
import io.drivebay.sim.kit.DiskDrive;
import io.drivebay.sim.kit.HostHand;
import io.drivebay.sim.kit.TestMachine;

/** A machine, and which of its drives a line means that names none: the first one. */
final class Stage implements AutoCloseable {
    private static final String DRIVE = "on";

    private final TestMachine machine;
    private final long[] interruptsSeen = new long[2];
    private String first = "";

    Stage(final long seed) {
        machine = TestMachine.ofSeed(seed);
    }

    TestMachine machine() {
        return machine;
    }

    /** There is a drive now. */
    void added(final String drive) {
        if (first.isEmpty()) {
            first = drive;
        }
    }

    private String drive(final Statement statement) {
        final String named = statement.option(DRIVE, first);
        if (named.isEmpty()) {
            throw new IllegalArgumentException("there is no drive yet");
        }
        return named;
    }

    HostHand host(final Statement statement) {
        return machine.host(drive(statement));
    }

    CdDrive cd(final Statement statement) {
        final CdDrive found = machine.findCd(drive(statement));
        if (found == null) {
            throw new IllegalArgumentException("'" + drive(statement) + "' is no CD drive");
        }
        return found;
    }

    DiskDrive disk(final Statement statement) {
        final DiskDrive found = machine.findDisk(drive(statement));
        if (found == null) {
            throw new IllegalArgumentException("'" + drive(statement) + "' is no disk");
        }
        return found;
    }

    boolean isDisk(final Statement statement) {
        return machine.findDisk(drive(statement)) != null;
    }

    /** How often a channel's interrupt line has risen since the last call. */
    long takeInterrupts(final int channel) {
        final long now = machine.interrupts(channel);
        final long since = now - interruptsSeen[channel];
        interruptsSeen[channel] = now;
        return since;
    }

    @Override
    public void close() {
        machine.close();
    }
}
