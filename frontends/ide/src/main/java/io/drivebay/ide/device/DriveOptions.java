package io.drivebay.ide.device;

import java.util.Set;

/**
 * What every drive is given.
 *
 * @param id the device's id, for messages and queries
 * @param model up to 40 characters of ASCII
 * @param serial up to 20 characters of ASCII
 * @param firmware up to 8 characters of ASCII
 * @param deviations how the drive differs from the standards
 */
public record DriveOptions(String id, String model, String serial, String firmware, Set<Deviation> deviations) {
    private static final int MODEL_CHARS = 40;
    private static final int SERIAL_CHARS = 20;
    private static final int FIRMWARE_CHARS = 8;

    public DriveOptions {
        check("model", model, MODEL_CHARS);
        check("serial", serial, SERIAL_CHARS);
        check("firmware", firmware, FIRMWARE_CHARS);
        deviations = Set.copyOf(deviations);
    }

    /** Options with the default names and profile. */
    public static DriveOptions of(final String id) {
        return new DriveOptions(id, "Drivebay drive", "DB00001", "0.1", Deviation.STANDARD);
    }

    private static void check(final String what, final String value, final int limit) {
        if (value.length() > limit || !value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    what + " '" + value + "' must be at most " + limit + " printable ASCII characters");
        }
    }

    public DriveOptions withModel(final String name) {
        return new DriveOptions(id, name, serial, firmware, deviations);
    }

    public DriveOptions withSerial(final String number) {
        return new DriveOptions(id, model, number, firmware, deviations);
    }

    public DriveOptions withDeviations(final Set<Deviation> newDeviations) {
        return new DriveOptions(id, model, serial, firmware, newDeviations);
    }

    public boolean deviates(final Deviation deviation) {
        return deviations.contains(deviation);
    }
}
