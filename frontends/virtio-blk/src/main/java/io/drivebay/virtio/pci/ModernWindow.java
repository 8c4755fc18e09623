package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.virtio.VirtioDevice;
import java.util.function.IntConsumer;

/**
 * The window of memory in which the modern interface's structures lie, a page each:
 *
 * <pre>
 *  0x0000  common configuration    0x1000  ISR status (one byte)
 *  0x2000  device configuration    0x3000  notifications, four bytes for each queue
 * </pre>
 */
final class ModernWindow implements MmioDevice {
    static final int COMMON = 0x0000;
    static final int ISR = 0x1000;
    static final int DEVICE = 0x2000;
    static final int NOTIFY = 0x3000;
    static final int STRUCTURE_BYTES = 0x1000;
    static final int NOTIFY_MULTIPLIER = 4;

    private static final int WINDOW_BYTES = 0x4000;

    private final VirtioDevice device;
    private final CommonConfig common;
    private final PciInterrupts interrupts;
    private final IntConsumer notifications;

    /**
     * The structures of a device.
     *
     * @param notifications takes the number of a queue that the driver notifies
     */
    ModernWindow(
            final VirtioDevice device,
            final CommonConfig common,
            final PciInterrupts interrupts,
            final IntConsumer notifications) {
        this.device = device;
        this.common = common;
        this.interrupts = interrupts;
        this.notifications = notifications;
    }

    @Override
    public int windowBytes() {
        return WINDOW_BYTES;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        final int within = offset % STRUCTURE_BYTES;
        return switch (offset - within) {
            case COMMON -> readCommon(within, widthBytes);
            case ISR -> within == 0 ? interrupts.takeIsr() : 0;
            case DEVICE -> device.readConfig(within, widthBytes);
            default -> 0;
        };
    }

    /** Eight bytes are two accesses of four. */
    private long readCommon(final int offset, final int widthBytes) {
        if (widthBytes == Long.BYTES) {
            return readCommon(offset, Integer.BYTES)
                    | readCommon(offset + Integer.BYTES, Integer.BYTES) << Integer.SIZE;
        }
        final CommonRegister register = CommonRegister.at(offset, widthBytes);
        return register == null ? 0 : Integer.toUnsignedLong(common.read(register));
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        final int within = offset % STRUCTURE_BYTES;
        switch (offset - within) {
            case COMMON -> writeCommon(within, widthBytes, value);
            case DEVICE -> device.writeConfig(within, widthBytes, value);
            case NOTIFY -> notifications.accept(within / NOTIFY_MULTIPLIER);
            default -> {}
        }
    }

    private void writeCommon(final int offset, final int widthBytes, final long value) {
        if (widthBytes == Long.BYTES) {
            writeCommon(offset, Integer.BYTES, value);
            writeCommon(offset + Integer.BYTES, Integer.BYTES, value >>> Integer.SIZE);
            return;
        }
        final CommonRegister register = CommonRegister.at(offset, widthBytes);
        if (register != null) {
            common.write(register, (int) value);
        }
    }
}
