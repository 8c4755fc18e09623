package io.drivebay.monitor.protocol;

/** QAPI's QapiErrorClass: what clients may tell errors apart by. */
public enum ErrorClass {
    GENERIC_ERROR("GenericError"),
    COMMAND_NOT_FOUND("CommandNotFound"),
    DEVICE_NOT_FOUND("DeviceNotFound");

    private final String spelling;

    ErrorClass(final String spelling) {
        this.spelling = spelling;
    }

    /** As it stands in a reply. */
    public String spelling() {
        return spelling;
    }
}
