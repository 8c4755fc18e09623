package io.drivebay.sim.virtio;

/** A device did what the specification forbids it: says what, and which clause. The driver cannot be used any more. */
public final class DeviceViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public DeviceViolation(final String message) {
        super(message);
    }
}
