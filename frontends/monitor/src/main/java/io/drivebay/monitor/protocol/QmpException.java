package io.drivebay.monitor.protocol;

/** A command that is answered with an error. */
public final class QmpException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorClass errorClass;

    /** A GenericError. */
    public QmpException(final String description) {
        this(ErrorClass.GENERIC_ERROR, description);
    }

    public QmpException(final ErrorClass errorClass, final String description) {
        super(description);
        this.errorClass = errorClass;
    }

    /** There is no drive or device of this name. */
    public static QmpException deviceNotFound(final String name) {
        return new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + name + "' not found");
    }

    public ErrorClass errorClass() {
        return errorClass;
    }
}
