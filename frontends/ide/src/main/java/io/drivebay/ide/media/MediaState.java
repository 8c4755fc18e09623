package io.drivebay.ide.media;

/**
 * Where tray, medium and lock are.
 *
 * @param open the tray is open
 * @param medium there is a medium in the tray, wherever that is
 * @param locked the guest has locked the tray
 */
public record MediaState(boolean open, boolean medium, boolean locked) {
    /** A closed, unlocked tray. */
    public static MediaState closed(final boolean medium) {
        return new MediaState(false, medium, false);
    }

    /** True when the drive can read. */
    public boolean ready() {
        return medium && !open;
    }
}
