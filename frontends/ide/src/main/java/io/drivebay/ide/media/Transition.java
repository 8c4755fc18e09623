package io.drivebay.ide.media;

import java.util.Set;

/**
 * One transition of a drive's tray, medium and lock; inputs that change nothing are transitions too.
 *
 * @param sequence counts the drive's transitions from 1
 * @param causeId what a host's call or a guest's packet caused has the same id; ids rise with time
 * @param device the drive's id
 * @param timeNs the clock of the drive's context
 * @param input what happened
 * @param from the state before
 * @param to the state after
 * @param effects what it brought about
 */
public record Transition(
        long sequence,
        long causeId,
        String device,
        long timeNs,
        MediaInput input,
        MediaState from,
        MediaState to,
        Set<MediaEffect> effects) {}
