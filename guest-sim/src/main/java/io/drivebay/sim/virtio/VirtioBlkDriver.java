package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A guest's driver for a virtio block device: brings it up as section 3.1 of the specification has it, and owns its
 * queues. One thread, but for the queues, each of which may have a thread of its own once the driver has started.
 */
public final class VirtioBlkDriver {
    private static final int BLOCK_DEVICE = 2;
    private static final int MAX_QUEUE_SIZE = 32_768;

    // spotless:off
    private static final int ACKNOWLEDGE = 1;
    private static final int DRIVER      = 2;
    private static final int DRIVER_OK   = 4;
    private static final int FEATURES_OK = 8;
    private static final int NEEDS_RESET = 64;
    private static final int FAILED      = 128;
    // spotless:on

    private final VirtioTransport transport;
    private final GuestRam ram;
    private final DriverOptions options;
    private final Pause pause;
    private final List<BlkQueue> queues = new ArrayList<>();
    private long features;
    private BlkConfig config;
    private int configGeneration;

    private VirtioBlkDriver(
            final VirtioTransport transport, final GuestRam ram, final DriverOptions options, final Pause pause) {
        this.transport = transport;
        this.ram = ram;
        this.options = options;
        this.pause = pause;
        resetDevice();
        negotiate();
        this.config = readConfig();
        makeQueues();
        goLive();
    }

    /**
     * Brings a device up.
     *
     * @param pause what to do while the device takes its time
     * @throws DeviceViolation when the device breaks the specification
     * @throws IllegalStateException when it is no block device or will not have the driver's features
     */
    public static VirtioBlkDriver start(
            final VirtioTransport transport, final GuestRam ram, final DriverOptions options, final Pause pause) {
        return new VirtioBlkDriver(transport, ram, options, pause);
    }

    /** Resets the device and brings it up anew, with the same features and queues; what was in flight is forgotten. */
    public void restart() {
        resetDevice();
        acknowledge();
        acceptFeatures();
        config = readConfig();
        queues.forEach(BlkQueue::reset);
        goLive();
    }

    /** Resets the device and leaves it so. What was in flight is forgotten. */
    public void stop() {
        resetDevice();
        queues.forEach(BlkQueue::reset);
    }

    /** Resets one queue and puts it to use again (2.6.1); what was in flight in it is forgotten. Needs RING_RESET. */
    public void restartQueue(final int number) {
        require(VirtioFeature.RING_RESET);
        transport.resetQueue(number);
        waitWhile(
                () -> transport.queueResetting(number), () -> "the reset of queue " + number + " does not end (2.6.1)");
        if (transport.queueReady(number)) {
            throw new DeviceViolation("queue " + number + " is ready although it was reset (2.6.1)");
        }
        queues.get(number).reset();
        queues.get(number).enable();
    }

    // ---- initialisation, in the order of 3.1.1 ----

    private void resetDevice() {
        transport.status(0);
        waitWhile(
                () -> transport.status() != 0,
                () -> "reset does not end: status stays 0x" + Integer.toHexString(transport.status()) + " (2.1.2)");
    }

    private void waitWhile(final BooleanSupplier busy, final Supplier<String> complaint) {
        pause.begin();
        while (busy.getAsBoolean()) {
            if (!pause.pause()) {
                throw new DeviceViolation(complaint.get());
            }
        }
    }

    private void acknowledge() {
        transport.status(ACKNOWLEDGE);
        transport.status(ACKNOWLEDGE | DRIVER);
    }

    private void negotiate() {
        final int type = transport.deviceId();
        if (type != BLOCK_DEVICE) {
            throw new IllegalStateException("device type " + type + " is no block device");
        }
        acknowledge();
        final long offered = transport.deviceFeatures();
        if (!transport.legacy() && !VirtioFeature.VERSION_1.in(offered)) {
            fail("the device does not offer VERSION_1, and this is not the legacy interface");
        }
        features = offered & (options.features() | VirtioFeature.VERSION_1.bit());
        acceptFeatures();
    }

    private void acceptFeatures() {
        transport.driverFeatures(features);
        if (transport.legacy()) {
            return;
        }
        transport.status(ACKNOWLEDGE | DRIVER | FEATURES_OK);
        if ((transport.status() & FEATURES_OK) == 0) {
            fail("the device refuses these features: " + VirtioFeature.describe(features));
        }
    }

