package io.drivebay.sim.ide;

import java.util.Locale;

/**
 * What GET EVENT STATUS NOTIFICATION says about the medium (MMC-5 6.6.3.3).
 *
 * @param event what has happened
 * @param open the tray is open
 * @param present there is a medium
 */
public record MediaEvent(Event event, boolean open, boolean present) {
    /** Event codes, by their number. */
    public enum Event {
        NONE,
        EJECT_REQUEST,
        NEW_MEDIUM,
        REMOVAL
    }

    static MediaEvent of(final byte[] data) {
        if (data.length < 8) {
            return new MediaEvent(Event.NONE, false, false);
        }
        final int code = data[4] & 0x0f;
        if (code >= Event.values().length) {
            throw new IdeViolation("media event " + code + " was not asked for");
        }
        return new MediaEvent(Event.values()[code], (data[5] & 1) != 0, (data[5] & 2) != 0);
    }

    /** In words: {@code new-medium present}, {@code none open}. */
    @Override
    public String toString() {
        return event.name().toLowerCase(Locale.ROOT).replace('_', '-')
                + (open ? " open" : "")
                + (present ? " present" : open ? "" : " empty");
    }
}
