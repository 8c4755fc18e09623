package io.drivebay.ide.channel;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.request.IoVector;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveSocket;
import io.drivebay.ide.device.IdeDevice;
import io.drivebay.ide.device.IdeDevice.Reset;
import io.drivebay.ide.device.Register;
import io.drivebay.ide.device.TaskFile;
import io.drivebay.ide.dma.BusMaster;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An IDE channel: command block (ports 1F0 or 170), control block (3F6 or 376), bus master, two sockets, one interrupt.
 *
 * <p>The channel has the lock that its chips do not have. A vCPU's thread takes it for each access; the backend's context
 * takes it to tell of a completion, a drain, a new medium; a control thread takes it to move a tray. It is held for a
 * few register writes and never while anybody waits, and the interrupt line is set under it, so that level and registers
 * never disagree.
 */
public final class IdeChannel {
    private static final int INTERRUPTS_OFF = 0x02;
    private static final int SOFT_RESET = 0x04;
    private static final int HOB = 0x80;
    private static final int DATA = 0;
    private static final int DEVICE = 6;
    private static final int DRIVES = 2;
    private static final int NO_BYTE_HERE = 0xff;

    private final Object lock = new Object();
    private final InterruptLine line;
    private final BusMaster master;
    private final @Nullable IdeDevice[] drives = new @Nullable IdeDevice[DRIVES];
    private final Socket[] sockets = {new Socket(0), new Socket(1)};
    private int selected;
    private int control;
    private boolean asserted;

    /**
     * A channel without drives.
     *
     * @param line IRQ 14 or 15, or a pin
     * @param memory what the bus master may reach
     * @param deviations how the channel differs from the standards
     */
    public IdeChannel(final InterruptLine line, final GuestMemory memory, final Set<Deviation> deviations) {
        this.line = line;
        this.master = new BusMaster(memory, deviations);
    }

    /** Where a drive is plugged in: 0 or 1. */
    public DriveSocket socket(final int unit) {
        return sockets[unit];
    }

    /** Puts a drive, made for that socket, into it; null takes it out. */
    public void plug(final int unit, final @Nullable IdeDevice drive) {
        synchronized (lock) {
            drives[unit] = drive;
            updateLine();
        }
    }

    // ---- the guest's side ----

    /** Reads the command block: offset 0 to 7; widths other than 1 are for the data register. */
    public int readCommandBlock(final int offset, final int widthBytes) {
        synchronized (lock) {
            final IdeDevice drive = drives[selected];
            if ((offset & 7) == DATA) {
                return readData(drive, widthBytes);
            }
            if (drive == null) {
                return absent(offset);
            }
            final Register register = Register.forRead(offset, (control & HOB) != 0);
            final int value = drive.read(register);
            if (register == Register.STATUS) {
                drive.acknowledge();
            }
            return value;
        }
    }

    private static int readData(final @Nullable IdeDevice drive, final int widthBytes) {
        if (widthBytes == 1) {
            return NO_BYTE_HERE;
        }
        return drive == null ? 0 : drive.readData(widthBytes);
    }

    /** What an absent drive's registers show: nothing (I2); with the device bit that the guest has written. */
    private int absent(final int offset) {
        return (offset & 7) == DEVICE && drives[1 - selected] != null
                ? TaskFile.OBSOLETE | (selected == 1 ? TaskFile.DEVICE_1 : 0)
                : 0;
    }

    /** Writes the command block: offset 0 to 7; widths other than 1 are for the data register. */
    public void writeCommandBlock(final int offset, final int widthBytes, final int value) {
        synchronized (lock) {
            final Register register = Register.forWrite(offset);
            switch (register) {
                case DATA -> writeData(widthBytes, value);
                case COMMAND -> command(value & 0xff);
                default -> writeParameter(register, value & 0xff);
            }
        }
    }

    private void writeData(final int widthBytes, final int value) {
        final IdeDevice drive = drives[selected];
        if (drive != null && widthBytes > 1) {
            drive.writeData(widthBytes, value);
        }
    }

