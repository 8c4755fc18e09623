package io.drivebay.backend.policy;

/** Whether a disk's storage has failed since the machine last went on, as query-block shows it: QAPI's IoStatus. */
public enum IoStatus {
    OK,
    FAILED,
    NOSPACE
}
