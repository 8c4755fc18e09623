package io.drivebay.sim.machine;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.MsiTarget;
import io.drivebay.backend.guest.pci.PciFunction;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Memory, ports, buses, and places for devices: enough of a computer to run guest drivers.
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

    private static final int FIRST_PCI_DEVICE = 1;
    private static final int PIN_A = 1;

    /**
     * Where a PCI function sits: function 0 of a device.
     *
     * @param device 0 to 31
     * @param interrupt what its pin is wired to, shared with every fourth device
     */
    public record Slot(int device, GuestInterrupt interrupt) {}

    /** Makes a PCI function, given its interrupt pin and where its messages go. */
    @FunctionalInterface
    public interface PciMaker {
        PciFunction make(InterruptLine pin, MsiTarget messages);
    }

    private final GuestRam ram;
    private final MessageInterrupts messages = new MessageInterrupts();
    private final List<GuestInterrupt> pciInterrupts =
            Stream.generate(GuestInterrupt::new).limit(PciRoot.INTERRUPT_LINES).toList();
    private final PciRoot pci = new PciRoot(pciInterrupts);
    private final Bus bus = new Bus(pci.memory());
    private final Bus ports = new Bus(pci.ports());
    private long nextWindow = FIRST_WINDOW;

    /** A machine with an amount of memory, in bytes, and no device. */
    public Machine(final long ramBytes) {
        this.ram = new GuestRam(ramBytes);
        ports.map(PciRoot.CONFIG_PORTS, pci.configPorts());
    }

    public GuestRam ram() {
        return ram;
    }

    public Bus bus() {
        return bus;
    }

    /** Input and output ports. */
    public Bus ports() {
        return ports;
    }

    public PciRoot pci() {
        return pci;
    }

    /** Where PCI functions' messages go. */
    public MessageInterrupts messages() {
        return messages;
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

    /** Plugs a PCI function into the next device that is free, wired by pin A. */
    public synchronized Slot plugPci(final PciMaker maker) {
        final int device = pci.freeDevice(FIRST_PCI_DEVICE);
        if (device < 0) {
            throw new IllegalStateException("all PCI devices are taken");
        }
        pci.plug(device, 0, maker.make(pci.interruptLine(device, PIN_A), messages));
        return new Slot(device, pciInterrupts.get(PciRoot.lineOf(device, PIN_A)));
    }
}
