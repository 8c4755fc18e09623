package io.drivebay.backend.policy;

/** What is done about one I/O error: QAPI's BlockErrorAction. */
public enum ErrorAction {
    /** The guest sees the error. */
    REPORT,
    /** The guest sees success. */
    IGNORE,
    /** The machine stops, and the device keeps the request; it is carried out again when the machine goes on. */
    STOP
}
