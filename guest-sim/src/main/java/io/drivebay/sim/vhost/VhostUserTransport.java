package io.drivebay.sim.vhost;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixSocket;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.virtio.VirtioTransport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Virtio over vhost-user: this side is the virtual machine monitor, and keeps the status register that the protocol does
 * not have.
 */
public final class VhostUserTransport implements VirtioTransport, AutoCloseable {
    /** Added to a guest physical address, gives the address at which this side pretends to see it. */
    private static final long USER_BASE = 0x7000_0000_0000L;

    // spotless:off
    private static final int GET_FEATURES          = 1;
    private static final int SET_FEATURES          = 2;
    private static final int SET_OWNER             = 3;
    private static final int SET_MEM_TABLE         = 5;
    private static final int SET_LOG_BASE          = 6;
    private static final int SET_VRING_NUM         = 8;
    private static final int SET_VRING_ADDR        = 9;
    private static final int SET_VRING_BASE        = 10;
    private static final int GET_VRING_BASE        = 11;
    private static final int SET_VRING_KICK        = 12;
    private static final int SET_VRING_CALL        = 13;
    private static final int GET_PROTOCOL_FEATURES = 15;
    private static final int SET_PROTOCOL_FEATURES = 16;
    private static final int GET_QUEUE_NUM         = 17;
    private static final int SET_VRING_ENABLE      = 18;
    private static final int SET_BACKEND_REQ_FD    = 21;
    private static final int GET_CONFIG            = 24;
    private static final int SET_CONFIG            = 25;
    private static final int GET_INFLIGHT_FD       = 31;
    private static final int SET_INFLIGHT_FD       = 32;
    private static final int RESET_DEVICE          = 34;
    private static final int SET_STATUS            = 39;
    private static final int GET_STATUS            = 40;

    private static final int MQ             = 0;
    private static final int LOG_SHMFD      = 1;
    private static final int REPLY_ACK      = 3;
    private static final int BACKEND_REQ    = 5;
    private static final int CONFIG         = 9;
    private static final int INFLIGHT_SHMFD = 12;
    private static final int DEVICE_RESET   = 13;
    private static final int STATUS         = 16;
    // spotless:on

    private static final long PROTOCOL_FEATURES = 1L << 30;
    private static final long LOG_ALL = 1L << 26;
    private static final long RING_PACKED = 1L << 34;
    private static final long WANTED = 1L << MQ
            | 1L << LOG_SHMFD
            | 1L << REPLY_ACK
            | 1L << BACKEND_REQ
            | 1L << CONFIG
            | 1L << INFLIGHT_SHMFD
            | 1L << DEVICE_RESET
            | 1L << STATUS;
    /** Both places at the first descriptor, with wrap counters of 1. */
    private static final int PACKED_BEGINNING = 0x8000_8000;

    private static final int CONFIG_CHANGED = 2;
    private static final int BLOCK_DEVICE = 2;
    private static final int MOST_QUEUE_SIZE = 1024;
    private static final int DRIVER_OK = 4;
    private static final int FEATURES_OK = 8;
    private static final int NEEDS_RESET = 64;
    private static final int CONFIG_HEADER = 12;
    private static final int LEAST_CONFIG = 60;
    private static final int REGION = 32;

    private final SharedMemory memory;
    private final List<QueueEnds> queues = new ArrayList<>();
    private VhostUserSocket socket;
    private @Nullable VhostUserSocket backendSocket;
    private @Nullable PosixFile inflight;
    private long protocolFeatures;
    private long offered;
    private long accepted;
    private int status;
    private int generation;

    private VhostUserTransport(final SharedMemory memory, final VhostUserSocket socket) {
        this.memory = memory;
        this.socket = socket;
    }

    /** Connects to a back-end and passes it a guest's memory. */
    public static VhostUserTransport connect(final String path, final SharedMemory memory) throws PosixException {
        final VhostUserTransport transport = new VhostUserTransport(memory, VhostUserSocket.connect(path));
        try {
            transport.greet();
        } catch (final PosixException | RuntimeException e) {
            transport.close();
            throw e;
        }
        return transport;
    }

