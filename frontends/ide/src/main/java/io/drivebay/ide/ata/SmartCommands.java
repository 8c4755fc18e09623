package io.drivebay.ide.ata;

import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.TaskFile;

/** SMART (ATA-6 8.55): the features register says which (I12). */
final class SmartCommands {
    /** What the middle and high address registers must hold, and hold after RETURN STATUS when all is well. */
    static final int SIGNATURE = 0xc24f;

    private static final int FAILING = 0x2cf4;
    private static final int ENABLE = 0xd8;
    private static final int AUTOSAVE_ON = 0xf1;
    private static final Activity WAITS_FOR_TEST = new Activity() {};

    private SmartCommands() {}

    static void run(final AtaDisk disk) {
        final SmartState smart = disk.smart();
        final TaskFile registers = disk.core().registers();
        final int subcommand = registers.features();
        if (!smart.enabled && subcommand != ENABLE) {
            disk.abort();
            return;
        }
        switch (subcommand) {
            case 0xd0 -> {
                smart.writeData(disk.core().buffer().region(), disk.selfTest().status(), disk.nowNs());
                disk.transfer().in(1);
            }
            case 0xd1 -> {
                SmartState.writeThresholds(disk.core().buffer().region());
                disk.transfer().in(1);
            }
            case 0xd2 -> autosave(disk, registers.count());
            case 0xd4 -> selfTest(disk, registers.lbaLow());
            case 0xd5 -> LogCommands.smartReadLog(disk);
            case 0xd6 -> LogCommands.smartWriteLog(disk);
            case ENABLE -> enable(disk, true);
            case 0xd9 -> enable(disk, false);
            case 0xda -> {
                registers.lbaMidHigh(smart.healthy() ? SIGNATURE : FAILING);
                disk.succeed();
            }
            default -> disk.abort();
        }
    }

    private static void enable(final AtaDisk disk, final boolean on) {
        disk.smart().enabled = on;
        disk.succeed();
    }

    private static void autosave(final AtaDisk disk, final int count) {
        if (count != 0 && count != AUTOSAVE_ON) {
            disk.abort();
            return;
        }
        disk.smart().autosave = count == AUTOSAVE_ON;
        disk.succeed();
    }

    private static void selfTest(final AtaDisk disk, final int subcommand) {
        final SelfTest test = disk.selfTest();
        if (subcommand == SelfTest.ABORT) {
            test.stop(SelfTestLog.ABORTED);
            disk.succeed();
            return;
        }
        final int routine = subcommand & ~SelfTest.CAPTIVE;
        if (test.running() || (routine != SelfTest.SHORT && routine != SelfTest.EXTENDED)) {
            disk.abort();
        } else if (routine == subcommand) {
            test.begin(subcommand);
            disk.succeed();
        } else {
            disk.core().work(WAITS_FOR_TEST);
            test.begin(subcommand);
        }
    }

    /** The disk was kept busy for the test: a failure is ABRT with F4/2C. */
    static void captiveEnded(final AtaDisk disk, final int result) {
        final boolean passed = result == SelfTestLog.PASSED;
        disk.core().registers().lbaMidHigh(passed ? SIGNATURE : FAILING);
        if (passed) {
            disk.succeed();
        } else {
            disk.fail(ErrorBits.ABRT);
        }
    }
}
