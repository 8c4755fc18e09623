package io.drivebay.sim.qtest;

import io.drivebay.sim.pc.InterruptLines;
import org.jspecify.annotations.Nullable;

/**
 * Which interrupt lines a session is told of: none, until it asks. The inputs of {@code ioapic} are the machine's sixteen
 * lines; as in QEMU it has no outputs, so intercepting those tells nothing.
 */
final class Interception {
    private static final byte[] CONTROLLER = Replies.ascii("ioapic");

    private final InterruptLines lines;
    private final InterruptLines.Watcher watcher;
    private InterruptLines.@Nullable Watcher watching;

    Interception(final InterruptLines lines, final InterruptLines.Watcher watcher) {
        this.lines = lines;
        this.watcher = watcher;
    }

    /** Begins with the device that the present word names; false when there is none. */
    boolean begin(final Words words, final boolean inputs) {
        if (!words.is(CONTROLLER)) {
            return false;
        }
        if (inputs && watching == null) {
            watching = watcher;
            lines.watch(watcher);
        }
        return true;
    }

    void end() {
        if (watching != null) {
            lines.unwatch(watching);
            watching = null;
        }
    }
}