    /** After the back-end has died: connects to its successor and goes on where it was. */
    public void reconnect(final String path) throws PosixException {
        closeSockets();
        socket = VhostUserSocket.connect(path);
        greet();
        setFeatures();
        final PosixFile region = inflight;
        if (region != null) {
            passInflight(region);
        }
        for (int i = 0; i < queues.size(); i++) {
            if (queues.get(i).ready) {
                start(i, usedIndex(queues.get(i)));
            }
        }
        sendStatus();
        queues.forEach(queue -> queue.kick.signal());
    }

    private void greet() throws PosixException {
        socket.send(SET_OWNER, 0);
        offered = askLong(GET_FEATURES);
        if ((offered & PROTOCOL_FEATURES) != 0) {
            protocolFeatures = askLong(GET_PROTOCOL_FEATURES) & WANTED;
            socket.putLong(0, protocolFeatures).send(SET_PROTOCOL_FEATURES, Long.BYTES);
        }
        final long count = has(MQ) ? askLong(GET_QUEUE_NUM) : 1;
        while (queues.size() < count) {
            queues.add(new QueueEnds());
        }
        if (has(BACKEND_REQ)) {
            final UnixSocket[] pair = UnixSocket.pair();
            backendSocket = VhostUserSocket.of(pair[0]);
            try (UnixSocket theirs = pair[1]) {
                confirm(SET_BACKEND_REQ_FD, 0, theirs.fd());
            }
        }
        passMemory();
    }

    private boolean has(final int protocolFeature) {
        return (protocolFeatures & 1L << protocolFeature) != 0;
    }

    private long askLong(final int request) throws PosixException {
        socket.ask(request, 0);
        return socket.getLong(0);
    }

    /** Sends a message and, where that is possible, waits until it has been carried out. */
    private void confirm(final int request, final int payloadBytes, final int... descriptors) throws PosixException {
        if (has(REPLY_ACK)) {
            socket.sendAndConfirm(request, payloadBytes, descriptors);
        } else {
            socket.send(request, payloadBytes, descriptors);
        }
    }

    private void passMemory() throws PosixException {
        final List<GuestMemory.Range> ranges = memory.ram().ranges();
        final int[] files = new int[ranges.size()];
        socket.putInt(0, ranges.size()).putInt(4, 0);
        long offset = 0;
        for (int i = 0; i < files.length; i++) {
            final GuestMemory.Range range = ranges.get(i);
            final int at = 8 + REGION * i;
            socket.putLong(at, range.address()).putLong(at + 8, range.region().size());
            socket.putLong(at + 16, USER_BASE + range.address()).putLong(at + 24, offset);
            files[i] = memory.file().fd();
            offset += range.region().size();
        }
        confirm(SET_MEM_TABLE, 8 + REGION * files.length, files);
    }

    private void setFeatures() throws PosixException {
        final long features = accepted | (offered & PROTOCOL_FEATURES);
        socket.putLong(0, features);
        confirm(SET_FEATURES, Long.BYTES);
    }

    private void askForInflight() throws PosixException {
        socket.putLong(0, 0).putLong(8, 0).putInt(16, queues.size() | (MOST_QUEUE_SIZE << Short.SIZE));
        socket.ask(GET_INFLIGHT_FD, 20);
        final PosixFile region = socket.takeFile();
        inflight = region;
        passInflight(region);
    }

    private void passInflight(final PosixFile region) throws PosixException {
        final long bytes = region.status().sizeBytes();
        socket.putLong(0, bytes).putLong(8, 0).putInt(16, queues.size() | (MOST_QUEUE_SIZE << Short.SIZE));
        confirm(SET_INFLIGHT_FD, 20, region.fd());
    }

    private void forgetInflight() {
        final PosixFile region = inflight;
        inflight = null;
        if (region != null) {
            region.close();
        }
    }

    private void start(final int index, final int base) throws PosixException {
        final QueueEnds queue = queues.get(index);
        socket.putInt(0, index).putInt(4, queue.size).send(SET_VRING_NUM, 8);
        socket.putInt(0, index).putInt(4, base).send(SET_VRING_BASE, 8);
        describe(index, queue, 0);
        socket.putLong(0, index).send(SET_VRING_CALL, 8, queue.call.fd());
        socket.putLong(0, index).send(SET_VRING_KICK, 8, queue.kick.fd());
        if ((offered & PROTOCOL_FEATURES) != 0) {
            socket.putInt(0, index).putInt(4, 1);
            confirm(SET_VRING_ENABLE, 8);
        }
    }

