package io.drivebay.driver.protocol;

/** A file engine that can also ask where a file has data, and give space back. */
interface SpaceEngine extends FileEngine {
    /** How a range is made to read as zeros. */
    enum Zeroing {
        /** Space is given back. */
        UNMAP,
        /** Space stays reserved. */
        KEEP
    }

    /** Makes a range read as zeros; a result of EOPNOTSUPP and the like says that this file cannot do it this way. */
    boolean zero(Zeroing how, long offset, long length, FileTask task);

    /** Gives a range's space back. */
    boolean discard(long offset, long length, FileTask task);

    /** Runs {@link ExtentTask#measure} on a thread that may block. */
    boolean measure(ExtentTask task);
}