    private void makeQueues() {
        final int count = Math.min(options.queues(), config.queues());
        for (int i = 0; i < count; i++) {
            queues.add(makeQueue(i));
        }
    }

    private BlkQueue makeQueue(final int number) {
        if (transport.queueReady(number)) {
            throw new DeviceViolation("queue " + number + " is ready right after a reset (4.2.3.2)");
        }
        final int segmentBytes = config.sizeMax() == 0
                ? options.segmentBytes()
                : (int) Math.min(Integer.toUnsignedLong(config.sizeMax()), options.segmentBytes());
        final SlotChains.Shape shape = new SlotChains.Shape(
                options.slots(),
                options.slotBytes(),
                Math.min(segmentBytes, options.slotBytes()),
                VirtioFeature.INDIRECT_DESC.in(features));
        if (config.segMax() > 0 && shape.chainLength() - 2 > config.segMax()) {
            fail("requests of " + options.slotBytes() + " bytes need " + (shape.chainLength() - 2)
                    + " segments, but SEG_MAX is " + config.segMax());
        }
        final int most = transport.queueSizeMax(number);
        final int needed = powerOfTwo(Math.max(options.slots() * shape.ringDescriptors(), shape.chainLength()));
        if (needed > Math.min(most, MAX_QUEUE_SIZE)) {
            fail("queue " + number + " holds " + most + " descriptors, " + needed + " are needed for " + options.slots()
                    + " slots");
        }
        final int size = transport.legacy() ? most : needed;
        return new BlkQueue(number, transport, ram, makeRing(size, shape), shape, features);
    }

    private DriverRing makeRing(final int size, final SlotChains.Shape shape) {
        final boolean eventIndex = VirtioFeature.EVENT_IDX.in(features);
        final int longest = shape.ringDescriptors();
        return VirtioFeature.RING_PACKED.in(features)
                ? new PackedRing(ram, size, eventIndex, shape.slots(), longest)
                : new SplitRing(ram, size, eventIndex, shape.slots(), longest);
    }

    private static int powerOfTwo(final int least) {
        return least <= 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    private void goLive() {
        queues.forEach(BlkQueue::enable);
        transport.status(ACKNOWLEDGE | DRIVER | (transport.legacy() ? 0 : FEATURES_OK) | DRIVER_OK);
        requireLive();
    }

    private void fail(final String why) {
        transport.status(transport.status() | FAILED);
        throw new IllegalStateException("cannot drive the block device: " + why);
    }

    // ---- what it is ----

    /** The features in use. */
    public long features() {
        return features;
    }

    public boolean has(final VirtioFeature feature) {
        return feature.in(features);
    }

    /** The configuration as it was last read. */
    public BlkConfig config() {
        return config;
    }

    /** Reads the configuration anew if it has changed; true when it had. */
    public boolean refreshConfig() {
        if (transport.configGeneration() == configGeneration) {
            return false;
        }
        config = readConfig();
        return true;
    }

    private BlkConfig readConfig() {
        final BlkConfig read = BlkConfig.read(transport, features);
        configGeneration = transport.configGeneration();
        return read;
    }

    /** Turns the device's write cache on or off; needs CONFIG_WCE. */
    public void writeback(final boolean enabled) {
        require(VirtioFeature.BLK_CONFIG_WCE);
        transport.config(BlkConfig.WRITEBACK, 1, enabled ? 1 : 0);
        config = readConfig();
    }

    void require(final VirtioFeature feature) {
        if (!has(feature)) {
            throw new IllegalStateException("needs the feature " + VirtioFeature.describe(feature.bit())
                    + ", which is not among those in use: " + VirtioFeature.describe(features));
        }
    }

    public int queueCount() {
        return queues.size();
    }

    public BlkQueue queue(final int number) {
        return queues.get(number);
    }

    Pause pause() {
        return pause;
    }

    /**
     * Looks whether the device still works.
     *
     * @throws DeviceViolation when it wants to be reset (2.1.1), which it may only when the driver broke the rules
     */
    public void requireLive() {
        final int status = transport.status();
        if ((status & NEEDS_RESET) != 0) {
            throw new DeviceViolation("the device needs a reset: status 0x" + Integer.toHexString(status));
        }
        if ((status & DRIVER_OK) == 0) {
            throw new DeviceViolation("the device has lost DRIVER_OK: status 0x" + Integer.toHexString(status));
        }
    }
}
