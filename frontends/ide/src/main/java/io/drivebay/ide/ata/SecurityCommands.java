package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;

/** SECURITY commands; each takes one sector: word 0 says which password, words 1 to 16 are it. */
final class SecurityCommands {
    private static final int ERASE_PREPARE = 0xf3;
    private static final int MASTER = 1;
    private static final int ENHANCED = 1 << 1;
    private static final int MAXIMUM = 1 << 8;
    private static final int PASSWORD_AT = 2;
    private static final int REVISION_AT = 34;

    private SecurityCommands() {}

    static void setPassword(final AtaDisk disk) {
        disk.transfer().out(1, SecurityCommands::passwordGiven);
    }

    private static void passwordGiven(final AtaDisk disk) {
        final MemoryRegion data = disk.core().buffer().region();
        if (isMaster(disk)) {
            disk.security().setMaster(password(disk), data.getShort(REVISION_AT) & 0xffff);
        } else {
            disk.security().setUser(password(disk), (data.getShort(0) & MAXIMUM) != 0);
        }
        disk.succeed();
    }

    static void unlock(final AtaDisk disk) {
        disk.transfer().out(1, SecurityCommands::unlockGiven);
    }

    private static void unlockGiven(final AtaDisk disk) {
        succeedIf(disk, disk.security().unlock(password(disk), isMaster(disk)));
    }

    static void disable(final AtaDisk disk) {
        disk.transfer().out(1, SecurityCommands::disableGiven);
    }

    private static void disableGiven(final AtaDisk disk) {
        final boolean right = disk.security().mayDisable(password(disk), isMaster(disk));
        if (right) {
            disk.security().disable();
        }
        succeedIf(disk, right);
    }

    /** Only right after SECURITY ERASE PREPARE. */
    static void eraseUnit(final AtaDisk disk) {
        if (disk.commandBefore() == ERASE_PREPARE) {
            disk.transfer().out(1, SecurityCommands::eraseGiven);
        } else {
            disk.abort();
        }
    }

    private static void eraseGiven(final AtaDisk disk) {
        final boolean enhanced = (disk.core().buffer().region().getShort(0) & ENHANCED) != 0;
        if (enhanced || !disk.security().matches(password(disk), isMaster(disk))) {
            disk.abort();
            return;
        }
        final long bytes = disk.settings().nativeSectors * AtaDisk.SECTOR;
        disk.single().begin(Operation.WRITE_ZEROES, bytes, RequestFlags.MAY_UNMAP, SecurityCommands::erased);
    }

    private static void erased(final AtaDisk disk) {
        disk.security().disable();
        disk.succeed();
    }

    static void freeze(final AtaDisk disk) {
        disk.security().freeze();
        disk.succeed();
    }

    private static boolean isMaster(final AtaDisk disk) {
        return (disk.core().buffer().region().getShort(0) & MASTER) != 0;
    }

    private static byte[] password(final AtaDisk disk) {
        final byte[] password = new byte[SecurityState.PASSWORD_BYTES];
        disk.core().buffer().region().getBytes(PASSWORD_AT, password, 0, password.length);
        return password;
    }

    private static void succeedIf(final AtaDisk disk, final boolean good) {
        if (good) {
            disk.succeed();
        } else {
            disk.abort();
        }
    }
}
