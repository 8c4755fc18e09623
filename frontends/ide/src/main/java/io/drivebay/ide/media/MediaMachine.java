package io.drivebay.ide.media;

import io.drivebay.backend.context.Clock;
import io.drivebay.ide.device.Deviation;
import java.util.EnumSet;
import java.util.Set;

/** Tray, lock and medium of one drive. Inputs come under the channel's lock; the state may be read by any thread. */
public final class MediaMachine {
    private final String device;
    private final Clock clock;
    private final Set<Deviation> deviations;
    private final TransitionTrace trace;
    private volatile MediaState state;
    private long sequence;

    public MediaMachine(
            final String device, final Clock clock, final Set<Deviation> deviations, final TransitionTrace trace) {
        this.device = device;
        this.clock = clock;
        this.deviations = deviations;
        this.trace = trace;
        this.state = MediaState.closed(false);
    }

    /** Begins, closed and unlocked, with what is there. */
    public void begin(final boolean medium) {
        state = MediaState.closed(medium);
    }

    /** Any thread. */
    public MediaState state() {
        return state;
    }

    /**
     * Something happens.
     *
     * @param causeId see {@link Transition#causeId()}
     * @return what is to be brought about
     */
    public Set<MediaEffect> apply(final MediaInput input, final long causeId) {
        final MediaState from = state;
        final MediaTable.Row row = MediaTable.find(input, from);
        final MediaState to = row.next(from);
        final Set<MediaEffect> effects = effects(row);
        state = to;
        sequence++;
        trace.transition(new Transition(sequence, causeId, device, clock.nanoTime(), input, from, to, effects));
        return effects;
    }

    /** The row's effects, less what the profile leaves out. */
    private Set<MediaEffect> effects(final MediaTable.Row row) {
        final Set<MediaEffect> effects = EnumSet.noneOf(MediaEffect.class);
        effects.addAll(row.effects());
        if (deviations.contains(Deviation.NO_REMOVAL_EVENT)) {
            effects.remove(MediaEffect.EVENT_REMOVAL);
        }
        if (effects.remove(MediaEffect.EMPTY_CLOSE) && deviations.contains(Deviation.NEW_MEDIUM_ON_EMPTY_CLOSE)) {
            effects.add(MediaEffect.EVENT_NEW_MEDIUM);
        }
        if (row.input() == MediaInput.RESET) {
            if (deviations.contains(Deviation.RESET_CLOSES_TRAY_SILENTLY)) {
                effects.remove(MediaEffect.TELL_HOST);
                effects.remove(MediaEffect.ATTENTION_CHANGED);
                effects.remove(MediaEffect.EVENT_NEW_MEDIUM);
            }
            if (deviations.contains(Deviation.NO_ATTENTION_AFTER_RESET)) {
                effects.remove(MediaEffect.ATTENTION_RESET);
            }
        }
        return effects;
    }
}
