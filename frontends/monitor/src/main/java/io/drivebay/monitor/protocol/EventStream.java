package io.drivebay.monitor.protocol;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives events their time and hands them to all sessions, in one order. Any thread; does not block. */
public final class EventStream {
    private static final int NS_PER_US = 1000;

    private final InstantSource clock;
    private final List<Session> sessions = new CopyOnWriteArrayList<>();

    /** A stream that nobody listens to yet. */
    public EventStream(final InstantSource clock) {
        this.clock = clock;
    }

    /** From now on a session is told. */
    public void add(final Session session) {
        sessions.add(session);
    }

    public void remove(final Session session) {
        sessions.remove(session);
    }

    /** Tells of an event that no client may miss. */
    public void send(final String name, final Map<String, Object> data) {
        send(name, data, false);
    }

    /**
     * Tells of an event.
     *
     * @param data its members in QAPI spelling; empty for none
     * @param expendable true when there may be so many of it that a slow client gets only some
     */
    public synchronized void send(final String name, final Map<String, Object> data, final boolean expendable) {
        final Instant now = clock.instant();
        final Map<String, Object> event = new LinkedHashMap<>();
        event.put("timestamp", Map.of("seconds", now.getEpochSecond(), "microseconds", now.getNano() / NS_PER_US));
        event.put("event", name);
        if (!data.isEmpty()) {
            event.put("data", data);
        }
        final byte[] line = Json.line(event);
        sessions.forEach(session -> session.event(line, expendable));
    }
}
