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

    @Override
    public long read(final int at, final int widthBytes) {
        return at == offset ? Integer.toUnsignedLong(channel.readControlBlock()) : 0;
    }

    @Override
    public void write(final int at, final int widthBytes, final long value) {
        if (at == offset) {
            channel.writeControlBlock((int) value & 0xff);
        }
    }
}
