package io.drivebay.ide.ata;

/** What must hold before a command runs; checked in one place, {@link AtaDisk#command}. */
final class CommandFlags {
    /** Has a 48-bit address and a 16-bit count (ATA-6 6.20). */
    static final int EXT = 1;
    /** Names sectors, which must all lie on the disk (I5). */
    static final int RANGE = 1 << 1;
    /** Needs the medium: spins up, restarts the standby timer. */
    static final int MEDIUM = 1 << 2;
    /** Needs multiple mode (SET MULTIPLE MODE with a count). */
    static final int MULTIPLE = 1 << 3;
    /** Refused while a password locks the disk (ATA-6 table 7). */
    static final int UNLOCKED = 1 << 4;
    /** Refused after SECURITY FREEZE LOCK. */
    static final int THAWED = 1 << 5;
    /** Must follow READ NATIVE MAX ADDRESS at once (ATA-6 8.47). */
    static final int AFTER_NATIVE_MAX = 1 << 6;
    /** Needs the SMART signature 4F/C2 in the middle and high address registers. */
    static final int SMART = 1 << 7;

    private CommandFlags() {}
}
