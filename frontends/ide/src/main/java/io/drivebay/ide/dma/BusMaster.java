package io.drivebay.ide.dma;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.request.IoVector;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.IdeDevice;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bus master of one channel: eight bytes of registers, as Intel's PIIX has them (I7).
 *
 * <pre>
 *  +0  command  bit 0 start, bit 3 direction (1: to memory)
 *  +2  status   bit 0 active, bit 1 error (written 1: cleared), bit 2 interrupt (so too), bits 5 and 6 storage
 *  +4  table    u32, bits 0 and 1 zero
 * </pre>
 *
 * <p>Everything under the channel's lock.
 */
public final class BusMaster {
    /** Size of the registers in bytes. */
    public static final int WINDOW_BYTES = 8;

    private static final int COMMAND = 0;
    private static final int STATUS = 2;
    private static final int TABLE = 4;

    private static final int START = 1;
    private static final int COMMAND_BITS = 1 << 3 | START;
    private static final int ACTIVE = 1;
    private static final int ERROR = 1 << 1;
    private static final int INTERRUPT = 1 << 2;
    private static final int STORAGE = 1 << 5 | 1 << 6;

    private final PrdTable table;
    private final boolean pretends;
    private final boolean goesOn;
    private int command;
    private int status;
    private int tableAddress;
    private boolean mastering;
    private @Nullable IdeDevice waiting;
    /** Stopped by the guest, but active until the transfer that goes on has ended. */
    private boolean stopping;

    /**
     * A bus master, which may not master the bus yet.
     *
     * @param deviations how it differs from the standards
     */
    public BusMaster(final GuestMemory memory, final Set<Deviation> deviations) {
        this.table = new PrdTable(memory);
        this.pretends = deviations.contains(Deviation.DMA_WITHOUT_MASTERING_SUCCEEDS);
        this.goesOn = deviations.contains(Deviation.STOPPED_DMA_GOES_ON);
    }

    /** Whether PCI's command register lets the function master the bus. */
    public void mastering(final boolean enabled) {
        mastering = enabled;
    }

    // ---- the guest's side ----

    /** Reads one byte of the registers. */
    public int read(final int offset) {
        return switch (offset) {
            case COMMAND -> command;
            case STATUS -> status;
            case TABLE, TABLE + 1, TABLE + 2, TABLE + 3 -> (tableAddress >> (8 * (offset - TABLE))) & 0xff;
            default -> 0;
        };
    }

    /** Writes one byte of the registers. */
    public void write(final int offset, final int value) {
        switch (offset) {
            case COMMAND -> writeCommand(value & COMMAND_BITS);
            case STATUS -> status = (value & STORAGE) | (status & ACTIVE) | (status & ~value & (ERROR | INTERRUPT));
            case TABLE, TABLE + 1, TABLE + 2, TABLE + 3 -> {
                final int shift = 8 * (offset - TABLE);
                tableAddress = ((tableAddress & ~(0xff << shift)) | ((value & 0xff) << shift)) & ~3;
            }
            default -> {}
        }
    }

    private void writeCommand(final int value) {
        final boolean starts = (value & START) != 0;
        final boolean ran = (command & START) != 0;
        command = value;
        if (starts && !ran) {
            start();
        } else if (ran && !starts) {
            stop();
        }
    }

    private void start() {
        if (stopping) {
            stopping = false;
            return;
        }
        status |= ACTIVE;
        table.begin(Integer.toUnsignedLong(tableAddress));
        if (waiting != null) {
            waiting.dmaStarted();
        }
    }

    private void stop() {
        final IdeDevice drive = (status & ACTIVE) != 0 ? waiting : null;
        if (drive != null && goesOn) {
            stopping = true;
            return;
        }
        status &= ~ACTIVE;
        if (drive != null) {
            drive.dmaStopped();
            waiting = null;
        }
    }

    /* Nobody wants the master any more; one that was stopped meanwhile goes idle. */
    private void letGo() {
        waiting = null;
        if (stopping) {
            stopping = false;
            status &= ~ACTIVE;
        }
    }

    /** The channel's interrupt line has risen. */
    public void interrupt() {
        status |= INTERRUPT;
    }

    /** A reset of the function: all registers zero. */
    public void reset() {
        command = 0;
        status = 0;
        tableAddress = 0;
        letGo();
    }

    /** The drives have been reset: whoever wanted the master does not any more. */
    public void forget() {
        letGo();
    }

    // ---- the drive's side ----

    /** A drive asks for its transfer; the other methods are this drive's until it has ended. */
    public void request(final IdeDevice drive) {
        waiting = drive;
        if ((status & ACTIVE) != 0) {
            drive.dmaStarted();
        }
    }

    /** As {@link DmaPort#next}. */
    public int next(final IoVector vector, final int bytes) {
        return mastering ? table.next(vector, bytes) : DmaPort.NOWHERE;
    }

    /** As {@link DmaPort#moves}. */
    public boolean moves() {
        return mastering || !pretends;
    }

    /** As {@link DmaPort#finish}: the master stays active when the table lists more than was wanted. */
    public void finish() {
        letGo();
        if (moves() && table.used()) {
            status &= ~ACTIVE;
        }
    }

    /** As {@link DmaPort#exhausted}. */
    public void exhausted() {
        letGo();
        status &= ~ACTIVE;
    }

    /** As {@link DmaPort#fail}: missing memory sets the error bit. */
    public void fail(final boolean memoryMissing) {
        letGo();
        status = (status & ~ACTIVE) | (memoryMissing ? ERROR : 0);
    }
}
