package io.drivebay.ide.pci;

import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciIdentity;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.IdeDevice.Reset;

/**
 * An IDE controller: two channels behind one PCI function.
 *
 * <p>In compatibility mode (PIIX3) the channels stand at the legacy ports, always, as in QEMU: neither the I/O enable bit
 * nor the PIIX's decode bits take them away. In native mode base addresses 0 to 3 say where they are. The bus masters
 * stand at base address 4 either way. The command register's bus master bit rules over DMA.
 */
public final class IdeFunction implements PciFunction {
    /** Which controller the function is. */
    public enum Model {
        /** Intel PIIX3: ports 1F0/3F6 and 170/376, interrupts 14 and 15. */
        PIIX3(0x7010, 0x80),
        /** Intel ICH5's parallel controller in native mode: all ports by base addresses, one shared interrupt pin. */
        NATIVE(0x24db, 0x85);

        private final int deviceId;
        private final int programmingInterface;

        Model(final int deviceId, final int programmingInterface) {
            this.deviceId = deviceId;
            this.programmingInterface = programmingInterface;
        }
    }

    private static final int INTEL = 0x8086;
    private static final int IDE_CLASS = 0x01_01_00;
    private static final int STATUS = 0x06;
    /** Medium DEVSEL timing, fast back-to-back. */
    private static final int STATUS_BITS = 0x0280;

    private static final int LATENCY_TIMER = 0x0d;
    private static final int TIMING = 0x40;
    private static final int INTERRUPT_PIN = 0x3d;
    private static final int MASTER_BASE = 4;
    private static final int[] LEGACY_COMMAND = {0x1f0, 0x170};
    private static final int[] LEGACY_CONTROL = {0x3f6, 0x376};

    private final IdeChannel[] channels;
    private final PciHeader header;

    /** A function with its two channels, just reset. */
    public IdeFunction(final Model model, final IdeChannel primary, final IdeChannel secondary) {
        channels = new IdeChannel[] {primary, secondary};
        // there is no memory to enable, but guests enable it on every function and insist
        header = new PciHeader(
                PciIdentity.of(INTEL, model.deviceId, IDE_CLASS | model.programmingInterface),
                PciHeader.IO_ENABLE | PciHeader.MEMORY_ENABLE | PciHeader.MASTER_ENABLE);
        header.registers()
                .field(STATUS, 2, STATUS_BITS, 0)
                .field(LATENCY_TIMER, 1, 0, 0xf8)
                .field(TIMING, 4, 0, -1);
        for (int i = 0; i < channels.length; i++) {
            if (model == Model.NATIVE) {
                header.portBase(2 * i, new CommandPorts(channels[i]));
                header.portBase(2 * i + 1, ControlPort.inWindow(channels[i]));
            } else {
                header.fixedPorts(LEGACY_COMMAND[i], new CommandPorts(channels[i]));
                header.fixedPorts(LEGACY_CONTROL[i], ControlPort.alone(channels[i]));
            }
        }
        header.portBase(MASTER_BASE, new BusMasterPorts(channels));
        if (model == Model.NATIVE) {
            header.registers().field(INTERRUPT_PIN, 1, 1, 0);
        }
        header.onChange(this::updateMastering);
    }

    private void updateMastering() {
        for (final IdeChannel channel : channels) {
            channel.busMastering(header.has(PciHeader.MASTER_ENABLE));
        }
    }

    @Override
    public PciHeader header() {
        return header;
    }

    @Override
    public void reset() {
        header.reset();
        for (final IdeChannel channel : channels) {
            channel.hardReset(Reset.HARDWARE);
        }
    }
}
