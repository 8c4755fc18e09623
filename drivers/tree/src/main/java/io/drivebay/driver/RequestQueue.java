package io.drivebay.driver;

import io.drivebay.backend.request.BlockRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a driver holds back, in the order of their arrival, each with a number of the driver's own.
 *
 * <p>Apart from {@link io.drivebay.backend.request.RequestList} because a request can be in one of those only, and is in
 * its backend's. Allocates nothing once it has grown to the longest queue it ever held. One thread only.
 */
public final class RequestQueue {
    private static final int INITIAL_CAPACITY = 16;

    private @Nullable BlockRequest[] requests = new BlockRequest[INITIAL_CAPACITY];
    private long[] values = new long[INITIAL_CAPACITY];
    private int head;
    private int size;

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** Appends a request with a number. */
    public void add(final BlockRequest request, final long value) {
        if (size == requests.length) {
            grow();
        }
        final int tail = (head + size) & (requests.length - 1);
        requests[tail] = request;
        values[tail] = value;
        size++;
    }

    private void grow() {
        final int old = requests.length;
        final @Nullable BlockRequest[] largerRequests = Arrays.copyOfRange(requests, head, head + 2 * old);
        final long[] largerValues = Arrays.copyOfRange(values, head, head + 2 * old);
        System.arraycopy(requests, 0, largerRequests, old - head, head);
        System.arraycopy(values, 0, largerValues, old - head, head);
        requests = largerRequests;
        values = largerValues;
        head = 0;
    }

    /** The oldest request; null when there is none. */
    public @Nullable BlockRequest peek() {
        return size == 0 ? null : requests[head];
    }

    /** The number of the oldest request; only while there is one. */
    public long peekValue() {
        if (size == 0) {
            throw new IllegalStateException("the queue is empty");
        }
        return values[head];
    }

    /** Takes the oldest request out; null when there is none. */
    public @Nullable BlockRequest poll() {
        if (size == 0) {
            return null;
        }
        final BlockRequest oldest = requests[head];
        requests[head] = null;
        head = (head + 1) & (requests.length - 1);
        size--;
        return oldest;
    }
}
