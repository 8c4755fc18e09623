package io.drivebay.driver.filter;

import io.drivebay.backend.request.BlockRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** Breakpoints and the requests that stand at them. A breakpoint holds one request and is used up. The context's thread. */
final class HeldAtBreaks {
    static final int MOST = 256;

    private record Break(DebugEvent event, String tag) {}

    private record Held(BlockRequest request, String tag) {}

    private final Consumer<BlockRequest> goOn;
    private final List<Break> armed = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private boolean drained;

    HeldAtBreaks(final Consumer<BlockRequest> goOn) {
        this.goOn = goOn;
    }

    /** False when there is no room for another breakpoint. */
    boolean arm(final DebugEvent event, final String tag) {
        return armed.size() < MOST && armed.add(new Break(event, tag));
    }

    /** Takes a request when there is a breakpoint at one of its events; never while somebody waits for its end. */
    boolean takes(final BlockRequest request, final List<DebugEvent> events) {
        for (int i = 0; i < armed.size() && !drained; i++) {
            if (events.contains(armed.get(i).event())) {
                held.add(new Held(request, armed.remove(i).tag()));
                return true;
            }
        }
        return false;
    }

    boolean resume(final String tag) {
        for (final Iterator<Held> all = held.iterator(); all.hasNext(); ) {
            final Held next = all.next();
            if (next.tag().equals(tag)) {
                all.remove();
                goOn.accept(next.request());
                return true;
            }
        }
        return false;
    }

    boolean remove(final String tag) {
        boolean any = armed.removeIf(one -> one.tag().equals(tag));
        while (resume(tag)) {
            any = true;
        }
        return any;
    }

    void drainBegin() {
        drained = true;
        while (!held.isEmpty()) {
            goOn.accept(held.remove(0).request());
        }
    }

    void drainEnd() {
        drained = false;
    }
}
