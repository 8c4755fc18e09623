package io.drivebay.exports.vhost;

import io.drivebay.exports.vhost.MemoryTable.Description;
import io.drivebay.posix.EventFd;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UnixSocket;
import io.drivebay.virtio.DeviceStatus;
import io.drivebay.virtio.blk.VirtioBlk;
import org.jspecify.annotations.Nullable;

/** What the messages of a front-end do, one method each (vhost-user, "Front-end message types"). */
final class FrontEnd {
    private static final int RING_MASK = 0xff;
    private static final int NO_DESCRIPTOR = 0x100;
    private static final int CONFIG_HEADER_BYTES = 12;
    private static final int MOST_CONFIG_BYTES = 256;
    private static final int RING_STATE_BYTES = 8;

    private final Session session;
    private final VirtioBlk device;
    private final Rings rings;
    private long protocolFeatures;
    private int status;

    FrontEnd(final Session session, final VirtioBlk device, final Rings rings) {
        this.session = session;
        this.device = device;
        this.rings = rings;
    }

    /** True when the device is to look at its rings: the driver has said so, if it can. */
    boolean driverReady() {
        return !has(ProtocolFeatures.STATUS) || (status & DeviceStatus.DRIVER_OK) != 0;
    }

    boolean wantsConfigChanges() {
        return has(ProtocolFeatures.CONFIG) && has(ProtocolFeatures.BACKEND_REQ);
    }

    /** The driver is to find out that it must reset the device. */
    void needsReset() {
        status |= DeviceStatus.NEEDS_RESET;
    }

    private boolean has(final long feature) {
        return (protocolFeatures & feature) != 0;
    }

    /** Carries a message out, or begins to. */
    void handle(final Message message) throws ProtocolException, PosixException {
        final Request request = Request.of(message.code());
        if (request == null) {
            throw new ProtocolException("unknown message " + Integer.toUnsignedString(message.code()));
        }
        final String refusal = request.refusal(message.payloadBytes(), message.files(), protocolFeatures);
        if (refusal != null) {
            throw new ProtocolException(refusal);
        }
        switch (request) {
            case GET_FEATURES -> replyLong(message, offeredFeatures());
            case SET_FEATURES -> setFeatures(message.longAt(0));
            case GET_PROTOCOL_FEATURES -> replyLong(message, ProtocolFeatures.OFFERED);
            case SET_PROTOCOL_FEATURES -> setProtocolFeatures(message.longAt(0));
            case GET_QUEUE_NUM -> replyLong(message, device.queueCount());
            case SET_OWNER, RESET_OWNER, SET_LOG_FD -> {} // nobody else; deprecated; not needed
            case SET_MEM_TABLE -> setMemoryTable(message);
            case GET_MAX_MEM_SLOTS -> replyLong(message, MemoryTable.MOST_REGIONS);
            case ADD_MEM_REG -> changeMemory(() -> addRegion(message, Long.BYTES));
            case REM_MEM_REG -> changeMemory(() -> rings.memory().remove(Description.at(message, Long.BYTES)));
            case SET_LOG_BASE -> setLog(message);
            case GET_CONFIG -> getConfig(message);
            case SET_CONFIG -> setConfig(message);
            case SET_BACKEND_REQ_FD -> session.channel(new BackendChannel(UnixSocket.adopt(message.takeFile())));
            case GET_INFLIGHT_FD -> getInflight(message);
            case SET_INFLIGHT_FD -> setInflight(message);
            case RESET_DEVICE -> session.waitFor(rings::resetWhole, () -> status = 0);
            case SET_STATUS -> setStatus((int) message.longAt(0) & 0xff);
            case GET_STATUS -> replyLong(message, status);
            default -> handleRing(request, message);
        }
    }

    private void handleRing(final Request request, final Message message) throws ProtocolException, PosixException {
        final int index = message.intAt(0);
        final int value = message.intAt(4);
        switch (request) {
            case SET_VRING_NUM -> resting(index).size(positive(value));
            case SET_VRING_ADDR -> setRingPlace(index, message);
            case SET_VRING_BASE -> resting(index).position(value);
            case GET_VRING_BASE -> getRingBase(index, message);
            case SET_VRING_KICK -> setKick(message);
            case SET_VRING_CALL -> rings.ring(index & RING_MASK).call(event(message));
            case SET_VRING_ERR -> rings.ring(index & RING_MASK).error(event(message));
            case SET_VRING_ENABLE -> enableRing(index, value);
            default -> throw new IllegalStateException(request + " is not carried out");
        }
    }

