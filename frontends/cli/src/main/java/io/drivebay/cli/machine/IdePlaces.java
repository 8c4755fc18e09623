package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.DriveSocket;
import io.drivebay.ide.device.IdeDevice;
import io.drivebay.sim.pc.PcMachine;
import org.jspecify.annotations.Nullable;

/** The four places for IDE drives: channel after channel, two on each. A control thread. */
final class IdePlaces {
    static final int UNITS = 2;
    static final int COUNT = PcMachine.CHANNELS * UNITS;
    private static final String BUS = "ide.";

    private final PcMachine machine;
    private final boolean[] taken = new boolean[COUNT];

    IdePlaces(final PcMachine machine) {
        this.machine = machine;
    }

    boolean taken(final int place) {
        return taken[place];
    }

    /**
     * The place that properties {@code bus} and {@code unit} ask for, or the first one that is free.
     *
     * @throws BlockException INVALID_OPTION when there is no such place, IN_USE when it is taken
     */
    int choose(final BlockdevOptions properties) throws BlockException {
        final String bus = properties.text("bus");
        final long unit = properties.number("unit", -1);
        final int channel = channel(bus);
        if (unit >= UNITS) {
            throw new BlockException(Kind.INVALID_OPTION, "unit=" + unit + ": an IDE bus has units 0 and 1");
        }
        for (int place = 0; place < COUNT; place++) {
            final boolean asked = (channel < 0 || place / UNITS == channel) && (unit < 0 || place % UNITS == unit);
            if (asked && !taken[place]) {
                return place;
            }
        }
        throw new BlockException(
                Kind.IN_USE,
                "no IDE drive fits there: " + (bus == null ? "any bus" : bus) + (unit < 0 ? "" : ", unit " + unit)
                        + " is full");
    }

    private static int channel(final @Nullable String bus) throws BlockException {
        if (bus == null) {
            return -1;
        }
        for (int channel = 0; channel < PcMachine.CHANNELS; channel++) {
            if (bus.equals(BUS + channel)) {
                return channel;
            }
        }
        throw new BlockException(Kind.NOT_FOUND, "there is no bus '" + bus + "', but ide.0 and ide.1");
    }

    private IdeChannel channel(final int place) {
        return machine.channel(place / UNITS);
    }

    DriveSocket socket(final int place) {
        return channel(place).socket(place % UNITS);
    }

    void plug(final int place, final IdeDevice drive) {
        taken[place] = true;
        channel(place).plug(place % UNITS, drive);
    }

    void unplug(final int place) {
        channel(place).plug(place % UNITS, null);
        taken[place] = false;
    }
}
