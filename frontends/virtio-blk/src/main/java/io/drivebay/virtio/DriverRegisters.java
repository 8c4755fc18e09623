package io.drivebay.virtio;

import io.drivebay.virtio.QueueRegisters.Field;
import org.jspecify.annotations.Nullable;

/**
 * What the registers of every transport have in common: features in halves, the status, and a selected queue with its
 * size and addresses (virtio 1.2, 3.1.1). One vCPU's thread at a time.
 */
public final class DriverRegisters {
    /** A choice that no device offers: stands for bits beyond the 64 that exist. */
    private static final long BEYOND_EVERY_OFFER = ~0L;

    private static final long LOW = 0xffff_ffffL;

    private final VirtioDevice device;
    private final StatusRegister status;
    private final int queueSize;
    private final Runnable whenReset;
    private final long transportFeatures;
    private final QueueRegisters[] queues;
    private int deviceFeaturesSelect;
    private int driverFeaturesSelect;
    private int queueSelect;
    private long driverFeatures;
    private int driverFeaturesBeyond;

    /**
     * Registers that nothing has been written to.
     *
     * @param queueSize size of a queue until the driver writes one
     * @param whenReset runs when a reset is complete, before the status reads 0
     * @param transportFeatures what the transport offers beside the device, which does not hear of it
     */
    public DriverRegisters(
            final VirtioDevice device, final int queueSize, final Runnable whenReset, final long transportFeatures) {
        this.device = device;
        this.status = new StatusRegister(device);
        this.queueSize = queueSize;
        this.whenReset = whenReset;
        this.transportFeatures = transportFeatures;
        this.queues = new QueueRegisters[device.queueCount()];
        forget();
    }

    private void forget() {
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueRegisters(queueSize);
        }
        deviceFeaturesSelect = 0;
        driverFeaturesSelect = 0;
        queueSelect = 0;
        driverFeatures = 0;
        driverFeaturesBeyond = 0;
    }

    VirtioDevice device() {
        return device;
    }

    // ---- features ----

    public int deviceFeaturesSelect() {
        return deviceFeaturesSelect;
    }

    public void deviceFeaturesSelect(final int half) {
        deviceFeaturesSelect = half;
    }

    /** The selected half of the offer; further features do not exist. */
    public int deviceFeatures() {
        return half(device.offeredFeatures() | transportFeatures, deviceFeaturesSelect);
    }

    public int driverFeaturesSelect() {
        return driverFeaturesSelect;
    }

    public void driverFeaturesSelect(final int half) {
        driverFeaturesSelect = half;
    }

    /** The selected half of the driver's choice. */
    public int driverFeatures() {
        return half(driverFeatures, driverFeaturesSelect);
    }

    /** The choice is final once FEATURES_OK is set (virtio 1.2, 2.2.1). */
    public void driverFeatures(final int bits) {
        if (status.has(DeviceStatus.FEATURES_OK)) {
            return;
        }
        switch (driverFeaturesSelect) {
            case 0 -> driverFeatures = (driverFeatures & ~LOW) | (bits & LOW);
            case 1 -> driverFeatures = (driverFeatures & LOW) | ((long) bits << Integer.SIZE);
            default -> driverFeaturesBeyond |= bits;
        }
    }

    /** True when a feature is in use. */
    public boolean accepted(final long feature) {
        return (driverFeatures & feature) != 0 && status.has(DeviceStatus.FEATURES_OK);
    }

    private static int half(final long features, final int select) {
        return switch (select) {
            case 0 -> (int) features;
            case 1 -> (int) (features >>> Integer.SIZE);
            default -> 0;
        };
    }

    // ---- status ----

    public StatusRegister status() {
        return status;
    }

    /** Writes the status; 0 forgets all registers. */
    public void writeStatus(final int value) {
        if ((value & 0xff) == 0) {
            forget();
        }
        final long devices = driverFeatures & ~transportFeatures;
        status.write(value, driverFeaturesBeyond == 0 ? devices : BEYOND_EVERY_OFFER, whenReset);
    }

    /** Writes the status as a legacy driver does. */
    void writeLegacyStatus(final int value) {
        if ((value & 0xff) == 0) {
            forget();
        }
        status.writeLegacy(value, whenReset);
    }

    // ---- queues ----

    public int queueSelect() {
        return queueSelect;
    }

    public void queueSelect(final int queue) {
        queueSelect = queue;
    }

    public boolean queueExists() {
        return queueSelect >= 0 && queueSelect < queues.length;
    }

    /** The registers of the selected queue; null when there is no such queue. */
    public @Nullable QueueRegisters queue() {
        return queueExists() ? queues[queueSelect] : null;
    }

    /** The registers of the selected queue while they may be written: not once it is enabled. */
    @Nullable
    QueueRegisters writableQueue() {
        return queueEnabled() ? null : queue();
    }

    /** Writes a field of the selected queue, while it may be written; null for a register that is none of them. */
    public void writeQueue(final @Nullable Field field, final int value) {
        final QueueRegisters queue = writableQueue();
        if (queue != null && field != null) {
            queue.write(field, value);
        }
    }

    public boolean queueEnabled() {
        return queueExists() && device.queueEnabled(queueSelect);
    }

    /** The form of a queue depends on the features: it cannot be enabled before FEATURES_OK (virtio 1.2, 3.1.1). */
    public void enableQueue() {
        final QueueRegisters queue = queue();
        if (queue != null && mayUseQueues() && !queueEnabled()) {
            queue.enabled();
            device.enableQueue(queueSelect, queue.layout());
        }
    }

    /** Takes the selected queue out of use; {@link #queueEnabled} tells when it is. */
    public void disableQueue() {
        if (queueExists() && mayUseQueues()) {
            device.disableQueue(queueSelect);
        }
    }

    /** Resets the selected queue alone for a 1 (virtio 1.2, 2.6.1), which needs RING_RESET; its registers are forgotten. */
    public void resetQueue(final int value) {
        final QueueRegisters queue = queue();
        if (value == 1 && queue != null && mayUseQueues() && accepted(VirtioFeatures.RING_RESET)) {
            queue.reset(queueSize);
            device.disableQueue(queueSelect);
        }
    }

    /** True until the selected queue's reset is complete. */
    public boolean queueResetting() {
        final QueueRegisters queue = queue();
        return queue != null && queue.resetting() && queueEnabled();
    }

    private boolean mayUseQueues() {
        return !status.resetting() && status.has(DeviceStatus.FEATURES_OK);
    }
}
