package io.drivebay.ide.media;

/** What a transition brings about beside the new state. */
public enum MediaEffect {
    /** The host is told that the tray has moved without its doing. */
    TELL_HOST,
    /** Unit attention 06/28: the medium may have changed. */
    ATTENTION_CHANGED,
    /** Unit attention 06/29: a reset has happened. */
    ATTENTION_RESET,
    /** Media event: the user asks for the medium. */
    EVENT_EJECT_REQUEST,
    /** Media event: there is a new medium. */
    EVENT_NEW_MEDIUM,
    /** Media event: the medium is out of reach. */
    EVENT_REMOVAL,
    /** An empty tray was closed: no event, but for QEMU. */
    EMPTY_CLOSE,
    /** The command that asked for this fails: the tray is locked. */
    REFUSE_LOCKED
}
