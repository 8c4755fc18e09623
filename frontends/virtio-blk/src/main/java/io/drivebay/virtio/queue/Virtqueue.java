package io.drivebay.virtio.queue;

/**
 * A virtqueue in use, whatever its format: the device's ends of it.
 *
 * <p>There are two ends. Chains are taken by one thread at a time, which must see what the one before it did; used
 * buffers are given back by one thread, possibly another. No method throws because of what the driver wrote.
 */
public interface Virtqueue {
    /** The answer of {@link #peek} when the driver has made nothing available. */
    int EMPTY = -1;

    /** The answer of {@link #peek} when the ring itself makes no sense; {@link #problem} says why. */
    int CORRUPT = -2;

    /** How many descriptors the queue has; buffer ids are below it. */
    int size();

    // ---- the taking end ----

    /**
     * Reads the next available chain without taking it.
     *
     * @return the chain's buffer id, {@link #EMPTY} or {@link #CORRUPT}
     */
    int peek(DescriptorChain chain);

    /** Takes the chain that {@link #peek} read. */
    void advance();

    /**
     * Which chain will come some way behind the next one, as far as that can be told without reading descriptors: good
     * for preparing, not for relying on.
     *
     * @param ahead how many chains behind the next, from 0 on
     * @return a buffer id, below {@link #size}; {@link #EMPTY} when it cannot be told
     */
    int upcoming(int ahead);

    /** What {@link #peek} found wrong with the ring. */
    String problem();

    /**
     * Reads a chain that was taken in an earlier use of the ring and not given back in it.
     *
     * @param id the buffer id that {@link #peek} returned then
     * @return as {@link #peek}
     */
    int peekAgain(int id, DescriptorChain chain);

    /**
     * Goes on in a ring where an earlier use of it has stopped; what that has given back stays so. Before the first chain
     * is taken.
     *
     * @param position what {@link #position} was then
     */
    void resumeAt(int position);

    /** Where the ring is: what vhost-user calls its base. While nobody takes and all is given back. */
    int position();

    /** How many buffers have been given back and published, modulo 2^16 where the form counts them so. */
    int usedPosition();

    /** Tells the driver, as far as the format can, that notifications are not needed now. */
    void suppressNotifications();

    /**
     * Asks the driver to notify of the next available chain.
     *
     * @return true when one came before the driver could see that: look again
     */
    boolean enableNotifications();

    // ---- the giving end ----

    /**
     * Gives a buffer back. The driver sees it after {@link #publish} or {@link #publishAndAsk}.
     *
     * @param id the buffer id
     * @param writtenBytes how many bytes were written, without a gap from the first writable one on
     * @return how many have been given back since the last {@link #publishAndAsk}; 0 while this one has to wait for
     *     others
     */
    int used(int id, int writtenBytes);

    /** Lets the driver see what has been given back. */
    void publish();

    /** As {@link #publish}; true when the driver wants to be notified of what was given back since the last such call. */
    boolean publishAndAsk();
}
