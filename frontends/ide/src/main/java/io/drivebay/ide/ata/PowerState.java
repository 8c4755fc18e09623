package io.drivebay.ide.ata;

import java.util.concurrent.TimeUnit;

/**
 * Power modes and the standby timer.
 *
 * <p>The timer is not a timer but a deadline that is looked at when somebody asks: nothing that a guest or host can see
 * happens at the moment when it passes.
 */
final class PowerState {
    /** The modes, with what CHECK POWER MODE says of them. */
    enum Mode {
        ACTIVE(0xff),
        IDLE(0x80),
        STANDBY(0x00),
        /** Only a reset wakes the drive. */
        SLEEP(0x00);

        private final int code;

        Mode(final int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final int LAST_SHORT_CODE = 240;
    private static final int LAST_LONG_CODE = 251;

    private Mode mode = Mode.ACTIVE;
    private long periodNs;
    private long standbyAtNs = NEVER;

    Mode mode(final long nowNs) {
        if (nowNs >= standbyAtNs && mode != Mode.SLEEP) {
            mode = Mode.STANDBY;
        }
        return mode;
    }

    void mode(final Mode newMode, final long nowNs) {
        mode = newMode;
        standbyAtNs = newMode == Mode.ACTIVE || newMode == Mode.IDLE ? deadline(nowNs) : NEVER;
    }

    private long deadline(final long nowNs) {
        return periodNs == 0 ? NEVER : nowNs + periodNs;
    }

    /** Sets the standby timer from a sector count register. */
    void timer(final int code, final long nowNs) {
        periodNs = periodNs(code);
        standbyAtNs = deadline(nowNs);
    }

    /** The period that a sector count register stands for, in nanoseconds; 0 for never. */
    static long periodNs(final int code) {
        if (code <= LAST_SHORT_CODE) {
            return TimeUnit.SECONDS.toNanos(5L * code);
        }
        if (code <= LAST_LONG_CODE) {
            return TimeUnit.MINUTES.toNanos(30L * (code - LAST_SHORT_CODE));
        }
        return switch (code) {
            case 252 -> TimeUnit.MINUTES.toNanos(21);
            case 255 -> TimeUnit.SECONDS.toNanos(21 * 60 + 15);
            default -> TimeUnit.HOURS.toNanos(8);
        };
    }

    void powerOn() {
        mode = Mode.ACTIVE;
        periodNs = 0;
        standbyAtNs = NEVER;
    }
}
