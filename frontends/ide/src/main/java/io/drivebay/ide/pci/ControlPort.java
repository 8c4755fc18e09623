package io.drivebay.ide.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.channel.IdeChannel;

/**
 * The one port of a channel's control block.
 *
 * @param windowBytes size of the window that it lies in
 * @param offset where in the window it lies; the other ports read as 0
 */
record ControlPort(IdeChannel channel, int windowBytes, int offset) implements MmioDevice {
    /** At a legacy port. */
    static ControlPort alone(final IdeChannel channel) {
        return new ControlPort(channel, 1, 0);
    }

    /** In the four ports of a base address. */
    static ControlPort inWindow(final IdeChannel channel) {
        return new ControlPort(channel, 4, 2);
    }

    /* Where a wide access reaches beyond the port, nobody answers. */
    @Override
    public long read(final int at, final int widthBytes) {
        if (at != offset) {
            return 0;
        }
        final long nobody = (-1L >>> (Long.SIZE - Byte.SIZE * widthBytes)) & ~0xffL;
        return channel.readControlBlock() | nobody;
    }

    @Override
    public void write(final int at, final int widthBytes, final long value) {
        if (at == offset) {
            channel.writeControlBlock((int) value & 0xff);
        }
    }
}
