package io.drivebay.exports.vhost;

import io.drivebay.posix.EventFd;
import io.drivebay.posix.FdWatch;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.Virtqueue;
import org.jspecify.annotations.Nullable;

/** One ring as a client has described it, and its event descriptors. The context's thread. */
final class Vring {
    /** In the flags of {@link #place}: writes to the used ring are to be logged. */
    static final int LOG_USED = 1;

    /**
     * Where a ring lies, as SET_VRING_ADDR says it.
     *
     * @param descriptors the client's own address
     * @param used the client's own address
     * @param available the client's own address
     * @param flags {@link #LOG_USED}
     * @param logAddress guest physical address of the used ring
     */
    record Place(long descriptors, long used, long available, int flags, long logAddress) {
        boolean sameRing(final Place other) {
            return descriptors == other.descriptors && used == other.used && available == other.available;
        }
    }

    private int size;
    private int position;
    private @Nullable Place place;
    private @Nullable EventFd kick;
    private @Nullable FdWatch kickWatch;
    private @Nullable EventFd call;
    private @Nullable EventFd error;
    private boolean started;
    private boolean enabled;
    private @Nullable Virtqueue running;

    // ---- as described ----

    int size() {
        return size;
    }

    void size(final int newSize) {
        size = newSize;
    }

    int position() {
        return position;
    }

    void position(final int newPosition) {
        position = newPosition;
    }

    @Nullable
    Place place() {
        return place;
    }

    void place(final Place newPlace) {
        place = newPlace;
    }

    void enabled(final boolean isEnabled) {
        enabled = isEnabled;
    }

    /**
     * The client wants it looked at: it kicks through a descriptor, or has it polled.
     *
     * @param newKick null when it has it polled
     */
    void start(final @Nullable EventFd newKick, final @Nullable FdWatch newWatch) {
        stopWatching();
        kick = newKick;
        kickWatch = newWatch;
        started = true;
    }

    void call(final @Nullable EventFd newCall) {
        close(call);
        call = newCall;
    }

    void error(final @Nullable EventFd newError) {
        close(error);
        error = newError;
    }

    /** True when everything is there that it takes to run. */
    boolean runnable() {
        return started && enabled && size > 0 && place != null;
    }

    /** True when the client kicks by no descriptor. */
    boolean polled() {
        return started && kick == null;
    }

    /** The ring's place in the guest's memory; parts outside all of it are at a negative address. */
    QueueLayout layout(final MemoryTable memory) {
        final Place known = place;
        if (known == null) {
            throw new IllegalStateException("a ring that is nowhere");
        }
        return new QueueLayout(
                size,
                memory.guestAddress(known.descriptors()),
                memory.guestAddress(known.available()),
                memory.guestAddress(known.used()));
    }

    // ---- running ----

    boolean running() {
        return running != null;
    }

    void running(final Virtqueue ring) {
        running = ring;
    }

    /** The device is done with the ring; where it stopped is where it goes on. */
    void stopped() {
        final Virtqueue ring = running;
        if (ring != null) {
            position = ring.position();
            running = null;
        }
    }

    /** Forgets where it stopped: the device was reset. */
    void dropped() {
        running = null;
    }

    /** The client has stopped it: it starts again by another kick descriptor. */
    void halt() {
        stopWatching();
        started = false;
    }

    /** Tells the driver of used buffers. */
    void notifyDriver() {
        final EventFd target = call;
        if (target != null) {
            target.signal();
        }
    }

    /** Tells the client that the ring makes no sense. */
    void notifyError() {
        final EventFd target = error;
        if (target != null) {
            target.signal();
        }
    }

    private void stopWatching() {
        if (kickWatch != null) {
            kickWatch.close();
            kickWatch = null;
        }
        close(kick);
        kick = null;
    }

    private static void close(final @Nullable EventFd event) {
        if (event != null) {
            event.close();
        }
    }

    /** Gives the descriptors back. */
    void close() {
        stopWatching();
        call(null);
        error(null);
        started = false;
    }
}
