package io.drivebay.sim.guest;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.ide.pci.IdeFunction;
import io.drivebay.sim.ide.IdeDriver;
import io.drivebay.sim.ide.IdePorts;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.machine.PcAccess;
import java.util.Set;

/**
 * Memory and one PIIX3 IDE controller with four places for drives, its bus masters on: the least that a guest's IDE
 * driver needs.
 *
 * <pre>
 *   IdeMachine machine = new IdeMachine(Deviation.STANDARD);
 *   machine.plugDisk(0, DiskOptions.of(DriveOptions.of("hd0")), backend);
 *   AtaDriver disk = new AtaDriver(machine.driver(0, pause), 0);
 * </pre>
 */
public final class IdeMachine implements PcAccess {
    /** Places for drives: first and second of the first channel, first and second of the second. */
    public static final int PLACES = 4;

    private static final int MASTERS = 0xc000;
    private static final long RAM_BYTES = 4 << 20;
    private static final int FIRST_LINE = 14;
    private static final int PCI_COMMAND = 0x04;
    private static final int IO_AND_MASTER = 5;
    private static final int PCI_BAR4 = 0x20;

    private final GuestRam ram = new GuestRam(RAM_BYTES);
    private final GuestMemory memory = ram.memory();
    private final GuestInterrupt[] lines = {new GuestInterrupt(), new GuestInterrupt()};
    private final IdeChannel[] channels;
    private final IdeFunction function;

    /** A machine without drives, switched on. */
    public IdeMachine(final Set<Deviation> deviations) {
        channels = new IdeChannel[] {
            new IdeChannel(lines[0], memory, deviations), new IdeChannel(lines[1], memory, deviations)
        };
        function = new IdeFunction(IdeFunction.Model.PIIX3, channels[0], channels[1]);
        turnOn();
    }

    private void turnOn() {
        function.writeConfig(PCI_BAR4, 4, MASTERS);
        function.writeConfig(PCI_COMMAND, 2, IO_AND_MASTER);
    }

    /** Puts a disk into a place. */
    public AtaDisk plugDisk(final int place, final DiskOptions options, final BlockBackend backend)
            throws BlockException {
        final IdeChannel channel = channels[place / 2];
        final AtaDisk disk = AtaDisk.attach(options, backend, channel.socket(place % 2));
        channel.plug(place % 2, disk);
        return disk;
    }

    /** Puts a CD/DVD drive into a place. */
    public AtapiDrive plugCd(
            final int place, final DriveOptions options, final BlockBackend backend, final TransitionTrace trace)
            throws BlockException {
        final IdeChannel channel = channels[place / 2];
        final AtapiDrive drive = AtapiDrive.attach(options, backend, channel.socket(place % 2), trace);
        channel.plug(place % 2, drive);
        return drive;
    }

    /** A driver for a channel, 0 or 1, with memory of its own. */
    public IdeDriver driver(final int channel, final Pause pause) {
        final IdePorts ports = channel == 0 ? IdePorts.primary(MASTERS) : IdePorts.secondary(MASTERS);
        return new IdeDriver(
                this, ports, ram.allocatePages(IdeDriver.MEMORY_BYTES).address(), pause);
    }

    /** The interrupt line of a channel. */
    public GuestInterrupt line(final int channel) {
        return lines[channel];
    }

    /** The bus's reset line: as a reset of the machine, after which the firmware has turned the controller on again. */
    public void reset() {
        function.reset();
        turnOn();
    }

    // ---- what the guest has ----

    @Override
    public int inb(final int port) {
        return in(port, 1, 0xff);
    }

    @Override
    public int inw(final int port) {
        return in(port, 2, 0xffff);
    }

    @Override
    public int inl(final int port) {
        return in(port, 4, -1);
    }

    private int in(final int port, final int widthBytes, final int nobody) {
        return function.decodes(port) ? function.readPort(port, widthBytes) : nobody;
    }

    @Override
    public void outb(final int port, final int value) {
        function.writePort(port, 1, value & 0xff);
    }

    @Override
    public void outw(final int port, final int value) {
        function.writePort(port, 2, value & 0xffff);
    }

    @Override
    public void outl(final int port, final int value) {
        function.writePort(port, 4, value);
    }

    @Override
    public void read(final long address, final byte[] target, final int offset, final int length) {
        final GuestBuffer from = ram.at(address, length);
        from.region().getBytes(from.offset(), target, offset, length);
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {
        final GuestBuffer to = ram.at(address, length);
        to.region().putBytes(to.offset(), source, offset, length);
    }

    @Override
    public boolean interrupt(final int line) {
        return line >= FIRST_LINE && line < FIRST_LINE + lines.length && lines[line - FIRST_LINE].asserted();
    }
}
