package io.drivebay.ide.media;

/** What can happen to a drive's tray and medium. */
public enum MediaInput {
    /** The host opens the tray, locked or not. */
    HOST_OPEN,
    /** The host closes the tray. */
    HOST_CLOSE,
    /** The host asks the guest to let the medium go. */
    HOST_ASK,
    /** The host unlocks the tray without asking the guest. */
    HOST_UNLOCK,
    /** The host has put a medium in, or another one in the place of the last. */
    MEDIUM_IN,
    /** The host has taken the medium out. */
    MEDIUM_OUT,
    /** START STOP UNIT with LoEj, or MEDIA EJECT. */
    GUEST_EJECT,
    /** START STOP UNIT with LoEj and Start. */
    GUEST_LOAD,
    /** PREVENT ALLOW MEDIUM REMOVAL, prevent. */
    GUEST_PREVENT,
    /** PREVENT ALLOW MEDIUM REMOVAL, allow. */
    GUEST_ALLOW,
    /** Power, bus reset, SRST or DEVICE RESET. */
    RESET
}
