package io.drivebay.sim.verify;

import java.util.Arrays;

/**
 * Which medium was in the drive when, as far as whoever swaps them can tell: before a swap the old one, after it the new
 * one, in between either.
 *
 * <p>An epoch is a number that is even while a medium is settled, odd during a swap. A request notes the epoch at its
 * submission and at its completion; {@link #mayBe} tells whether a medium could have served it. One thread swaps; any
 * thread reads.
 */
public final class MediumTimeline {
    private volatile long[] media;
    private volatile int epoch;

    /** A drive that starts with a medium in it. */
    public MediumTimeline(final long mediumId) {
        this.media = new long[] {mediumId};
    }

    /** The present epoch. */
    public int epoch() {
        return epoch;
    }

    /** The medium that is in the drive, or that is about to leave it. */
    public long medium() {
        return medium(epoch);
    }

    /** The medium that was there at an epoch, or was about to leave; during a swap the next epoch may be asked for. */
    long medium(final int someEpoch) {
        return media[someEpoch >> 1];
    }

    /** A swap begins now: call before the layer is asked for it. */
    public void swapBegins(final long newMediumId) {
        if ((epoch & 1) != 0) {
            throw new IllegalStateException("a swap is under way already");
        }
        final long[] longer = Arrays.copyOf(media, media.length + 1);
        longer[media.length] = newMediumId;
        media = longer;
        nextEpoch();
    }

    /** The swap has ended: call once the layer has answered. */
    public void swapEnded() {
        requireSwap();
        nextEpoch();
    }

    /** The swap was refused; the old medium is still there. */
    public void swapFailed() {
        requireSwap();
        final long[] same = media.clone();
        same[same.length - 1] = same[same.length - 2];
        media = same;
        nextEpoch();
    }

    private void nextEpoch() {
        final int ended = epoch;
        epoch = ended + 1;
    }

    private void requireSwap() {
        if ((epoch & 1) == 0) {
            throw new IllegalStateException("no swap is under way");
        }
    }

    /** How many swaps have ended. */
    public int swaps() {
        return epoch >> 1;
    }

    /** True when a medium may have been in the drive at some time from one epoch to another. */
    boolean mayBe(final long mediumId, final int from, final int to) {
        final long[] known = media;
        for (int i = from >> 1; i <= (to + 1) >> 1; i++) {
            if (known[i] == mediumId) {
                return true;
            }
        }
        return false;
    }

    /** True when only one medium can have been in the drive from one epoch to another. */
    static boolean certain(final int from, final int to) {
        return from == to && (from & 1) == 0;
    }
}
