package io.drivebay.exports.nbd;

/**
 * Whether replies wait a few microseconds for others to go with. A client with many requests in flight sends each by
 * itself; replies that go together cost both sides less. How many wait for each other follows from how many have lately
 * come in time, so the replies of a client that has one request in flight do not wait. One thread; allocates nothing.
 */
final class ReplyBatching {
    /** So many go at once in any case. */
    static final int MOST = 8;
    /** For so long the next one is waited for, in nanoseconds. */
    static final long WAIT_NS = 10_000;
    /** And for so many turns of the context, whatever its clock says. */
    static final int WAIT_TURNS = 16;
    /** After so many sendings without waiting in vain one more reply is waited for. */
    static final int SENDS_PER_TRIAL = 64;

    private int target = 1;
    private int sends;
    private int seen;
    private int turns;
    private long sinceNs;

    /** True while so many replies are to wait. Once a turn, while there are any; false when they go. */
    boolean waits(final int replies, final long nowNs) {
        if (replies >= target) {
            go();
            return false;
        }
        if (replies != seen) {
            seen = replies;
            turns = 0;
            sinceNs = nowNs;
        }
        turns++;
        if (turns <= WAIT_TURNS && nowNs - sinceNs < WAIT_NS) {
            return true;
        }
        target = replies; // there are no more in flight
        sends = 0;
        seen = 0;
        return false;
    }

    private void go() {
        seen = 0;
        sends++;
        if (sends >= SENDS_PER_TRIAL) {
            sends = 0;
            target = Math.min(MOST, target + 1);
        }
    }
}
