package io.drivebay.driver.filter;

/**
 * A leaky bucket: what passes is poured in, and drips out at the average rate; while it is over its brim nothing passes.
 *
 * <p>Without a burst rate the brim is what drips out in a tenth of a second. With one, the bucket holds what the burst
 * rate yields within the burst's length; and when that is longer than a second, a second bucket that drips at the burst
 * rate keeps a burst from being spent at once.
 *
 * <p>Units are bytes or operations; times are the contexts' clock. Guarded by the group's lock.
 */
final class Bucket {
    private static final double NS_PER_S = 1e9;
    private static final double BRIM_S = 0.1;

    private final ThrottleLimits.Rate rate;
    private double level;
    private double burstLevel;
    private boolean used;
    private long leakedAtNs;

    /** An empty bucket. */
    Bucket(final ThrottleLimits.Rate rate) {
        this.rate = rate;
    }

    private boolean smoothsBursts() {
        return rate.burstLengthS() > 1;
    }

    /** Contexts read the clock before they take their turn at the bucket, so a later one may come with an earlier time. */
    private void leak(final long nowNs) {
        final double elapsedS = used ? Math.max(0, nowNs - leakedAtNs) / NS_PER_S : 0;
        leakedAtNs = used ? Math.max(leakedAtNs, nowNs) : nowNs;
        used = true;
        level = Math.max(0, level - rate.average() * elapsedS);
        burstLevel = Math.max(0, burstLevel - rate.burst() * elapsedS);
    }

    /** How long until something may pass, in nanoseconds; 0 for now. */
    long waitNs(final long nowNs) {
        if (rate.average() == 0) {
            return 0;
        }
        leak(nowNs);
        final boolean bursts = rate.burst() > 0;
        final double brim = bursts ? (double) rate.burst() * rate.burstLengthS() : rate.average() * BRIM_S;
        final long wait = nsFor(level - brim, (double) rate.average());
        if (!bursts || !smoothsBursts()) {
            return wait;
        }
        return Math.max(wait, nsFor(burstLevel - rate.burst() * BRIM_S, (double) rate.burst()));
    }

    private static long nsFor(final double excess, final double perSecond) {
        return excess <= 0 ? 0 : (long) Math.ceil(excess / perSecond * NS_PER_S);
    }

    /** Notes what passes. */
    void pour(final double units) {
        if (rate.average() == 0) {
            return;
        }
        level += units;
        if (smoothsBursts()) {
            burstLevel += units;
        }
    }
}
