package io.drivebay.ide.device;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where QEMU 7.2 does other than the standards say. A drive does what the standards say unless its profile lists the
 * deviation; this is the whole list.
 */
public enum Deviation {
    /** A read error ends a disk's command with ABRT rather than UNC and the failing address (R16). */
    READ_ERROR_IS_ABORT,
    /** A DMA transfer without bus mastering "succeeds" without moving a byte, and leaves the master active (I7). */
    DMA_WITHOUT_MASTERING_SUCCEEDS,
    /** A transfer goes on to its end, with its interrupt, when the guest stops the master in the middle (VT10). */
    STOPPED_DMA_GOES_ON,
    /** DATA SET MANAGEMENT is a command of 28 bits: what count and features were before is not looked at (I9). */
    SHORT_TRIM_REGISTERS,
    /** The host's moving the tray raises an interrupt that nobody asked for (T2). */
    INTERRUPT_ON_TRAY_MOVE,
    /** After a medium change the first command is answered NOT READY, only the second UNIT ATTENTION (T7). */
    NOT_READY_BEFORE_ATTENTION,
    /** A unit attention bars all commands until REQUEST SENSE; MMC: it is reported once (T7). */
    ATTENTION_LASTS_UNTIL_SENSED,
    /** Closing an empty tray is announced as a new medium (T4). */
    NEW_MEDIUM_ON_EMPTY_CLOSE,
    /** Opening the tray announces no removal (T2). */
    NO_REMOVAL_EVENT,
    /** A reset closes and unlocks the tray without telling host or guest (T14). */
    RESET_CLOSES_TRAY_SILENTLY,
    /** A reset arms no unit attention 06/29 (T14). */
    NO_ATTENTION_AFTER_RESET,
    /** REQUEST SENSE never has an additional sense code qualifier, information or field pointer. */
    NO_SENSE_DETAILS,
    /** REQUEST SENSE clears only a unit attention; other sense data stays. */
    SENSE_STAYS,
    /** A read error is reported as 05/21 rather than 03/11 with the failing address (R16). */
    READ_ERROR_IS_BAD_ADDRESS,
    /** READ CD leaves error detection and correction bytes zero. */
    NO_ERROR_CORRECTION_BYTES,
    /** GET CONFIGURATION knows the list of profiles and no other feature, and no other start than 0. */
    SHORT_FEATURE_LIST,
    /** GET EVENT STATUS NOTIFICATION knows only the media class, and its length leaves half of the header out. */
    ONLY_MEDIA_EVENTS,
    /** Only the commands and options that QEMU has; the rest is 05/20 or 05/24. */
    QEMU_COMMANDS_ONLY,
    /** A persistent prevention is a plain one. */
    NO_PERSISTENT_PREVENT;

    /** What the standards say. */
    public static final Set<Deviation> STANDARD = Set.of();

    /** All of QEMU's deviations: the profile {@code qemu-quirks}. */
    public static final Set<Deviation> QEMU_QUIRKS = Set.copyOf(EnumSet.allOf(Deviation.class));
}
