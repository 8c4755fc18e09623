package io.drivebay.ide.atapi;

import org.jspecify.annotations.Nullable;

/** Every packet command on one screen; {@link AtapiDrive} checks the flags, in one place, before it runs the handler. */
final class PacketTable {
    /** Runs although a unit attention is pending, and leaves it pending (SPC 5.8). */
    static final int ATTENDS = 1;
    /** Needs a medium in a closed tray. */
    static final int MEDIUM = 1 << 1;
    /** Has a data phase: by programmed I/O not with a byte count limit of 0 (ATA-6 8.24.3). */
    static final int DATA = 1 << 2;
    /** Unknown to the profile that has only QEMU's commands. */
    static final int BEYOND_QEMU = 1 << 3;

    /** Carries a command out whose preconditions have been checked. */
    @FunctionalInterface
    interface Handler {
        void run(AtapiDrive drive);
    }

    /** A command. */
    record Entry(String name, int flags, Handler handler) {
        boolean has(final int flag) {
            return (flags & flag) != 0;
        }
    }

    private static final int OPCODES = 256;
    private static final @Nullable Entry[] ENTRIES = new @Nullable Entry[OPCODES];

    private PacketTable() {}

    static @Nullable Entry at(final int opcode) {
        return ENTRIES[opcode & 0xff];
    }

    private static void add(final int opcode, final String name, final int flags, final Handler handler) {
        ENTRIES[opcode] = new Entry(name, flags, handler);
    }

    static {
        // spotless:off
        add(0x00, "TEST UNIT READY",              MEDIUM,                      AtapiDrive::succeed);
        add(0x03, "REQUEST SENSE",                ATTENDS | DATA,              BasicCommands::requestSense);
        add(0x12, "INQUIRY",                      ATTENDS | DATA,              BasicCommands::inquiry);
        add(0x15, "MODE SELECT(6)",               DATA | BEYOND_QEMU,          ModeCommands::select6);
        add(0x1a, "MODE SENSE(6)",                DATA | BEYOND_QEMU,          ModeCommands::sense6);
        add(0x1b, "START STOP UNIT",              0,                           BasicCommands::startStop);
        add(0x1e, "PREVENT ALLOW MEDIUM REMOVAL", 0,                           BasicCommands::preventAllow);
        add(0x23, "READ FORMAT CAPACITIES",       DATA | BEYOND_QEMU,          DiscCommands::formatCapacities);
        add(0x25, "READ CAPACITY",                MEDIUM | DATA,               DiscCommands::capacity);
        add(0x28, "READ(10)",                     MEDIUM | DATA,               ReadCommands::read10);
        add(0x2b, "SEEK(10)",                     MEDIUM,                      ReadCommands::seek);
        add(0x2f, "VERIFY(10)",                   MEDIUM | BEYOND_QEMU,        ReadCommands::verify);
        add(0x35, "SYNCHRONIZE CACHE",            MEDIUM | BEYOND_QEMU,        AtapiDrive::succeed);
        add(0x42, "READ SUB-CHANNEL",             MEDIUM | DATA | BEYOND_QEMU, DiscCommands::subchannel);
        add(0x43, "READ TOC/PMA/ATIP",            MEDIUM | DATA,               DiscCommands::tableOfContents);
        add(0x44, "READ HEADER",                  MEDIUM | DATA | BEYOND_QEMU, DiscCommands::header);
        add(0x45, "PLAY AUDIO(10)",               MEDIUM | BEYOND_QEMU,        ReadCommands::refuseAudio);
        add(0x46, "GET CONFIGURATION",            ATTENDS | DATA,              StatusCommands::configuration);
        add(0x47, "PLAY AUDIO MSF",               MEDIUM | BEYOND_QEMU,        ReadCommands::refuseAudio);
        add(0x48, "PLAY AUDIO TRACK INDEX",       MEDIUM | BEYOND_QEMU,        ReadCommands::refuseAudio);
        add(0x4a, "GET EVENT STATUS NOTIFICATION", ATTENDS | DATA,             StatusCommands::eventStatus);
        add(0x4b, "PAUSE/RESUME",                 MEDIUM | BEYOND_QEMU,        ReadCommands::refuseAudio);
        add(0x51, "READ DISC INFORMATION",        MEDIUM | DATA,               DiscCommands::discInformation);
        add(0x52, "READ TRACK INFORMATION",       MEDIUM | DATA | BEYOND_QEMU, DiscCommands::trackInformation);
        add(0x55, "MODE SELECT(10)",              DATA | BEYOND_QEMU,          ModeCommands::select10);
        add(0x5a, "MODE SENSE(10)",               DATA,                        ModeCommands::sense10);
        add(0xa5, "PLAY AUDIO(12)",               MEDIUM | BEYOND_QEMU,        ReadCommands::refuseAudio);
        add(0xa8, "READ(12)",                     MEDIUM | DATA,               ReadCommands::read12);
        add(0xac, "GET PERFORMANCE",              MEDIUM | DATA | BEYOND_QEMU, StatusCommands::performance);
        add(0xad, "READ DVD STRUCTURE",           MEDIUM | DATA,               DiscCommands::dvdStructure);
        add(0xb6, "SET STREAMING",                DATA | BEYOND_QEMU,          StatusCommands::setStreaming);
        add(0xb9, "READ CD MSF",                  MEDIUM | DATA | BEYOND_QEMU, ReadCommands::readCdMsf);
        add(0xbb, "SET CD SPEED",                 0,                           AtapiDrive::succeed);
        add(0xbd, "MECHANISM STATUS",             DATA,                        StatusCommands::mechanism);
        add(0xbe, "READ CD",                      MEDIUM | DATA,               ReadCommands::readCd);
        // spotless:on
    }
}
