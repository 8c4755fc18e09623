package io.drivebay.ide.ata;

import static io.drivebay.ide.ata.CommandFlags.AFTER_NATIVE_MAX;
import static io.drivebay.ide.ata.CommandFlags.EXT;
import static io.drivebay.ide.ata.CommandFlags.MEDIUM;
import static io.drivebay.ide.ata.CommandFlags.MULTIPLE;
import static io.drivebay.ide.ata.CommandFlags.RANGE;
import static io.drivebay.ide.ata.CommandFlags.SMART;
import static io.drivebay.ide.ata.CommandFlags.THAWED;
import static io.drivebay.ide.ata.CommandFlags.UNLOCKED;

import org.jspecify.annotations.Nullable;

/** Every command of the disk on one screen; {@link AtaDisk#command} checks the flags before it runs the handler. */
final class CommandTable {
    /** A command. */
    record Entry(String name, int flags, Handler handler) {
        boolean has(final int flag) {
            return (flags & flag) != 0;
        }
    }

    private static final int OPCODES = 256;
    private static final @Nullable Entry[] ENTRIES = new @Nullable Entry[OPCODES];

    private static final int SECTORS = RANGE | MEDIUM | UNLOCKED;

    private CommandTable() {}

    static @Nullable Entry at(final int opcode) {
        return ENTRIES[opcode & 0xff];
    }

    private static void add(final int opcode, final String name, final int flags, final Handler handler) {
        ENTRIES[opcode] = new Entry(name, flags, handler);
    }

