package io.drivebay.virtio;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device status field and what writing it sets off (virtio 1.2, 2.1 and 3.1), for transports that have one.
 *
 * <p>A driver adds bits, or writes 0, which resets; it cannot take bits back. While a reset is going on the old bits
 * stay readable and nothing else is accepted, so that a driver that reads until it sees 0 knows.
 */
public final class StatusRegister {
    private static final Logger LOG = LoggerFactory.getLogger(StatusRegister.class);
    /** Beside the status bits, never shown. */
    private static final int RESETTING = 1 << 8;

    private final VirtioDevice device;
    private final AtomicInteger bits = new AtomicInteger();

    public StatusRegister(final VirtioDevice device) {
        this.device = device;
    }

    /** The field's value. Any thread. */
    public int read() {
        return bits.get() & 0xff;
    }

    public boolean has(final int bit) {
        return (bits.get() & bit) != 0;
    }

    /** True between the writing of 0 and the end of the reset. */
    public boolean resetting() {
        return has(RESETTING);
    }

    /**
     * Writes the field. A vCPU's thread.
     *
     * @param features the driver's choice, for FEATURES_OK
     * @param whenReset runs when a reset that this begins is complete, before the field reads 0
     */
    public void write(final int value, final long features, final Runnable whenReset) {
        if (resetting()) {
            return;
        }
        if ((value & 0xff) == 0) {
            reset(whenReset);
            return;
        }
        int added = value & DeviceStatus.DRIVERS & ~bits.get();
        if ((added & DeviceStatus.FEATURES_OK) != 0 && !accepts(features)) {
            added &= ~DeviceStatus.FEATURES_OK;
        }
        final boolean featuresOk = has(DeviceStatus.FEATURES_OK) || (added & DeviceStatus.FEATURES_OK) != 0;
        if (!featuresOk) {
            added &= ~DeviceStatus.DRIVER_OK;
        }
        set(added);
        if ((added & DeviceStatus.DRIVER_OK) != 0) {
            device.start();
        }
    }

    /** Without VERSION_1 a driver has to use the legacy interface (virtio 1.2, 6.1). */
    private boolean accepts(final long features) {
        return (features & VirtioFeatures.VERSION_1) != 0 && device.negotiate(features);
    }

    /** As {@link #write}, by a legacy driver: there is no FEATURES_OK to wait for (virtio 1.2, 3.1.2). */
    void writeLegacy(final int value, final Runnable whenReset) {
        if (resetting()) {
            return;
        }
        if ((value & 0xff) == 0) {
            reset(whenReset);
            return;
        }
        final int added = value & DeviceStatus.LEGACY_DRIVERS & ~bits.get();
        set(added);
        if ((added & DeviceStatus.DRIVER_OK) != 0) {
            device.start();
        }
    }

    private void reset(final Runnable whenReset) {
        set(RESETTING);
        device.reset(() -> {
            whenReset.run();
            bits.set(0);
        });
    }

    /**
     * Sets DEVICE_NEEDS_RESET. Any thread.
     *
     * @return true when the driver is to be told by a configuration change notification
     */
    public boolean needReset(final String why) {
        LOG.warn("virtio device of type {} needs a reset: {}", device.deviceType(), why);
        return (set(DeviceStatus.NEEDS_RESET) & (DeviceStatus.DRIVER_OK | RESETTING)) == DeviceStatus.DRIVER_OK;
    }

    private int set(final int added) {
        return bits.getAndUpdate(now -> now | added);
    }
}
