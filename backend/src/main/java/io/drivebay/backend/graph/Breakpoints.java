package io.drivebay.backend.graph;

/** What a driver can be that holds requests back for somebody who watches: qemu-io's break and resume. Any thread. */
public interface Breakpoints {
    /**
     * Has the next request that comes to an event held, once.
     *
     * @param event in QAPI's spelling, such as {@code write_aio}
     * @param tag the name under which the request is held
     * @throws BlockException INVALID_OPTION when there is no such event, IN_USE when there are too many breakpoints
     */
    void breakAt(String event, String tag) throws BlockException;

    /** Lets the request go on that has been held longest under a tag; false when there is none. */
    boolean resume(String tag);

    /** Forgets a tag's breakpoints and lets all its requests go on; false when there was neither. */
    boolean removeBreaks(String tag);
}
