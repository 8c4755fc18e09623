package io.drivebay.virtio.testguest;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.mmio.VirtioMmio;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine with one virtio-blk disk behind virtio-mmio registers, and a driver's knowledge of these, independent of the
 * device's. Its RAM begins at guest address 0; rings lie first, buffers from {@link #BUFFERS} on.
 */
public final class Machine implements AutoCloseable {
    public static final int RAM_BYTES = 4 << 20;
    public static final int BUFFERS = 1 << 20;
    public static final int DISK_BYTES = 1 << 20;

    public static final long VERSION_1 = 1L << 32;
    public static final long INDIRECT = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long RING_PACKED = 1L << 34;
    public static final long IN_ORDER = 1L << 35;
    public static final long NOTIFICATION_DATA = 1L << 38;
    public static final long NOTIF_CONFIG_DATA = 1L << 39;
    public static final long RING_RESET = 1L << 40;
    public static final long FLUSH = 1L << 9;
    public static final long CONFIG_WCE = 1L << 11;
    public static final long DISCARD = 1L << 13;
    public static final long WRITE_ZEROES = 1L << 14;
    public static final long LIFETIME = 1L << 15;
    public static final long SECURE_ERASE = 1L << 16;
    public static final long ZONED = 1L << 17;
    /** What most tests negotiate. */
    public static final long USUAL = VERSION_1 | INDIRECT | FLUSH | DISCARD | WRITE_ZEROES;

    public static final int IN = 0;
    public static final int OUT = 1;
    public static final int FLUSH_REQUEST = 4;
    public static final int GET_ID = 8;
    public static final int GET_LIFETIME = 10;
    public static final int DISCARD_REQUEST = 11;
    public static final int WRITE_ZEROES_REQUEST = 13;
    public static final int SECURE_ERASE_REQUEST = 14;
    public static final int ZONE_APPEND = 15;
    public static final int ZONE_REPORT = 16;
    public static final int ZONE_OPEN = 18;
    public static final int ZONE_RESET_ALL = 26;

    public static final int MAGIC = 0x00;
    public static final int DEVICE_FEATURES = 0x10;
    public static final int DEVICE_FEATURES_SEL = 0x14;
    public static final int DRIVER_FEATURES = 0x20;
    public static final int DRIVER_FEATURES_SEL = 0x24;
    public static final int QUEUE_SEL = 0x30;
    public static final int QUEUE_NUM_MAX = 0x34;
    public static final int QUEUE_NUM = 0x38;
    public static final int QUEUE_READY = 0x44;
    public static final int QUEUE_NOTIFY = 0x50;
    public static final int INTERRUPT_STATUS = 0x60;
    public static final int INTERRUPT_ACK = 0x64;
    public static final int STATUS = 0x70;
    public static final int QUEUE_RESET = 0xc0;
    public static final int CONFIG_GENERATION = 0xfc;
    public static final int CONFIG = 0x100;

    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int NEEDS_RESET = 64;

    private static final int RING_SPACE = 64 << 10;

    public final IoContext context;
    public final BlockLayer layer = new BlockLayer();
    public final BlockBackend backend;
    public final MemoryRegion ram = MemoryRegion.allocate(RAM_BYTES);
    public final GuestMemory memory = GuestMemory.of(ram);
    public final HeldDisk disk;
    public final VirtioBlk device;
    public final VirtioMmio mmio;
    public final AtomicInteger interrupts = new AtomicInteger();
    public volatile boolean line;
    private int nextHeader = BUFFERS / 2;

    public Machine(final BlkOptions options) {
        this(options, new HeldDisk(DISK_BYTES), 256);
    }

    public Machine(final BlkOptions options, final HeldDisk disk, final int ringCapacity) {
        this(IoContext.stepped("test", new VirtualClock()), options, disk, ringCapacity);
    }

    public Machine(final IoContext context, final BlkOptions options, final HeldDisk disk, final int ringCapacity) {
        this(context, options, disk, machine -> {
            final BlockBackend made = machine.layer.createBackend(context, ringCapacity);
            machine.layer.insertMedium(made, machine.node("disk", disk));
            return made;
        });
    }

    /** A machine whose disk is a drive of the layer's own, which {@code drive_del} can end. */
    public static Machine withDrive(
            final IoContext context, final String drive, final BlkOptions options, final HeldDisk disk) {
        return new Machine(
                context, options, disk, machine -> machine.layer.addDrive(drive, context, machine.node("disk", disk)));
    }

    private interface BackendMaker {
        BlockBackend make(Machine machine) throws BlockException;
    }

