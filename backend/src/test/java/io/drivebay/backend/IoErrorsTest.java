package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.policy.IoStatus;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** E1, E2, E6, L1, L5, L9: what becomes of I/O errors, and the machine that they stop. */
final class IoErrorsTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;
    private final TestDriver driver = new TestDriver(TestBench.DISK_BYTES);
    private final List<String> events = new ArrayList<>();

    @BeforeEach
    void listen() {
        layer.runState().addListener((before, now) -> events.add(before + " to " + now));
        layer.addListener(new BlockEvents() {
            @Override
            public void trayMoved(final BlockBackend backend, final String deviceId, final boolean open) {}

            @Override
            public void ioError(final BlockBackend backend, final IoError error) {
                events.add(error + " while " + backend.errors().status());
            }
        });
    }

    private BlockRequest failed(final BlockBackend backend, final Operation operation, final Status status) {
        driver.failing(status, request -> true);
        return bench.perform(backend, operation, 0, operation == Operation.FLUSH ? 0 : 512).request;
    }

    private void stopBy(final BlockBackend backend, final Status status) {
        layer.runState().stoppable(true);
        final IoError error = backend.errors().judge(failed(backend, Operation.WRITE, status));
        assertNotNull(error);
        backend.errors().announce(error);
    }

    @ParameterizedTest
    @CsvSource({
        "REPORT, IO_ERROR, REPORT", "REPORT, NO_SPACE, REPORT",
        "IGNORE, IO_ERROR, IGNORE", "IGNORE, NO_SPACE, IGNORE",
        "STOP, IO_ERROR, STOP", "STOP, NO_SPACE, STOP",
        "ENOSPC, IO_ERROR, REPORT", "ENOSPC, NO_SPACE, STOP",
        "AUTO, IO_ERROR, REPORT", "AUTO, NO_SPACE, REPORT"
    })
    void e1ThePolicyDecides(final OnError policy, final Status status, final ErrorAction action) {
        assertEquals(action, new ErrorPolicy(policy, OnError.REPORT).judge(Operation.READ, status));
        assertEquals(action, new ErrorPolicy(OnError.REPORT, policy).judge(Operation.FLUSH, status));
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OK", "IO_ERROR", "NO_SPACE"})
    void e6WhatIsNotTheStoragesFailureIsReportedAndNoMore(final Status status) throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        backend.errors().policy(new ErrorPolicy(OnError.STOP, OnError.STOP));
        layer.runState().stoppable(true);
        assertNull(backend.errors().judge(failed(backend, Operation.READ, status)));
        assertEquals(ErrorAction.REPORT, backend.errors().policy().judge(Operation.READ, status));
    }

    @Test
    void l1ReadsReportAndWritesStopForWantOfSpace() {
        assertEquals(
                new ErrorPolicy(OnError.REPORT, OnError.ENOSPC),
                bench.backend().errors().policy());
    }

    @Test
    void aDevicesOwnPolicyOverridesThatOfItsDriveUnlessItIsAuto() {
        assertEquals(
                new ErrorPolicy(OnError.REPORT, OnError.IGNORE),
                ErrorPolicy.DEFAULT.overriddenBy(OnError.AUTO, OnError.IGNORE));
    }

    @Test
    void e2StatusThenErrorThenStop() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        stopBy(backend, Status.NO_SPACE);
        assertEquals(
                List.of(
                        new IoError("disk", false, ErrorAction.STOP, true, "No space left on device")
                                + " while NOSPACE",
                        "RUNNING to IO_ERROR"),
                events);
    }

    @Test
    void e2TheFirstErrorIsKeptUntilTheMachineGoesOn() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        backend.errors().policy(new ErrorPolicy(OnError.STOP, OnError.STOP));
        stopBy(backend, Status.NO_SPACE);
        stopBy(backend, Status.IO_ERROR);
        assertEquals(IoStatus.NOSPACE, backend.errors().status());
        layer.runState().resume();
        assertEquals(IoStatus.OK, backend.errors().status());
    }

    @Test
    void nothingStopsAMachineThatNobodyCouldLetGoOn() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        final IoError error = backend.errors().judge(failed(backend, Operation.WRITE, Status.NO_SPACE));
        assertEquals(new IoError("disk", false, ErrorAction.REPORT, true, "No space left on device"), error);
    }

    @Test
    void thePolicyStaysWhenTheMediumChanges() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        final ErrorPolicy policy = new ErrorPolicy(OnError.IGNORE, OnError.STOP);
        backend.errors().policy(policy);
        layer.changeMedium(backend, bench.disk("other"));
        assertEquals(policy, backend.errors().policy());
    }

    @Test
    void l5AttachingADeviceResetsTheStatus() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        stopBy(backend, Status.NO_SPACE);
        backend.detachDevice();
        backend.attachDevice(new TestDevice("second"), TestBench.READ_WRITE, Permission.ALL);
        assertEquals(IoStatus.OK, backend.errors().status());
    }

    @Test
    void l9ADeletedDriveReportsEverything() throws BlockException {
        final BlockBackend drive = layer.addDrive("drive", bench.context, bench.disk("disk"));
        drive.attachDevice(new TestDevice("dev"), TestBench.READ_WRITE, Permission.ALL);
        layer.deleteDrive("drive");
        assertEquals(ErrorPolicy.REPORT, drive.errors().policy());
    }

    // ---- the run state ----

    @Test
    void aMachineThatHasStoppedKeepsTheFirstReason() {
        layer.runState().stop(RunState.Status.IO_ERROR);
        layer.runState().stop(RunState.Status.PAUSED);
        assertEquals(RunState.Status.IO_ERROR, layer.runState().status());
        assertFalse(layer.runState().running());
        assertEquals(List.of("RUNNING to IO_ERROR"), events);
    }

    @Test
    void aRunningMachineThatIsToGoOnMakesNoEvent() {
        layer.runState().resume();
        assertTrue(layer.runState().running());
        assertEquals(List.of(), events);
    }

    @Test
    void devicesAreToldInTheirContext() throws BlockException {
        final TestDevice device = new TestDevice("dev");
        bench.backend().attachDevice(device, TestBench.READ_WRITE, Permission.ALL);
        layer.runState().stop(RunState.Status.PAUSED);
        assertEquals(List.of(), device.log);
        bench.context.runUntilIdle();
        layer.runState().resume();
        bench.context.runUntilIdle();
        assertEquals(List.of("machine stopped", "machine runs"), device.log);
    }

    @Test
    void aDeviceThatIsAttachedWhileTheMachineIsStoppedHearsOfIt() throws BlockException {
        layer.runState().stop(RunState.Status.PRELAUNCH);
        final TestDevice device = new TestDevice("dev");
        bench.backend().attachDevice(device, TestBench.READ_WRITE, Permission.ALL);
        assertEquals(List.of("machine stopped"), device.log);
    }
}
