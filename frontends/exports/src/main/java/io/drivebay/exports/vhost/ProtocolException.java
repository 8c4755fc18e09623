package io.drivebay.exports.vhost;

/** A client did what the protocol forbids; says what, and the connection ends. */
final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    ProtocolException(final String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