    private Machine(final IoContext context, final BlkOptions options, final HeldDisk disk, final BackendMaker maker) {
        this.context = context;
        this.disk = disk;
        try {
            backend = maker.make(this);
            device = VirtioBlk.attach(backend, memory, options);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
        mmio = new VirtioMmio(device, asserted -> {
            line = asserted;
            if (asserted) {
                interrupts.incrementAndGet();
            }
        });
    }

    /** Adds a node over a disk that passes discards on. */
    public BlockNode node(final String name, final HeldDisk driver) throws BlockException {
        return layer.addNode(name, context, NodeOptions.DEFAULTS.withDiscard(true), driver, Map.of());
    }

    /** Something that may be refused. */
    public interface Action {
        void run() throws BlockException;
    }

    /** Does something while the backend is drained, and lets the context work afterwards. */
    public void whileDrained(final Action action) throws BlockException {
        final BlockLayer.Drain drain = layer.drain(backend);
        try {
            action.run();
        } finally {
            drain.close();
        }
        context.runUntilIdle();
    }

    // ---- registers ----

    public int get(final int register) {
        return (int) mmio.read(register, 4);
    }

    public void set(final int register, final int value) {
        mmio.write(register, 4, Integer.toUnsignedLong(value));
    }

    /** Reads a configuration field. */
    public long config(final int offset, final int widthBytes) {
        return mmio.read(CONFIG + offset, widthBytes);
    }

    /** Status up to FEATURES_OK with a choice of features; returns the status that is read back. */
    public int negotiate(final long features) {
        set(STATUS, 0);
        set(STATUS, 1);
        set(STATUS, 1 | 2);
        set(DRIVER_FEATURES_SEL, 0);
        set(DRIVER_FEATURES, (int) features);
        set(DRIVER_FEATURES_SEL, 1);
        set(DRIVER_FEATURES, (int) (features >>> 32));
        set(STATUS, 1 | 2 | FEATURES_OK);
        return get(STATUS);
    }

    public static GuestRing ringAt(final MemoryRegion ram, final int queue, final int size) {
        ram.fill(queue * RING_SPACE, GuestRing.bytes(size), (byte) 0);
        return new GuestRing(ram, queue * RING_SPACE, size);
    }

    /** Sets a queue up with a zeroed ring. */
    public GuestRing enable(final int queue, final int size) {
        final GuestRing ring = ringAt(ram, queue, size);
        enable(queue, size, ring.descriptors(), ring.available(), ring.used());
        return ring;
    }

    public void enable(final int queue, final int size, final long descriptors, final long available, final long used) {
        set(QUEUE_SEL, queue);
        set(QUEUE_NUM, size);
        set(0x80, (int) descriptors);
        set(0x84, (int) (descriptors >>> 32));
        set(0x90, (int) available);
        set(0x94, (int) (available >>> 32));
        set(0xa0, (int) used);
        set(0xa4, (int) (used >>> 32));
        set(QUEUE_READY, 1);
    }

    public void driverOk() {
        set(STATUS, 1 | 2 | FEATURES_OK | DRIVER_OK);
    }

    /** Sets a queue of a form up with a zeroed ring. */
    public GuestQueue enable(final int queue, final int size, final GuestQueue.Form form) {
        ram.fill(queue * RING_SPACE, RING_SPACE, (byte) 0);
        final GuestQueue made = form.at(ram, queue * RING_SPACE, size);
        enable(queue, size, made.descriptors(), made.available(), made.used());
        return made;
    }

    /** Brings the device up with one queue of a form. */
    public GuestQueue start(final long features, final int size, final GuestQueue.Form form) {
        negotiate(features | form.feature());
        final GuestQueue made = enable(0, size, form);
        driverOk();
        context.runUntilIdle();
        return made;
    }

    /** Brings the device up with one split queue. */
    public GuestRing start(final long features, final int size) {
        negotiate(features);
        final GuestRing ring = enable(0, size);
        driverOk();
        context.runUntilIdle();
        return ring;
    }

    public void kick(final int queue) {
        set(QUEUE_NOTIFY, queue);
    }

    /** Kicks and lets the context work. */
    public void kickAndRun() {
        kick(0);
        context.runUntilIdle();
    }

    /** Offers a chain, kicks, and says how it was used, which it has to be. */
    public Used run(final GuestQueue queue, final Buffer... buffers) {
        queue.offer(buffers);
        kickAndRun();
        return Objects.requireNonNull(queue.poll(), "no buffer was used");
    }

    // ---- requests ----

    private int somewhereNew() {
        final int at = nextHeader;
        nextHeader = at + 32 < BUFFERS ? at + 32 : BUFFERS / 2;
        return at;
    }

    /** Writes a request header somewhere new. */
    public Buffer header(final int type, final long sector) {
        final int at = somewhereNew();
        headerAt(at, type, sector);
        return Buffer.readable(at, 16);
    }

    public void headerAt(final int at, final int type, final long sector) {
        ram.putInt(at, type);
        ram.putInt(at + 4, 0);
        ram.putLong(at + 8, sector);
    }

    /** A status byte somewhere new, preset to a value that no device writes. */
    public Buffer status() {
        final int at = somewhereNew();
        ram.putByte(at, (byte) 0xee);
        return Buffer.writable(at, 1);
    }

    /** The status byte in a buffer's last byte. */
    public int statusIn(final Buffer buffer) {
        return ram.getByte((int) buffer.address() + buffer.length() - 1) & 0xff;
    }

    @Override
    public void close() {
        try {
            disk.hold(false);
            if (context.started()) {
                context.run(disk::releaseAll);
            } else {
                disk.releaseAll();
            }
            if (backend.device() == device) {
                device.detach();
            }
            layer.close();
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        } finally {
            context.close();
        }
    }
}
