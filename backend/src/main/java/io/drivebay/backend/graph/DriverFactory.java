package io.drivebay.backend.graph;

/**
 * Opens drivers of one kind from options. Found by {@link java.util.ServiceLoader}, so that whoever builds a tree knows
 * drivers by name only.
 */
public interface DriverFactory {
    /** The value of the {@code driver} option that asks for this factory, in QAPI spelling. */
    String driverName();

    /**
     * Opens a driver. A control thread; may block.
     *
     * @param options the node's options; those that every node has (driver, node-name, read-only...) have been read
     * @param scope the children that the driver asks for, and where it will live
     * @throws BlockException INVALID_OPTION, or IO when the storage cannot be opened; then nothing is left open
     */
    BlockDriver open(BlockdevOptions options, OpenScope scope) throws BlockException;
}
