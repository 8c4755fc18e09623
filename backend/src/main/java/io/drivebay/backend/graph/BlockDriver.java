package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made of: one way to store, translate or shape blocks.
 *
 * <p>The node around it asserts and shapes, so that a driver stays naive: {@link #start} gets only requests within
 * {@link #length} (rounded up to the alignment), aligned and no longer than {@link #limits} say, never a write while the
 * node is read-only. All methods run on the thread of the node's context unless they say otherwise, and must not block.
 */
public interface BlockDriver {
    /** The driver's QAPI name, such as {@code file}. Any thread. */
    String driverName();

    /** What the driver can take; fixed while the node is attached to any parent. Any thread. */
    BlockLimits limits();

    /** Length in bytes; changes only under drain. Any thread. */
    long length();

    /**
     * Carries out a request: completes it exactly once, now or later, or passes it to a child after pushing a frame if
     * it wants to see the completion.
     */
    void start(BlockRequest request);

    /** True when the driver can never write, whatever its options say. Any thread. */
    default boolean readOnly() {
        return false;
    }

    /** True while there is something to read: false for a host drive without a disc. */
    default boolean inserted() {
        return true;
    }

    /**
     * True when the driver takes an operation that not every one has: SECURE_ERASE and those of zones. The node refuses
     * the others' requests. Any thread.
     */
    default boolean supports(final Operation operation) {
        return false;
    }

    /** How worn the storage is; null where that has no meaning or cannot be found out. Any thread. */
    default @Nullable MediumLifetime lifetime() {
        return null;
    }

    /** The zones that the medium is divided into; null when it is not. Fixed. Any thread. */
    default @Nullable ZoneLayout zones() {
        return null;
    }

    /** Called once, before the first request, with the node that the driver lives in; not on the context's thread. */
    default void attached(final BlockNode self) {}

    /**
     * The permissions that the driver needs on a child when its own parents have taken a set of permissions. The
     * default passes them through, as a filter does. Any thread.
     *
     * @param role the child's role
     * @param permissions union of what the parents take
     */
    default int childPermissions(final String role, final int permissions) {
        return permissions;
    }

    /**
     * What the driver lets other parents of a child do, given what its own parents share.
     *
     * @param role the child's role
     * @param shared intersection of what the parents let others do
     */
    default int childShared(final String role, final int shared) {
        return shared;
    }

    /**
     * Takes what is needed outside the process, such as file locks, for a new set of permissions. Followed by
     * {@link #commitPermissions} or {@link #abortPermissions}. A control thread.
     *
     * @throws BlockException when somebody outside holds what conflicts
     */
    default void preparePermissions(final int permissions, final int shared) throws BlockException {}

    /** Makes the prepared permissions the ones in force, giving up those no longer needed. A control thread. */
    default void commitPermissions() {}

    /** Goes back from the prepared permissions to those in force. A control thread. */
    default void abortPermissions() {}

    /**
     * Somebody above waits for requests to end: those that the driver holds back go on now, and until {@link #drainEnd}
     * none is held back. Does not nest.
     */
    default void drainBegin() {}

    /** Nobody waits any more. */
    default void drainEnd() {}

    /** A child's length has changed; what this driver derives from it is to be worked out anew. Under drain. */
    default void childResized() {}

    /**
     * Changes the length. Called under drain, on a control thread; may block.
     *
     * @throws BlockException NOT_SUPPORTED when the driver has a fixed length, IO when the storage refuses
     */
    default void resize(final long newLengthBytes) throws BlockException {
        throw new BlockException(
                BlockException.Kind.NOT_SUPPORTED, "driver " + driverName() + " cannot change its length");
    }

    /** What a query shows of the driver beyond its name and length: QAPI-spelled members. Any thread. */
    default Map<String, Object> describe() {
        return Map.of();
    }

    /** Gives everything back. No request is pending. A control thread; may block. */
    default void close() {}
}