    private void command(final int opcode) {
        final IdeDevice drive = drives[selected];
        if (drive != null) {
            control &= ~HOB;
            drive.command(opcode);
        }
    }

    /** Both drives hear a parameter; while the selected one is at work nobody does. */
    private void writeParameter(final Register register, final int value) {
        control &= ~HOB;
        final IdeDevice now = drives[selected];
        if (now != null && engaged(now)) {
            return;
        }
        for (final IdeDevice drive : drives) {
            if (drive != null) {
                drive.write(register, value);
            }
        }
        if (register == Register.DEVICE) {
            selected = (value & TaskFile.DEVICE_1) != 0 ? 1 : 0;
            updateLine();
        }
    }

    private static boolean engaged(final IdeDevice drive) {
        return (drive.read(Register.STATUS) & 0x88) != 0;
    }

    /** Reads the alternate status: the interrupt stays. */
    public int readControlBlock() {
        synchronized (lock) {
            final IdeDevice drive = drives[selected];
            return drive == null ? 0 : drive.read(Register.ALTERNATE_STATUS);
        }
    }

    /** Writes the device control register: nIEN, SRST, HOB. */
    public void writeControlBlock(final int value) {
        synchronized (lock) {
            final boolean was = (control & SOFT_RESET) != 0;
            final boolean is = (value & SOFT_RESET) != 0;
            control = value & 0xff;
            if (is && !was) {
                reset(Reset.SOFTWARE_BEGIN);
            } else if (was && !is) {
                reset(Reset.SOFTWARE_END);
            }
            updateLine();
        }
    }

    private void reset(final Reset kind) {
        master.forget();
        selected = 0;
        for (final IdeDevice drive : drives) {
            if (drive != null) {
                drive.reset(kind);
            }
        }
    }

    /** The bus's reset line, or with POWER_ON the power: drives, device control and bus master start over. */
    public void hardReset(final Reset kind) {
        synchronized (lock) {
            control = 0;
            master.reset();
            reset(kind);
            updateLine();
        }
    }

    /** Reads one byte of the bus master's registers. */
    public int readBusMaster(final int offset) {
        synchronized (lock) {
            return master.read(offset);
        }
    }

    /** Writes one byte of the bus master's registers. */
    public void writeBusMaster(final int offset, final int value) {
        synchronized (lock) {
            master.write(offset, value);
        }
    }

    /** Whether the PCI function may master the bus. */
    public void busMastering(final boolean enabled) {
        synchronized (lock) {
            master.mastering(enabled);
        }
    }

    // ---- the interrupt ----

    private void updateLine() {
        final IdeDevice drive = drives[selected];
        final boolean wanted = drive != null && drive.interruptPending() && (control & INTERRUPTS_OFF) == 0;
        if (wanted && !asserted) {
            master.interrupt();
        }
        if (wanted != asserted) {
            asserted = wanted;
            line.set(wanted);
        }
    }

    /** One of the two places. */
    private final class Socket implements DriveSocket, DmaPort {
        private final int unit;

        Socket(final int unit) {
            this.unit = unit;
        }

        @Override
        public Object lock() {
            return lock;
        }

        @Override
        public boolean second() {
            return unit == 1;
        }

        @Override
        public void interruptChanged() {
            updateLine();
        }

        @Override
        public DmaPort dma() {
            return this;
        }

        @Override
        public void diagnose() {
            selected = 0;
            for (final IdeDevice drive : drives) {
                if (drive != null) {
                    drive.diagnose();
                }
            }
        }

        @Override
        public void request() {
            final IdeDevice drive = drives[unit];
            if (drive != null) {
                master.request(drive);
            }
        }

        @Override
        public int next(final IoVector vector, final int bytes) {
            return master.next(vector, bytes);
        }

        @Override
        public boolean moves() {
            return master.moves();
        }

        @Override
        public void finish() {
            master.finish();
        }

        @Override
        public void exhausted() {
            master.exhausted();
        }

        @Override
        public void fail(final boolean memoryMissing) {
            master.fail(memoryMissing);
        }
    }
}
