package io.drivebay.driver.filter;

import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.ZoneErrors;
import io.drivebay.backend.request.ZoneReport;
import io.drivebay.backend.request.ZoneState;
import java.util.Arrays;

/**
 * The zones of a medium: states, write pointers, and what is open and active (virtio 1.3, 5.2.6, after ZBC and ZNS).
 * Offsets and lengths in bytes. Each method that may refuse says why by one of {@link ZoneErrors}. One thread.
 */
final class ZoneTable {
    /** The answer of methods that may refuse when they do not. */
    static final int OK = 0;

    private final ZoneLayout layout;
    private final long capacityBytes;
    private final long lengthBytes;
    private final ZoneState[] states;
    /* Where written data ends: the write pointer, but of zones that were finished before they were full. */
    private final long[] writtenEnds;
    /* Implicitly open zones, the one opened first at the front; kept while there is a limit of open zones. */
    private final int[] implicit;
    private int implicitCount;
    private int open;
    private int active;
    private int firstChanged = Integer.MAX_VALUE;
    private int lastChanged = -1;

    /**
     * Zones that are empty, but for conventional ones.
     *
     * @param capacityBytes how much of each zone can be written
     * @param conventional how many zones, from the first, are conventional
     * @param lengthBytes length of the medium
     */
    ZoneTable(final ZoneLayout layout, final long capacityBytes, final int conventional, final long lengthBytes) {
        this.layout = layout;
        this.capacityBytes = capacityBytes;
        this.lengthBytes = lengthBytes;
        final int count = Math.toIntExact((lengthBytes + layout.zoneBytes() - 1) / layout.zoneBytes());
        this.states = new ZoneState[count];
        this.writtenEnds = new long[count];
        Arrays.fill(states, ZoneState.EMPTY);
        Arrays.fill(states, 0, Math.min(conventional, count), ZoneState.CONVENTIONAL);
        Arrays.setAll(writtenEnds, this::start);
        this.implicit = new int[layout.maxOpenZones()];
    }

    int count() {
        return states.length;
    }

    ZoneLayout layout() {
        return layout;
    }

    /** How much of each zone can be written. */
    long capacityBytes() {
        return capacityBytes;
    }

    ZoneState state(final int zone) {
        return states[zone];
    }

    /** Where a zone's written data ends. */
    long writtenEnd(final int zone) {
        return writtenEnds[zone];
    }

    // ---- storing ----

    /** The first zone that has changed since {@link #stored}; beyond {@link #lastChanged} when none has. */
    int firstChanged() {
        return firstChanged;
    }

    int lastChanged() {
        return lastChanged;
    }

    void stored() {
        firstChanged = Integer.MAX_VALUE;
        lastChanged = -1;
    }

    void changeAll() {
        changed(0);
        changed(states.length - 1);
    }

    private void changed(final int zone) {
        firstChanged = Math.min(firstChanged, zone);
        lastChanged = Math.max(lastChanged, zone);
    }

    /** Puts a zone into the state in which it was stored; one that was open is closed, as after a loss of power. */
    void restore(final int zone, final long writtenEnd, final ZoneState stored) {
        final boolean conventional = stored == ZoneState.CONVENTIONAL;
        if (conventional != (states[zone] == ZoneState.CONVENTIONAL) || conventional) {
            return;
        }
        writtenEnds[zone] = Math.min(Math.max(writtenEnd, start(zone)), writableEnd(zone));
        final ZoneState closed = writtenEnds[zone] == start(zone) ? ZoneState.EMPTY : ZoneState.CLOSED;
        states[zone] = stored.active() ? closed : stored;
        active += states[zone].active() ? 1 : 0;
    }

    int zoneAt(final long offset) {
        return (int) (offset / layout.zoneBytes());
    }

    private long start(final int zone) {
        return zone * layout.zoneBytes();
    }

    /** Where the part of a zone ends that can be written. */
    private long writableEnd(final int zone) {
        return Math.min(start(zone) + capacityBytes, lengthBytes);
    }

    /** Makes a zone fail: read-only with all that it holds, or offline. */
    void fault(final int zone, final ZoneState state) {
        leave(zone, state);
        writtenEnds[zone] = writableEnd(zone);
    }

    boolean conventional(final long offset, final long length) {
        return states[zoneAt(offset)] == ZoneState.CONVENTIONAL
                && states[zoneAt(offset + length - 1)] == ZoneState.CONVENTIONAL;
    }

    // ---- reads and writes ----

    /** How many bytes of a range have been written; the rest reads as zeros. Negative: an error, inverted. */
    long readable(final long offset, final long length) {
        final int zone = zoneAt(offset);
        final int last = zoneAt(offset + length - 1);
        for (int i = zone; i <= last; i++) {
            if (states[i] == ZoneState.OFFLINE || (last > zone && states[i] != ZoneState.CONVENTIONAL)) {
                return ~ZoneErrors.INVALID;
            }
        }
        return states[zone] == ZoneState.CONVENTIONAL
                ? length
                : Math.max(0, Math.min(length, writtenEnds[zone] - offset));
    }

