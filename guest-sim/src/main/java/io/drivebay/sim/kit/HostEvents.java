package io.drivebay.sim.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockEvents;
import io.drivebay.backend.RunState;
import io.drivebay.backend.policy.IoError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the host is told of, in short words, until somebody asks. */
final class HostEvents implements BlockEvents, RunState.Listener {
    private final TestMachine machine;
    private final List<String> trayMoves = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    HostEvents(final TestMachine machine) {
        this.machine = machine;
    }

    @Override
    public void trayMoved(final BlockBackend backend, final String deviceId, final boolean open) {
        trayMoves.add(open ? "open" : "close");
        machine.note("event DEVICE_TRAY_MOVED " + deviceId + (open ? " open" : " closed"));
    }

    @Override
    public void ioError(final BlockBackend backend, final IoError error) {
        final String action = error.action().name().toLowerCase(Locale.ROOT);
        tell((error.read() ? "read" : "write") + "-error:" + action + (error.noSpace() ? ":nospace" : ""));
    }

    @Override
    public void runStateChanged(final RunState.Status before, final RunState.Status now) {
        tell(now == RunState.Status.RUNNING ? "RESUME" : "STOP");
    }

    private void tell(final String what) {
        errors.add(what);
        machine.note("event " + what);
    }

    String takeTrayMoves() {
        return take(trayMoves);
    }

    String takeErrors() {
        return take(errors);
    }

    private static String take(final List<String> told) {
        final String all = told.isEmpty() ? "none" : String.join(" ", told);
        told.clear();
        return all;
    }
}
