package io.drivebay.backend.request;

/** How a request ended. A frontend maps it to what its guest or client sees, in one function. */
public enum Status {
    OK(0),
    /** The medium or the way to it failed. */
    IO_ERROR(5),
    /** There is no room for the data. */
    NO_SPACE(28),
    /** No medium is inserted, or its tray is open. */
    NO_MEDIUM(123),
    /** The medium that the request was submitted against has left. */
    MEDIUM_CHANGED(124),
    /** A write to something that may only be read. */
    READ_ONLY(1),
    /** The driver cannot do this, or not without the fallback that the request forbade. */
    NOT_SUPPORTED(95),
    /** Given up on request of whoever submitted it. */
    CANCELED(125),
    /** The request itself is wrong. */
    INVALID(22);

    private static final int EROFS = 30;

    private final int errno;

    Status(final int errno) {
        this.errno = errno;
    }

    /** The errno, as Linux numbers them, that stands for this status where no more exact one is known; 0 for OK. */
    public int errno() {
        return errno;
    }

    /** The status of an errno as Linux numbers them: IO_ERROR where no other fits, OK for 0. */
    public static Status ofErrno(final int errno) {
        if (errno == EROFS) {
            return READ_ONLY;
        }
        for (final Status status : values()) {
            if (status.errno == errno) {
                return status;
            }
        }
        return IO_ERROR;
    }
}