    private void describe(final int index, final QueueEnds queue, final int flags) throws PosixException {
        final QueueAddresses addresses = queue.addresses;
        socket.putInt(0, index).putInt(4, flags).putLong(8, USER_BASE + addresses.descriptors());
        socket.putLong(16, USER_BASE + addresses.deviceArea()).putLong(24, USER_BASE + addresses.driverArea());
        socket.putLong(32, addresses.deviceArea());
        confirm(SET_VRING_ADDR, 40);
    }

    /** What the driver has seen of a queue that has lost its device; of a packed one the successor knows better. */
    private int usedIndex(final QueueEnds queue) {
        if ((accepted & RING_PACKED) != 0) {
            return PACKED_BEGINNING;
        }
        final GuestBuffer used = memory.ram().at(queue.addresses.deviceArea(), 4);
        return used.region().getShort(used.offset() + 2) & 0xffff;
    }

    private int stop(final int index) throws PosixException {
        queues.get(index).ready = false;
        socket.putInt(0, index).putInt(4, 0).ask(GET_VRING_BASE, 8);
        return socket.getInt(4);
    }

    private void sendStatus() throws PosixException {
        if (has(STATUS)) {
            socket.putLong(0, status);
            confirm(SET_STATUS, Long.BYTES);
        }
    }

    /** Stops a queue, and says where; it can be started there again by {@link #resumeQueue}. */
    public synchronized int pauseQueue(final int index) {
        return Exchange.speak(() -> stop(index));
    }

    /** Starts a queue again that was paused. */
    public synchronized void resumeQueue(final int index, final int base) {
        Exchange.speak(() -> {
            queues.get(index).ready = true;
            start(index, base);
            queues.get(index).kick.signal();
            return base;
        });
    }

    /**
     * Has the back-end mark every page of 4096 bytes that it writes from now on, as a live migration does.
     *
     * @param bitmap a bit for each page
     */
    public synchronized void logWrites(final MemoryFile bitmap) {
        Exchange.speak(() -> {
            socket.putLong(0, bitmap.sizeBytes()).putLong(8, 0).ask(SET_LOG_BASE, 16, bitmap.fd());
            socket.putLong(0, accepted | (offered & PROTOCOL_FEATURES) | LOG_ALL);
            confirm(SET_FEATURES, Long.BYTES);
            for (int i = 0; i < queues.size(); i++) {
                if (queues.get(i).ready) {
                    describe(i, queues.get(i), 1);
                }
            }
            return 0;
        });
    }

    /** Passes the memory anew, while queues run. */
    public synchronized void passMemoryAgain() {
        Exchange.speak(() -> {
            passMemory();
            return 0;
        });
    }

    // ---- as a driver sees it ----

    @Override
    public int deviceId() {
        return BLOCK_DEVICE;
    }

    @Override
    public long deviceFeatures() {
        return offered & ~PROTOCOL_FEATURES;
    }

    @Override
    public void driverFeatures(final long features) {
        accepted = features;
    }

    @Override
    public synchronized int status() {
        return has(STATUS) && (status & DRIVER_OK) != 0
                ? status | (Exchange.speak(() -> (int) askLong(GET_STATUS)) & NEEDS_RESET)
                : status;
    }

    @Override
    public synchronized void status(final int bits) {
        Exchange.speak(() -> {
            final int added = bits & ~status;
            if (bits == 0) {
                reset();
            } else if ((added & FEATURES_OK) != 0) {
                setFeatures();
                if (has(INFLIGHT_SHMFD)) {
                    askForInflight();
                }
            }
            status = bits;
            if (bits == 0 || (added & DRIVER_OK) != 0) {
                sendStatus();
            }
            return bits;
        });
    }

    private void reset() throws PosixException {
        for (int i = 0; i < queues.size(); i++) {
            if (queues.get(i).ready) {
                stop(i);
            }
        }
        if (has(DEVICE_RESET)) {
            confirm(RESET_DEVICE, 0);
        }
        forgetInflight();
    }

