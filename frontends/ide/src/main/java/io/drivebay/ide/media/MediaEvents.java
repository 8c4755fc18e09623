package io.drivebay.ide.media;

/** Media events that the guest has not polled yet, oldest first; one of a kind, the latest counts. */
public final class MediaEvents {
    /** Codes of GET EVENT STATUS NOTIFICATION's media class. */
    public enum Event {
        NONE(0),
        EJECT_REQUEST(1),
        NEW_MEDIUM(2),
        REMOVAL(3);

        private final int code;

        Event(final int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    private static final int KINDS = Event.values().length;

    private final Event[] pending = new Event[KINDS];
    private int count;

    /** An event that is pending already moves to the end. */
    public void add(final Event event) {
        remove(event);
        pending[count++] = event;
    }

    public void remove(final Event event) {
        for (int i = 0; i < count; i++) {
            if (pending[i] == event) {
                System.arraycopy(pending, i + 1, pending, i, count - i - 1);
                count--;
                return;
            }
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Takes the oldest; NONE when there is none. */
    public Event poll() {
        if (count == 0) {
            return Event.NONE;
        }
        final Event oldest = pending[0];
        remove(oldest);
        return oldest;
    }
}
