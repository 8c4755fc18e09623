package io.drivebay.backend.graph;

/** A request to the control plane that was refused: says what was attempted, on what, and why. */
public class BlockException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal it is, for callers that must tell them apart. */
    public enum Kind {
        /** An option is unknown, missing, contradictory or of the wrong type. */
        INVALID_OPTION,
        /** Nothing has this name. */
        NOT_FOUND,
        /** The name is taken or not well-formed. */
        BAD_NAME,
        /** Somebody else uses it in a way that does not go together. */
        IN_USE,
        /** It may only be read. */
        READ_ONLY,
        /** The state of the device, tray or medium forbids it. */
        WRONG_STATE,
        /** The tray is locked. */
        LOCKED,
        /** Opening or talking to the storage failed. */
        IO,
        /** Requests did not end within the time given. */
        TIMEOUT,
        /** This build, driver or platform does not have it. */
        NOT_SUPPORTED
    }

    private final Kind kind;

    public BlockException(final Kind kind, final String message) {
        super(message);
        this.kind = kind;
    }

    public BlockException(final Kind kind, final String message, final Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
