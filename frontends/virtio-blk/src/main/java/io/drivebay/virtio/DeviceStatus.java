package io.drivebay.virtio;

/** Bits of the device status field (virtio 1.2, 2.1). */
public final class DeviceStatus {
    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 2;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int NEEDS_RESET = 64;
    public static final int FAILED = 128;

    /** What a driver may set. */
    static final int DRIVERS = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED;

    /** What a legacy driver may set. */
    static final int LEGACY_DRIVERS = DRIVERS & ~FEATURES_OK;

    private DeviceStatus() {}
}
