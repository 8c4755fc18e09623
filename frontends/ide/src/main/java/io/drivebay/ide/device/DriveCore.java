package io.drivebay.ide.device;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.request.BlockRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a disk and a packet drive have in common: registers, buffer, interrupt, the way to the backend, and what the drive
 * is doing at the moment. Knows no command. Everything under the channel's lock.
 */
public final class DriveCore {
    private final DriveOptions options;
    private final DriveSocket socket;
    private final TaskFile registers = new TaskFile();
    private final PioBuffer buffer = new PioBuffer();
    private final DiskPort port;
    private final List<DiskPort> ports = new ArrayList<>();

    private @Nullable Activity activity;
    private @Nullable Runnable afterCancel;
    private boolean interruptPending;
    private boolean hostWrites;
    private boolean wantsDma;

    public DriveCore(final DriveOptions options, final BlockBackend backend, final DriveSocket socket) {
        this.options = options;
        this.socket = socket;
        this.port = newPort(backend, this::ioDone);
    }

    /** One more way to the backend, for what goes on beside the commands. */
    public DiskPort newPort(final BlockBackend backend, final DiskPort.Client client) {
        final DiskPort added = new DiskPort(backend, socket.lock(), client, options.id());
        ports.add(added);
        return added;
    }

    public DriveOptions options() {
        return options;
    }

    public DriveSocket socket() {
        return socket;
    }

    public TaskFile registers() {
        return registers;
    }

    public PioBuffer buffer() {
        return buffer;
    }

    public DiskPort port() {
        return port;
    }

    /** Ends the drive's listening to its backend. */
    public void close() {
        ports.forEach(DiskPort::close);
    }

    // ---- interrupt ----

    public boolean interruptPending() {
        return interruptPending;
    }

    public void raise() {
        interruptPending = true;
        socket.interruptChanged();
    }

    public void acknowledge() {
        interruptPending = false;
        socket.interruptChanged();
    }

    // ---- commands ----

    /** True when a command may begin now. */
    public boolean idle() {
        return !registers.engaged();
    }

    /** A command begins: the interrupt of the one before is gone, and so is its error. */
    public void beginCommand() {
        acknowledge();
        registers.error(0);
        port.beginCommand();
    }

    /** The drive works on something that will end by itself. */
    public void work(final Activity newActivity) {
        activity = newActivity;
        wantsDma = false;
        registers.status(StatusBits.BSY | StatusBits.IDLE);
    }

    /** Ends the command with a status, and an interrupt. */
    public void end(final int status) {
        activity = null;
        wantsDma = false;
        registers.status(status);
        raise();
    }

    /** Ends the command without anybody's being told. */
    public void endSilently() {
        activity = null;
        wantsDma = false;
        registers.status(StatusBits.IDLE);
    }

    /** Offers bytes [from, from + length) of the buffer to the host, with an interrupt. */
    public void offer(final Activity newActivity, final int from, final int length) {
        activity = newActivity;
        hostWrites = false;
        wantsDma = false;
        buffer.window(from, length);
        registers.status(StatusBits.DRQ | StatusBits.IDLE);
        raise();
    }

    /** Wants bytes [from, from + length) of the buffer from the host; the caller raises the interrupt if there is one. */
    public void want(final Activity newActivity, final int from, final int length) {
        activity = newActivity;
        hostWrites = true;
        wantsDma = false;
        buffer.window(from, length);
        registers.status(StatusBits.DRQ | StatusBits.IDLE);
    }

    /** Asks for the bus master. */
    public void requestDma(final Activity newActivity) {
        activity = newActivity;
        wantsDma = true;
        buffer.window(0, 0);
        registers.status(StatusBits.DRQ | StatusBits.IDLE);
        socket.dma().request();
    }

    // ---- what the channel passes on ----

    public int readData(final int widthBytes) {
        if (activity == null || hostWrites || buffer.left() == 0) {
            return 0;
        }
        final int value = buffer.read(widthBytes);
        if (buffer.left() == 0) {
            activity.hostDrained();
        }
        return value;
    }

    public void writeData(final int widthBytes, final int value) {
        if (activity == null || !hostWrites || buffer.left() == 0) {
            return;
        }
        buffer.write(widthBytes, value);
        if (buffer.left() == 0) {
            activity.hostFilled();
        }
    }

    public void dmaStarted() {
        if (activity != null && wantsDma && !port.busy()) {
            activity.dmaReady();
        }
    }

    /** Gives a transfer by DMA up, if there is one, without an interrupt. */
    public void dmaStopped() {
        if (activity != null && wantsDma) {
            cancel(this::endSilently);
        }
    }

    /**
     * Gives up what is going on. What the backend has been given already is awaited first; BSY is set meanwhile.
     *
     * @param then what to do once nothing is on its way; may run within this call
     */
    public void cancel(final Runnable then) {
        activity = null;
        wantsDma = false;
        buffer.window(0, 0);
        if (port.takeBack()) {
            afterCancel = null;
            then.run();
        } else {
            registers.status(StatusBits.BSY);
            afterCancel = then;
        }
    }

    private void ioDone(final BlockRequest request) {
        final Runnable then = afterCancel;
        if (then != null) {
            afterCancel = null;
            then.run();
        } else if (activity != null) {
            activity.ioDone(request);
        }
    }

    // ---- the backend's calls; they take the lock ----

    public void drainBegin() {
        synchronized (socket.lock()) {
            ports.forEach(DiskPort::drainBegin);
        }
    }

    public void drainEnd() {
        synchronized (socket.lock()) {
            ports.forEach(DiskPort::drainEnd);
        }
    }

    public void runStateChanged(final boolean running) {
        if (running) {
            synchronized (socket.lock()) {
                ports.forEach(DiskPort::goOn);
            }
        }
    }
}
