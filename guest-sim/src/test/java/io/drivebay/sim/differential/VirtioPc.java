package io.drivebay.sim.differential;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.PcAccess;
import io.drivebay.sim.pc.PcMachine;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.pci.PciOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.pci.VirtioPci;
import java.util.UUID;

/** Our machine with a transitional virtio-blk function at 00:04.0; memory is accessed in the width that is asked for. */
final class VirtioPc implements PcAccess {
    private static final int DEVICE = 4;
    private static final int PIN_A = 1;

    private final IoContext context = IoContext.stepped("pc", new VirtualClock());
    private final PcMachine machine = new PcMachine(new GuestRam(128 << 20), new UUID(0, 0), Deviation.STANDARD);

    VirtioPc(final int diskBytes) throws BlockException {
        final BlockLayer layer = new BlockLayer();
        final BlockBackend backend = new MemoryDisk(diskBytes).backend(layer, context);
        final VirtioBlk device = VirtioBlk.attach(backend, machine.ram().memory(), BlkOptions.of("vda"));
        machine.pci()
                .plug(
                        DEVICE,
                        0,
                        new VirtioPci(
                                device,
                                PciOptions.of(Form.TRANSITIONAL),
                                machine.pci().interruptLine(DEVICE, PIN_A),
                                machine.messages()));
    }

    @Override
    public int inb(final int port) {
        return machine.inb(port);
    }

    @Override
    public int inw(final int port) {
        return machine.inw(port);
    }

    @Override
    public int inl(final int port) {
        return machine.inl(port);
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
        final long value = machine.readMemory(address, length);
        for (int i = 0; i < length; i++) {
            target[offset + i] = (byte) (value >> (8 * i));
        }
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (source[offset + i] & 0xffL) << (8 * i);
        }
        machine.writeMemory(address, length, value);
        context.runUntilIdle();
    }

    @Override
    public boolean interrupt(final int line) {
        return machine.interrupt(line);
    }
}
