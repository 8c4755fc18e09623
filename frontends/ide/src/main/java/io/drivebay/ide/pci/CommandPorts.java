package io.drivebay.ide.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.channel.IdeChannel;

/** The eight ports of a channel's command block. */
record CommandPorts(IdeChannel channel) implements MmioDevice {
    private static final int PORTS = 8;
    private static final int DATA = 0;
    private static final long NOBODY = 0xff;

    @Override
    public int windowBytes() {
        return PORTS;
    }

    /* Only the data register is wider than a byte: of the others, wide accesses reach several. */
    @Override
    public long read(final int offset, final int widthBytes) {
        if (offset == DATA) {
            return Integer.toUnsignedLong(channel.readCommandBlock(offset, widthBytes));
        }
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            final long part = offset + i < PORTS ? channel.readCommandBlock(offset + i, 1) & 0xffL : NOBODY;
            value |= part << (Byte.SIZE * i);
        }
        return value;
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        if (offset == DATA) {
            channel.writeCommandBlock(offset, widthBytes, (int) value);
            return;
        }
        for (int i = 0; i < widthBytes && offset + i < PORTS; i++) {
            channel.writeCommandBlock(offset + i, 1, (int) (value >> (Byte.SIZE * i)) & 0xff);
        }
    }
}
