package io.drivebay.backend.request;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out list of requests linked through the requests themselves: no allocation, removal from any place.
 *
 * <p>A request is in one list at a time, and while it is on its way that is the layer's own: a driver that holds requests
 * back keeps them in a queue of its own. One thread only.
 */
public final class RequestList {
    private @Nullable BlockRequest head;
    private @Nullable BlockRequest tail;
    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return head == null;
    }

    /** The oldest request; null when empty. */
    public @Nullable BlockRequest peek() {
        return head;
    }

    /** Appends a request that is in no list. */
    public void add(final BlockRequest request) {
        if (request.list != null) {
            throw new IllegalStateException("already in a list: " + request);
        }
        request.list = this;
        request.previous = tail;
        request.next = null;
        if (tail == null) {
            head = request;
        } else {
            tail.next = request;
        }
        tail = request;
        size++;
    }

    /** Takes the oldest request out; null when empty. */
    public @Nullable BlockRequest poll() {
        final BlockRequest first = head;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** Takes a request of this list out. */
    public void remove(final BlockRequest request) {
        if (request.list != this) {
            throw new IllegalStateException("not in this list: " + request);
        }
        final BlockRequest before = request.previous;
        final BlockRequest after = request.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        request.list = null;
        request.previous = null;
        request.next = null;
        size--;
    }

    /** Calls with each request, oldest first; the action must not change the list. */
    public void forEach(final Consumer<BlockRequest> action) {
        for (BlockRequest request = head; request != null; request = request.next) {
            action.accept(request);
        }
    }
}