    /** Says that a message was carried out, to those that asked for it. */
    void acknowledge(final Message message) throws ProtocolException, PosixException {
        final Request request = Request.of(message.code());
        if (request != null
                && request.answer() == Request.Answer.ACK
                && message.needsReply()
                && has(ProtocolFeatures.REPLY_ACK)) {
            replyLong(message, 0);
        }
    }

    private static void replyLong(final Message message, final long value) throws ProtocolException, PosixException {
        message.putLong(0, value).reply(Long.BYTES);
    }

    // ---- features ----

    private long offeredFeatures() {
        return (device.offeredFeatures() & ProtocolFeatures.OF_THE_DEVICE)
                | ProtocolFeatures.EXIST
                | ProtocolFeatures.LOG_ALL;
    }

    /** While rings run only the log may be turned on and off. */
    private void setFeatures(final long accepted) throws ProtocolException {
        if ((accepted & ~offeredFeatures()) != 0) {
            throw new ProtocolException("features 0x" + Long.toHexString(accepted) + " were not offered");
        }
        if (rings.anyRunning() && ((accepted ^ rings.features()) & ~ProtocolFeatures.LOG_ALL) != 0) {
            throw new ProtocolException("other features while queues are running");
        }
        session.whileStopped(() -> rings.features(accepted));
    }

    private void setProtocolFeatures(final long accepted) throws ProtocolException {
        if ((accepted & ~ProtocolFeatures.OFFERED) != 0) {
            throw new ProtocolException("protocol features 0x" + Long.toHexString(accepted) + " were not offered");
        }
        protocolFeatures = accepted;
    }

    private void setStatus(final int bits) throws ProtocolException {
        if (bits == 0) {
            session.waitFor(rings::resetWhole, () -> status = 0);
            return;
        }
        status = bits | (status & DeviceStatus.NEEDS_RESET);
        rings.startRunnable(driverReady());
    }

    // ---- memory ----

    private void setMemoryTable(final Message message) throws ProtocolException {
        final int count = message.intAt(0);
        final int start = 2 * Integer.BYTES;
        if (message.payloadBytes() != start + (long) count * Description.BYTES || message.files() != count) {
            throw new ProtocolException("a memory table of " + Integer.toUnsignedString(count) + " regions with "
                    + message.payloadBytes() + " bytes and " + message.files() + " descriptors");
        }
        changeMemory(() -> {
            rings.memory().close();
            for (int i = 0; i < count; i++) {
                addRegion(message, start + i * Description.BYTES);
            }
        });
    }

    private void addRegion(final Message message, final int offset) throws ProtocolException, PosixException {
        rings.memory().add(Description.at(message, offset), message.takeFile());
    }

    private void changeMemory(final Session.Step change) throws ProtocolException {
        session.whileStopped(() -> {
            change.run();
            device.guestMemory(rings.memory().toGuestMemory());
        });
    }

    private void setLog(final Message message) throws ProtocolException {
        session.whileStopped(() -> {
            rings.log(DirtyLog.map(message));
            replyLong(message, 0);
        });
    }

    // ---- requests in flight ----

    /** The answer is as long as the question: there are clients whose compiler fills the payload up to 24 bytes. */
    private void getInflight(final Message message) throws ProtocolException, PosixException {
        final long bytes = InflightRegion.bytes(message.shortAt(16), message.shortAt(18), rings.packed());
        try (MemoryFile file = MemoryFile.create("drivebay-inflight", bytes)) {
            message.putLong(0, bytes).putLong(8, 0).reply(message.payloadBytes(), file.fd());
        }
    }

    private void setInflight(final Message message) throws ProtocolException, PosixException {
        if (rings.anyRunning()) {
            throw new ProtocolException("an in-flight region while queues are running");
        }
        rings.inflight(InflightRegion.map(message.takeFile(), message, rings.packed()));
    }