    /** Moves the write pointer over a write; the zone is open afterwards, or full. */
    int write(final long offset, final long length) {
        final int zone = zoneAt(offset);
        final int last = zoneAt(offset + length - 1);
        if (states[zone] == ZoneState.CONVENTIONAL) {
            return states[last] == ZoneState.CONVENTIONAL ? OK : ZoneErrors.INVALID;
        }
        if (last != zone || !writable(zone)) {
            return ZoneErrors.INVALID;
        }
        if (offset != writtenEnds[zone] || (offset + length) % layout.writeGranularityBytes() != 0) {
            return ZoneErrors.UNALIGNED;
        }
        return advance(zone, length);
    }

    /** Moves the write pointer of the zone that begins at an offset; what was its place before is {@link #appendsAt}. */
    int append(final long start, final long length) {
        final int zone = zoneAt(start);
        if (start != start(zone) || !writable(zone) || length > layout.maxAppendBytes()) {
            return ZoneErrors.INVALID;
        }
        if (length % layout.writeGranularityBytes() != 0) {
            return ZoneErrors.UNALIGNED;
        }
        return advance(zone, length);
    }

    /** Where the next write to the zone at an offset goes. */
    long appendsAt(final long offset) {
        return writtenEnds[zoneAt(offset)];
    }

    private boolean writable(final int zone) {
        return states[zone] == ZoneState.EMPTY || states[zone].active();
    }

    private int advance(final int zone, final long length) {
        if (length > writableEnd(zone) - writtenEnds[zone]) {
            return ZoneErrors.INVALID;
        }
        final int refusal = states[zone].open() ? OK : open(zone, ZoneState.IMPLICITLY_OPEN);
        if (refusal != OK) {
            return refusal;
        }
        writtenEnds[zone] += length;
        changed(zone);
        if (writtenEnds[zone] == writableEnd(zone)) {
            leave(zone, ZoneState.FULL);
        }
        return OK;
    }

    // ---- commands ----

    /** Opens a zone explicitly. */
    int open(final int zone) {
        if (!writable(zone)) {
            return ZoneErrors.INVALID;
        }
        if (states[zone].open()) {
            forgetImplicit(zone);
            states[zone] = ZoneState.EXPLICITLY_OPEN;
            changed(zone);
            return OK;
        }
        return open(zone, ZoneState.EXPLICITLY_OPEN);
    }

    /** Closes an open zone; one to which nothing was written is empty again. */
    int close(final int zone) {
        if (!states[zone].active()) {
            return ZoneErrors.INVALID;
        }
        leave(zone, writtenEnds[zone] == start(zone) ? ZoneState.EMPTY : ZoneState.CLOSED);
        return OK;
    }

    /** Makes a zone full; what was not written stays unwritten. */
    int finish(final int zone) {
        if (!writable(zone) && states[zone] != ZoneState.FULL) {
            return ZoneErrors.INVALID;
        }
        leave(zone, ZoneState.FULL);
        return OK;
    }

    /** Makes a zone empty. */
    int reset(final int zone) {
        if (!writable(zone) && states[zone] != ZoneState.FULL) {
            return ZoneErrors.INVALID;
        }
        leave(zone, ZoneState.EMPTY);
        writtenEnds[zone] = start(zone);
        return OK;
    }

    /** Makes every zone empty that can be. */
    void resetAll() {
        for (int zone = 0; zone < states.length; zone++) {
            reset(zone);
        }
    }

    /** Adds zones to a report, from the one that holds an offset on, until it is full. */
    void report(final long offset, final ZoneReport report) {
        for (int zone = zoneAt(offset); zone < states.length && !report.full(); zone++) {
            final long end = states[zone] == ZoneState.FULL ? writableEnd(zone) : writtenEnds[zone];
            report.add(start(zone), writableEnd(zone) - start(zone), end, states[zone]);
        }
    }

    // ---- what is open and active ----

    /** Opens a zone that is empty or closed, closing another that was opened implicitly if there must be room. */
    private int open(final int zone, final ZoneState how) {
        final boolean activates = !states[zone].active();
        if (activates && layout.maxActiveZones() > 0 && active >= layout.maxActiveZones()) {
            return ZoneErrors.ACTIVE_ZONES;
        }
        if (layout.maxOpenZones() > 0 && open >= layout.maxOpenZones()) {
            if (implicitCount == 0) {
                return ZoneErrors.OPEN_ZONES;
            }
            leave(implicit[0], ZoneState.CLOSED);
        }
        open++;
        active += activates ? 1 : 0;
        states[zone] = how;
        changed(zone);
        if (how == ZoneState.IMPLICITLY_OPEN && implicit.length > 0) {
            implicit[implicitCount++] = zone;
        }
        return OK;
    }

    /** Puts a zone into a state that is not open. */
    private void leave(final int zone, final ZoneState next) {
        if (states[zone].open()) {
            open--;
            forgetImplicit(zone);
        }
        if (states[zone].active() && !next.active()) {
            active--;
        }
        states[zone] = next;
        changed(zone);
    }

    private void forgetImplicit(final int zone) {
        for (int i = 0; i < implicitCount; i++) {
            if (implicit[i] == zone) {
                implicitCount--;
                System.arraycopy(implicit, i + 1, implicit, i, implicitCount - i);
                return;
            }
        }
    }
}
