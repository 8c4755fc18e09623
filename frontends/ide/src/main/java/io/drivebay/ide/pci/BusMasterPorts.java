package io.drivebay.ide.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.dma.BusMaster;

/** The ports of both channels' bus masters, byte by byte. */
final class BusMasterPorts implements MmioDevice {
    private final IdeChannel[] channels;

    BusMasterPorts(final IdeChannel[] channels) {
        this.channels = channels;
    }

    @Override
    public int windowBytes() {
        return channels.length * BusMaster.WINDOW_BYTES;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        long value = 0;
        for (int i = offset; i < offset + widthBytes && i < windowBytes(); i++) {
            final IdeChannel channel = channels[i / BusMaster.WINDOW_BYTES];
            value |= (channel.readBusMaster(i % BusMaster.WINDOW_BYTES) & 0xffL) << (8 * (i - offset));
        }
        return value;
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        for (int i = offset; i < offset + widthBytes && i < windowBytes(); i++) {
            final IdeChannel channel = channels[i / BusMaster.WINDOW_BYTES];
            channel.writeBusMaster(i % BusMaster.WINDOW_BYTES, (int) (value >> (8 * (i - offset))) & 0xff);
        }
    }
}