    @Override
    public int queueSizeMax(final int queue) {
        return queue < queues.size() ? MOST_QUEUE_SIZE : 0;
    }

    @Override
    public boolean queueReady(final int queue) {
        return queues.get(queue).ready;
    }

    @Override
    public synchronized void enableQueue(final int index, final int size, final QueueAddresses addresses) {
        final QueueEnds queue = queues.get(index);
        queue.size = size;
        queue.addresses = addresses;
        queue.ready = true;
        final int base = (accepted & RING_PACKED) == 0 ? 0 : PACKED_BEGINNING;
        Exchange.speak(() -> {
            start(index, base);
            return base;
        });
    }

    /** A back-end is not told of the reset of a queue, only that it is to stop. */
    @Override
    public synchronized void resetQueue(final int queue) {
        if (queues.get(queue).ready) {
            Exchange.speak(() -> stop(queue));
        }
    }

    @Override
    public boolean queueResetting(final int queue) {
        return false;
    }

    @Override
    public void notify(final int queue) {
        queues.get(queue).kick.signal();
    }

    /** An event descriptor carries no data. */
    @Override
    public void notify(final int queue, final int next) {
        notify(queue);
    }

    /** From the beginning: there are back-ends that take no notice of where to read from. */
    @Override
    public synchronized int config(final int offset, final int widthBytes) {
        return Exchange.speak(() -> {
            final int bytes = Math.max(LEAST_CONFIG, offset + widthBytes);
            socket.putInt(0, 0).putInt(4, bytes).putInt(8, 0);
            for (int i = 0; i < bytes; i++) {
                socket.putByte(CONFIG_HEADER + i, 0);
            }
            socket.ask(GET_CONFIG, CONFIG_HEADER + bytes);
            int value = 0;
            for (int i = 0; i < widthBytes; i++) {
                value |= socket.getByte(CONFIG_HEADER + offset + i) << (Byte.SIZE * i);
            }
            return value;
        });
    }

    @Override
    public synchronized void config(final int offset, final int widthBytes, final int value) {
        Exchange.speak(() -> {
            socket.putInt(0, offset).putInt(4, widthBytes).putInt(8, 0);
            for (int i = 0; i < widthBytes; i++) {
                socket.putByte(CONFIG_HEADER + i, value >>> (Byte.SIZE * i));
            }
            confirm(SET_CONFIG, CONFIG_HEADER + widthBytes);
            return value;
        });
    }

    /** The protocol tells of changes, and counts nothing. */
    @Override
    public synchronized int configGeneration() {
        return Exchange.speak(() -> {
            final VhostUserSocket backend = backendSocket;
            while (backend != null && backend.poll() == CONFIG_CHANGED) {
                generation++;
            }
            return generation;
        });
    }

    // ---- interrupts ----

    @Override
    public int takeInterrupt() {
        return 0;
    }

    @Override
    public int interruptEvents() {
        return configGeneration();
    }

    @Override
    public boolean interruptAsserted() {
        return false;
    }

    @Override
    public void awaitInterrupt(final int seen, final long timeoutNs) {
        awaitInterrupt(0, seen, timeoutNs);
    }

    @Override
    public int interruptEvents(final int queue) {
        return queues.get(queue).interrupts;
    }

    /** One thread for each queue. */
    @Override
    public void awaitInterrupt(final int queue, final int seen, final long timeoutNs) {
        final QueueEnds waiting = queues.get(queue);
        if (waiting.interrupts == seen && Exchange.speak(() -> waiting.epoll.await(timeoutNs)) > 0) {
            waiting.call.drain();
            waiting.interrupts = seen + 1;
        }
    }

    /** The most queues that the device has. */
    public int queueCount() {
        return queues.size();
    }

    private void closeSockets() {
        socket.close();
        final VhostUserSocket backend = backendSocket;
        backendSocket = null;
        if (backend != null) {
            backend.close();
        }
    }

    @Override
    public synchronized void close() {
        closeSockets();
        forgetInflight();
        queues.forEach(QueueEnds::close);
    }
}
