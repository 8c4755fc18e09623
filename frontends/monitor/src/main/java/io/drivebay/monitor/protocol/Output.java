package io.drivebay.monitor.protocol;

/** Where a session's messages go. Each is a line of JSON, in bytes that nobody changes any more. */
public interface Output {
    /** A reply to the client's own command. May wait until the client has read what it was sent before. */
    void reply(byte[] line);

    /**
     * An event. Any thread, and must not block.
     *
     * @param expendable true when it may be left out for a client that does not read; for want of any other the client is
     *     to be cut off
     */
    void event(byte[] line, boolean expendable);

    /** Waits, for a bounded time, until the client has what it was sent. */
    default void flush() {}
}
