package io.drivebay.backend.graph;

import org.jspecify.annotations.Nullable;

/** What a driver that is being opened may ask of the layer. */
public interface OpenScope {
    /** Where the node will live. */
    IoDomain domain();

    /** The name the node will have. */
    String nodeName();

    /** The options that every node has; a driver may find that it can only read ({@code auto-read-only}). */
    NodeOptions nodeOptions();

    /** True when a driver that cannot write may open read-only instead of failing. */
    boolean autoReadOnly();

    /** True when the host's page cache is to be bypassed ({@code cache.direct}). */
    boolean cacheDirect();

    /**
     * The layer's object with an id, such as a throttle group; null when there is none.
     *
     * @throws BlockException INVALID_OPTION when it is something else
     */
    <T> @Nullable T object(String id, Class<T> type) throws BlockException;

    /**
     * Opens a child from nested options, or finds the existing node that is named in their place.
     *
     * @param key the option's name, which becomes the child's role
     * @throws BlockException INVALID_OPTION when it is missing or wrong, NOT_FOUND when no node has the name
     */
    BlockNode child(BlockdevOptions options, String key) throws BlockException;

    /**
     * The child of a filter: as {@link #child}, but for a filter that is opened for a backend's slot, which has none. Then
     * the driver makes an empty link of that role, and takes whatever child it is given and deprived of.
     *
     * @return null for a filter without a child
     */
    @Nullable
    BlockNode filterChild(BlockdevOptions options, String key) throws BlockException;
}
