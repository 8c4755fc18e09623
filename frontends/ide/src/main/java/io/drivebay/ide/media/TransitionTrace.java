package io.drivebay.ide.media;

/** Is told of every transition, in order. Under the channel's lock: must neither block nor call the drive. */
@FunctionalInterface
public interface TransitionTrace {
    /** Nobody. */
    TransitionTrace NONE = transition -> {};

    void transition(Transition transition);
}
