package io.drivebay.ide.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.channel.IdeChannel;

/** The eight ports of a channel's command block. */
record CommandPorts(IdeChannel channel) implements MmioDevice {
    private static final int PORTS = 8;

    @Override
    public int windowBytes() {
        return PORTS;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        return Integer.toUnsignedLong(channel.readCommandBlock(offset, widthBytes));
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        channel.writeCommandBlock(offset, widthBytes, (int) value);
    }
}
