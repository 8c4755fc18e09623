package io.drivebay.ide.device;

/**
 * A drive, as its channel sees it: registers and nothing of the bus. Every method is called under the channel's lock. What
 * all drives do in the same way, their {@link DriveCore} does.
 *
 * <p>The drive never blocks. What takes time goes on with BSY set and ends in the backend's context, under the same lock.
 */
public interface IdeDevice {
    /** Why a drive starts over. */
    enum Reset {
        /** Power has come: everything volatile is gone. */
        POWER_ON,
        /** The bus's reset line. */
        HARDWARE,
        /** SRST has been set: at work until it is cleared. */
        SOFTWARE_BEGIN,
        /** SRST has been cleared. */
        SOFTWARE_END
    }

    /** What this drive shares with others. */
    DriveCore core();

    /** A register's value; reading changes nothing. */
    default int read(final Register register) {
        return core().registers().get(register);
    }

    /** The host writes a parameter or the device register; ignored while BSY or DRQ is set. */
    default void write(final Register register, final int value) {
        if (!core().registers().engaged()) {
            core().registers().write(register, value);
        }
    }

    /** The host writes a command; ignored while BSY or DRQ is set, but for what a reset command may do. */
    void command(int opcode);

    /** The host takes the next 2 or 4 bytes of the data phase, the first in the low byte; 0 when there is none. */
    default int readData(final int widthBytes) {
        return core().readData(widthBytes);
    }

    /** The host gives the next 2 or 4 bytes of the data phase; ignored when none are wanted. */
    default void writeData(final int widthBytes, final int value) {
        core().writeData(widthBytes, value);
    }

    /** True while the drive wants the host's attention, whether selected or not. */
    default boolean interruptPending() {
        return core().interruptPending();
    }

    /** The host has read the status: the interrupt is taken back. */
    default void acknowledge() {
        core().acknowledge();
    }

    /** The bus master is ready for the transfer that the drive has asked for. */
    default void dmaStarted() {
        core().dmaStarted();
    }

    /** The bus master was stopped in the middle: the drive gives the transfer up, without an interrupt. */
    default void dmaStopped() {
        core().dmaStopped();
    }

    void reset(Reset kind);

    /** EXECUTE DEVICE DIAGNOSTIC, which both drives of a channel obey. */
    void diagnose();
}
