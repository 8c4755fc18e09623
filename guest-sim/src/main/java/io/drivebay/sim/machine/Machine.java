package io.drivebay.sim.machine;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import java.util.function.Function;

/**
 * Memory, a bus, and places for devices: enough of a computer to run guest drivers.
 *
 * <pre>
 *   Machine machine = new Machine(64 &lt;&lt; 20);
 *   Machine.Place disk = machine.plug(line -&gt; a device that is given machine.memory() and the line);
 *   VirtioBlkDriver driver = new VirtioBlkDriver(new MmioTransport(machine, disk), machine.ram(), ...);
 * </pre>
 */
public final class Machine {
    /** Address of the first device's window. */
    public static final long FIRST_WINDOW = 0xfeb0_0000L;

    private static final int WINDOW_SPACING = 0x1000;

    /**
     * Where a device sits.
     *
     * @param address of its window of registers
     * @param interrupt its interrupt line
     */
    public record Place(long address, GuestInterrupt interrupt) {}

    private final GuestRam ram;
    private final Bus bus = new Bus();
    private long nextWindow = FIRST_WINDOW;

    /** A machine with an amount of memory, in bytes, and no device. */
    public Machine(final long ramBytes) {
        this.ram = new GuestRam(ramBytes);
    }

    public GuestRam ram() {
        return ram;
    }

    public Bus bus() {
        return bus;
    }

    /**
     * Plugs a device in, with an interrupt line of its own.
     *
     * @param maker makes the device, given its line
     */
    public synchronized Place plug(final Function<InterruptLine, ? extends MmioDevice> maker) {
        final GuestInterrupt interrupt = new GuestInterrupt();
        final MmioDevice device = maker.apply(interrupt);
        final Place place = new Place(nextWindow, interrupt);
        bus.map(place.address(), device);
        nextWindow += Math.max(WINDOW_SPACING, (device.windowBytes() + WINDOW_SPACING - 1) & -WINDOW_SPACING);
        return place;
    }
}
