package io.drivebay.ide.ata;

import io.drivebay.backend.request.Operation;

/** Power management (ATA-6 6.13); before the disk spins down it flushes. */
final class PowerCommands {
    private PowerCommands() {}

    static void standbyImmediate(final AtaDisk disk) {
        disk.single().begin(Operation.FLUSH, 0, 0, PowerCommands::enterStandby);
    }

    static void standby(final AtaDisk disk) {
        disk.power().timer(disk.core().registers().count(), disk.nowNs());
        standbyImmediate(disk);
    }

    private static void enterStandby(final AtaDisk disk) {
        disk.power().mode(PowerState.Mode.STANDBY, disk.nowNs());
        disk.succeed();
    }

    static void idleImmediate(final AtaDisk disk) {
        disk.power().mode(PowerState.Mode.IDLE, disk.nowNs());
        disk.succeed();
    }

    static void idle(final AtaDisk disk) {
        disk.power().timer(disk.core().registers().count(), disk.nowNs());
        idleImmediate(disk);
    }

    static void check(final AtaDisk disk) {
        disk.core().registers().count(disk.power().mode(disk.nowNs()).code(), false);
        disk.succeed();
    }

    static void sleep(final AtaDisk disk) {
        disk.single().begin(Operation.FLUSH, 0, 0, PowerCommands::enterSleep);
    }

    private static void enterSleep(final AtaDisk disk) {
        disk.power().mode(PowerState.Mode.SLEEP, disk.nowNs());
        disk.succeed();
    }
}
