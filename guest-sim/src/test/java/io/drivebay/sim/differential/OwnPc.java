package io.drivebay.sim.differential;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.BiosGeometry;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.PcAccess;
import io.drivebay.sim.pc.PcMachine;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.pci.PciOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.pci.VirtioPci;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Our machine in this process: after each access all that it caused has happened. */
final class OwnPc implements PcAccess {
    private static final int VIRTIO_DEVICE = 4;
    private static final int PIN_A = 1;

    private final IoContext context = IoContext.stepped("pc", new VirtualClock());
    private final BlockLayer layer = new BlockLayer();
    private final PcMachine machine;

    private OwnPc(final Set<Deviation> deviations) {
        layer.addContext(context);
        machine = new PcMachine(new GuestRam(128 << 20), new UUID(0, 0), deviations);
    }

    /** With the drives of {@link Qemu#withDrives}. */
    static OwnPc withDrives(final byte[] disk, final byte[] disc, final Set<Deviation> deviations)
            throws BlockException {
        final OwnPc pc = new OwnPc(deviations);
        pc.plugDrives(disk, disc, deviations);
        pc.context.runUntilIdle();
        return pc;
    }

    private void plugDrives(final byte[] disk, final byte[] disc, final Set<Deviation> deviations)
            throws BlockException {
        final DriveOptions diskNames = new DriveOptions("d", "QEMU HARDDISK", "QM00001", "2.5+", deviations);
        machine.channel(0)
                .plug(
                        0,
                        AtaDisk.attach(
                                DiskOptions.of(diskNames),
                                backend(disk, NodeOptions.DEFAULTS.withDiscard(true)),
                                machine.channel(0).socket(0)));
        machine.describeDisk(0, BiosGeometry.guess(disk, disk.length / 512));
        final DriveOptions discNames = new DriveOptions("c", "QEMU DVD-ROM", "QM00003", "2.5+", deviations);
        machine.channel(1)
                .plug(
                        0,
                        AtapiDrive.attach(
                                discNames,
                                backend(disc, NodeOptions.DEFAULTS),
                                machine.channel(1).socket(0),
                                TransitionTrace.NONE));
    }

    private BlockBackend backend(final byte[] content, final NodeOptions options) throws BlockException {
        final MemoryDisk memory = new MemoryDisk(content.length);
        memory.content().putBytes(0, content, 0, content.length);
        final BlockBackend backend = layer.createBackend(context);
        layer.insertMedium(backend, layer.addNode(null, context, options, memory, Map.of()));
        return backend;
    }

    /** With the function of {@link Qemu#withVirtioBlk}. */
    static OwnPc withVirtioBlk(final int diskBytes) throws BlockException {
        final OwnPc pc = new OwnPc(Deviation.STANDARD);
        pc.plugVirtioBlk(new MemoryDisk(diskBytes).backend(pc.layer, pc.context));
        return pc;
    }

    private void plugVirtioBlk(final BlockBackend backend) throws BlockException {
        final VirtioBlk device = VirtioBlk.attach(backend, machine.ram().memory(), BlkOptions.of("vda"));
        machine.pci()
                .plug(
                        VIRTIO_DEVICE,
                        0,
                        new VirtioPci(
                                device,
                                PciOptions.of(Form.TRANSITIONAL),
                                machine.pci().interruptLine(VIRTIO_DEVICE, PIN_A),
                                machine.messages()));
    }

    @Override
    public int inb(final int port) {
        return settled(machine.inb(port));
    }

    @Override
    public int inw(final int port) {
        return settled(machine.inw(port));
    }

    @Override
    public int inl(final int port) {
        return settled(machine.inl(port));
    }

    private int settled(final int value) {
        context.runUntilIdle();
        return value;
    }

    @Override
    public void outb(final int port, final int value) {
        machine.outb(port, value);
        context.runUntilIdle();
    }

    @Override
    public void outw(final int port, final int value) {
        machine.outw(port, value);
        context.runUntilIdle();
    }

    @Override
    public void outl(final int port, final int value) {
        machine.outl(port, value);
        context.runUntilIdle();
    }

    @Override
    public void read(final long address, final byte[] target, final int offset, final int length) {
        machine.read(address, target, offset, length);
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {
        machine.write(address, source, offset, length);
        context.runUntilIdle();
    }

    @Override
    public boolean interrupt(final int line) {
        return machine.interrupt(line);
    }
}
