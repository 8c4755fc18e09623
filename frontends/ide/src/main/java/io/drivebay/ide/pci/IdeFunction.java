package io.drivebay.ide.pci;

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

    /** What a port belongs to. */
    private enum Block {
        COMMAND,
        CONTROL,
        BUS_MASTER,
        NONE
    }

    private static final int INTEL = 0x8086;
    private static final int COMMAND_REGISTER = 0x04;
    private static final int IO_ENABLE = 1;
    private static final int MASTER_ENABLE = 1 << 2;
    private static final int BAR0 = 0x10;
    private static final int BAR4 = 0x20;
    private static final int IO_SPACE = 1;
    private static final int COMMAND_PORTS = 8;
    private static final int CONTROL_PORT = 2;
    private static final int CONTROL_WINDOW = 4;
    private static final int MASTER_WINDOW = 16;
    private static final int MASTER_PORTS = 8;
    private static final int[] LEGACY_COMMAND = {0x1f0, 0x170};
    private static final int[] LEGACY_CONTROL = {0x3f6, 0x376};

    private final Model model;
    private final IdeChannel[] channels;
    private final ConfigSpace config = new ConfigSpace();

    /** A function with its two channels, just reset. */
    public IdeFunction(final Model model, final IdeChannel primary, final IdeChannel secondary) {
        this.model = model;
        this.channels = new IdeChannel[] {primary, secondary};
        config.field(0x00, 2, INTEL, 0);
        config.field(0x02, 2, model.deviceId, 0);
        config.field(COMMAND_REGISTER, 2, 0, IO_ENABLE | MASTER_ENABLE);
        config.field(0x06, 2, 0x0280, 0);
        config.field(0x09, 1, model.programmingInterface, 0);
        config.field(0x0a, 2, 0x0101, 0);
        config.field(0x0d, 1, 0, 0xf8);
        config.field(BAR4, 4, IO_SPACE, -MASTER_WINDOW);
        config.field(0x3c, 1, 0, 0xff);
        config.field(0x40, 4, 0, -1);
        if (model == Model.NATIVE) {
            for (int channel = 0; channel < channels.length; channel++) {
                config.field(commandBar(channel), 4, IO_SPACE, -COMMAND_PORTS);
                config.field(commandBar(channel) + 4, 4, IO_SPACE, -CONTROL_WINDOW);
            }
            config.field(0x3d, 1, 1, 0);
        }
    }

    private static int commandBar(final int channel) {
        return BAR0 + 8 * channel;
    }

    @Override
    public int readConfig(final int offset, final int widthBytes) {
        return config.read(offset, widthBytes);
    }

    @Override
    public void writeConfig(final int offset, final int widthBytes, final int value) {
        config.write(offset, widthBytes, value);
        final boolean mastering = (config.read(COMMAND_REGISTER, 2) & MASTER_ENABLE) != 0;
        for (final IdeChannel channel : channels) {
            channel.busMastering(mastering);
        }
    }

    @Override
    public void reset() {
        config.reset();
        for (final IdeChannel channel : channels) {
            channel.busMastering(false);
            channel.hardReset(Reset.HARDWARE);
        }
    }

    // ---- ports ----

    private boolean ioEnabled() {
        return (config.read(COMMAND_REGISTER, 2) & IO_ENABLE) != 0;
    }

    /** A base address, or -1 while there is none. */
    private int base(final int bar) {
        final int address = config.read(bar, 4) & ~3;
        return ioEnabled() && address != 0 ? address : -1;
    }

    private int commandBase(final int channel) {
        return model == Model.NATIVE ? base(commandBar(channel)) : LEGACY_COMMAND[channel];
    }

    private int controlPort(final int channel) {
        if (model != Model.NATIVE) {
            return LEGACY_CONTROL[channel];
        }
        final int base = base(commandBar(channel) + 4);
        return base < 0 ? -1 : base + CONTROL_PORT;
    }

    private static boolean within(final int port, final int base, final int length) {
        return base >= 0 && port >= base && port - base < length;
    }

    private int channelOf(final int port) {
        final int masters = base(BAR4);
        for (int i = 0; i < channels.length; i++) {
            if (within(port, commandBase(i), COMMAND_PORTS)
                    || port == controlPort(i)
                    || (masters >= 0 && within(port, masters + i * MASTER_PORTS, MASTER_PORTS))) {
                return i;
            }
        }
        return -1;
    }

    private Block blockOf(final int port, final int channel) {
        if (within(port, commandBase(channel), COMMAND_PORTS)) {
            return Block.COMMAND;
        }
        if (port == controlPort(channel)) {
            return Block.CONTROL;
        }
        return within(port, base(BAR4), MASTER_WINDOW) ? Block.BUS_MASTER : Block.NONE;
    }

    @Override
    public boolean decodes(final int port) {
        return port >= 0 && channelOf(port) >= 0;
    }

    @Override
    public int readPort(final int port, final int widthBytes) {
        final int index = channelOf(port);
        if (port < 0 || index < 0) {
            return 0;
        }
        final IdeChannel channel = channels[index];
        return switch (blockOf(port, index)) {
            case COMMAND -> channel.readCommandBlock(port - commandBase(index), widthBytes);
            case CONTROL -> channel.readControlBlock();
            case BUS_MASTER -> readBusMaster(channel, (port - base(BAR4)) % MASTER_PORTS, widthBytes);
            case NONE -> 0;
        };
    }

    private static int readBusMaster(final IdeChannel channel, final int offset, final int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= channel.readBusMaster(offset + i) << (8 * i);
        }
        return value;
    }

    @Override
    public void writePort(final int port, final int widthBytes, final int value) {
        final int index = channelOf(port);
        if (port < 0 || index < 0) {
            return;
        }
        final IdeChannel channel = channels[index];
        switch (blockOf(port, index)) {
            case COMMAND -> channel.writeCommandBlock(port - commandBase(index), widthBytes, value);
            case CONTROL -> channel.writeControlBlock(value & 0xff);
            case BUS_MASTER -> {
                final int offset = (port - base(BAR4)) % MASTER_PORTS;
                for (int i = 0; i < widthBytes; i++) {
                    channel.writeBusMaster(offset + i, (value >> (8 * i)) & 0xff);
                }
            }
            case NONE -> {}
        }
    }
}