    static {
        // spotless:off
        add(0x00, "NOP",                       0,                          MiscCommands::nop);
        add(0x06, "DATA SET MANAGEMENT",       EXT | MEDIUM | UNLOCKED,    AtaDisk::trim);
        for (int code = 0x10; code <= 0x1f; code++) {
            add(code, "RECALIBRATE",           0,                          AtaDisk::succeed);
        }
        add(0x20, "READ SECTORS",              SECTORS,                    SectorCommands::readSectors);
        add(0x21, "READ SECTORS",              SECTORS,                    SectorCommands::readSectors);
        add(0x24, "READ SECTORS EXT",          SECTORS | EXT,              SectorCommands::readSectors);
        add(0x25, "READ DMA EXT",              SECTORS | EXT,              SectorCommands::readDma);
        add(0x27, "READ NATIVE MAX EXT",       EXT,                        CapacityCommands::readNativeMax);
        add(0x29, "READ MULTIPLE EXT",         SECTORS | EXT | MULTIPLE,   SectorCommands::readMultiple);
        add(0x2f, "READ LOG EXT",              EXT,                        LogCommands::readLogExt);
        add(0x30, "WRITE SECTORS",             SECTORS,                    SectorCommands::writeSectors);
        add(0x31, "WRITE SECTORS",             SECTORS,                    SectorCommands::writeSectors);
        add(0x34, "WRITE SECTORS EXT",         SECTORS | EXT,              SectorCommands::writeSectors);
        add(0x35, "WRITE DMA EXT",             SECTORS | EXT,              SectorCommands::writeDma);
        add(0x37, "SET MAX ADDRESS EXT",       EXT | AFTER_NATIVE_MAX,     CapacityCommands::setMaxExt);
        add(0x39, "WRITE MULTIPLE EXT",        SECTORS | EXT | MULTIPLE,   SectorCommands::writeMultiple);
        add(0x3d, "WRITE DMA FUA EXT",         SECTORS | EXT,              SectorCommands::writeDmaFua);
        add(0x3f, "WRITE LOG EXT",             EXT,                        LogCommands::writeLogExt);
        add(0x40, "READ VERIFY SECTORS",       SECTORS,                    SectorCommands::verify);
        add(0x41, "READ VERIFY SECTORS",       SECTORS,                    SectorCommands::verify);
        add(0x42, "READ VERIFY SECTORS EXT",   SECTORS | EXT,              SectorCommands::verify);
        for (int code = 0x70; code <= 0x7f; code++) {
            add(code, "SEEK",                  MEDIUM | UNLOCKED,          SectorCommands::seek);
        }
        add(0x90, "EXECUTE DEVICE DIAGNOSTIC", 0,                          MiscCommands::diagnose);
        add(0x91, "INITIALIZE DEVICE PARAMETERS", 0,                       CapacityCommands::setTranslation);
        add(0x94, "STANDBY IMMEDIATE",         0,                          PowerCommands::standbyImmediate);
        add(0x95, "IDLE IMMEDIATE",            0,                          PowerCommands::idleImmediate);
        add(0x96, "STANDBY",                   0,                          PowerCommands::standby);
        add(0x97, "IDLE",                      0,                          PowerCommands::idle);
        add(0x98, "CHECK POWER MODE",          0,                          PowerCommands::check);
        add(0x99, "SLEEP",                     0,                          PowerCommands::sleep);
        add(0xb0, "SMART",                     SMART,                      SmartCommands::run);
        add(0xc4, "READ MULTIPLE",             SECTORS | MULTIPLE,         SectorCommands::readMultiple);
        add(0xc5, "WRITE MULTIPLE",            SECTORS | MULTIPLE,         SectorCommands::writeMultiple);
        add(0xc6, "SET MULTIPLE MODE",         0,                          MiscCommands::setMultiple);
        add(0xc8, "READ DMA",                  SECTORS,                    SectorCommands::readDma);
        add(0xc9, "READ DMA",                  SECTORS,                    SectorCommands::readDma);
        add(0xca, "WRITE DMA",                 SECTORS,                    SectorCommands::writeDma);
        add(0xcb, "WRITE DMA",                 SECTORS,                    SectorCommands::writeDma);
        add(0xce, "WRITE MULTIPLE FUA EXT",    SECTORS | EXT | MULTIPLE,   SectorCommands::writeMultipleFua);
        add(0xe0, "STANDBY IMMEDIATE",         0,                          PowerCommands::standbyImmediate);
        add(0xe1, "IDLE IMMEDIATE",            0,                          PowerCommands::idleImmediate);
        add(0xe2, "STANDBY",                   0,                          PowerCommands::standby);
        add(0xe3, "IDLE",                      0,                          PowerCommands::idle);
        add(0xe4, "READ BUFFER",               0,                          MiscCommands::readBuffer);
        add(0xe5, "CHECK POWER MODE",          0,                          PowerCommands::check);
        add(0xe6, "SLEEP",                     0,                          PowerCommands::sleep);
        add(0xe7, "FLUSH CACHE",               MEDIUM | UNLOCKED,          MiscCommands::flush);
        add(0xe8, "WRITE BUFFER",              0,                          MiscCommands::writeBuffer);
        add(0xea, "FLUSH CACHE EXT",           MEDIUM | UNLOCKED | EXT,    MiscCommands::flush);
        add(0xec, "IDENTIFY DEVICE",           0,                          MiscCommands::identify);
        add(0xef, "SET FEATURES",              0,                          FeatureCommands::run);
        add(0xf1, "SECURITY SET PASSWORD",     UNLOCKED | THAWED,          SecurityCommands::setPassword);
        add(0xf2, "SECURITY UNLOCK",           THAWED,                     SecurityCommands::unlock);
        add(0xf3, "SECURITY ERASE PREPARE",    THAWED,                     AtaDisk::succeed);
        add(0xf4, "SECURITY ERASE UNIT",       THAWED | MEDIUM,            SecurityCommands::eraseUnit);
        add(0xf5, "SECURITY FREEZE LOCK",      UNLOCKED,                   SecurityCommands::freeze);
        add(0xf6, "SECURITY DISABLE PASSWORD", UNLOCKED | THAWED,          SecurityCommands::disable);
        add(0xf8, "READ NATIVE MAX ADDRESS",   0,                          CapacityCommands::readNativeMax);
        add(0xf9, "SET MAX ADDRESS",           AFTER_NATIVE_MAX,           CapacityCommands::setMax);
        // spotless:on
    }
}