    // ---- configuration ----

    private static int configBytes(final Message message) throws ProtocolException {
        final int offset = message.intAt(0);
        final int bytes = message.intAt(4);
        if (offset < 0
                || offset > MOST_CONFIG_BYTES
                || bytes < 0
                || bytes > MOST_CONFIG_BYTES
                || message.payloadBytes() != CONFIG_HEADER_BYTES + bytes) {
            throw new ProtocolException("configuration bytes from " + Integer.toUnsignedString(offset) + ", "
                    + Integer.toUnsignedString(bytes) + " of them, in " + message.payloadBytes());
        }
        return bytes;
    }

    private void getConfig(final Message message) throws ProtocolException, PosixException {
        final int bytes = configBytes(message);
        final int offset = message.intAt(0);
        int generation;
        do {
            generation = device.configGeneration();
            for (int i = 0; i < bytes; i++) {
                message.putByte(CONFIG_HEADER_BYTES + i, (int) device.readConfig(offset + i, 1));
            }
        } while (generation != device.configGeneration());
        message.reply(CONFIG_HEADER_BYTES + bytes);
    }

    private void setConfig(final Message message) throws ProtocolException {
        final int bytes = configBytes(message);
        for (int i = 0; i < bytes; i++) {
            device.writeConfig(message.intAt(0) + i, 1, message.byteAt(CONFIG_HEADER_BYTES + i));
        }
    }

    // ---- rings ----

    private Vring resting(final int index) throws ProtocolException {
        final Vring ring = rings.ring(index);
        if (ring.running()) {
            throw new ProtocolException("queue " + index + " is running");
        }
        return ring;
    }

    private int positive(final int size) throws ProtocolException {
        if (size < 1 || size > device.maxQueueSize()) {
            throw new ProtocolException(
                    "a queue of " + Integer.toUnsignedString(size) + "; the most is " + device.maxQueueSize());
        }
        return size;
    }

    /** A running ring may stay where it is and be logged from now on, or no longer. */
    private void setRingPlace(final int index, final Message message) throws ProtocolException {
        final Vring ring = rings.ring(index);
        final Vring.Place present = ring.place();
        final Vring.Place place = new Vring.Place(
                message.longAt(8), message.longAt(16), message.longAt(24), message.intAt(4), message.longAt(32));
        if (!ring.running()) {
            ring.place(place);
            rings.startRunnable(driverReady());
        } else if (present != null && present.sameRing(place)) {
            session.waitFor(then -> rings.stop(index, then), () -> ring.place(place));
        } else {
            throw new ProtocolException("queue " + index + " is running and cannot move");
        }
    }

    private void getRingBase(final int index, final Message message) throws ProtocolException {
        session.waitFor(then -> rings.stop(index, then), () -> {
            final Vring ring = rings.ring(index);
            ring.halt();
            message.putInt(4, ring.position()).reply(RING_STATE_BYTES);
        });
    }

    private @Nullable EventFd event(final Message message) throws ProtocolException, PosixException {
        final boolean none = (message.intAt(0) & NO_DESCRIPTOR) != 0;
        if (none == message.files() > 0) {
            throw new ProtocolException("a queue's event with " + message.files() + " descriptors where "
                    + (none ? "none" : "one") + " was announced");
        }
        return none ? null : EventFd.adopt(message.takeFile());
    }

    private void setKick(final Message message) throws ProtocolException, PosixException {
        final int index = message.intAt(0) & RING_MASK;
        rings.ring(index);
        rings.start(index, event(message));
        rings.startRunnable(driverReady());
    }

    private void enableRing(final int index, final int enabled) throws ProtocolException {
        if (enabled != 0 && enabled != 1) {
            throw new ProtocolException("queue " + index + " enabled by " + Integer.toUnsignedString(enabled));
        }
        final Vring ring = rings.ring(index);
        ring.enabled(enabled == 1);
        if (enabled == 1) {
            rings.startRunnable(driverReady());
        } else {
            session.waitFor(then -> rings.stop(index, then), () -> {});
        }
    }
}
