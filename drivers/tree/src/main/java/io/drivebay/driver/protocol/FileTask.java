package io.drivebay.driver.protocol;

/** One operation on a file, from its first submission to its end. The context's thread only. */
interface FileTask {
    /** Submits the operation, or its next step; false, and nothing has happened, when there is no room for it. */
    boolean submit();

    /**
     * Learns how the submitted step ended.
     *
     * @param result bytes moved, or 0; a negative number is an errno with its sign turned
     */
    void done(int result);
}
