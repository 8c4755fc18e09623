package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockEvents;
import io.drivebay.backend.RunState;
import io.drivebay.backend.policy.ErrorPolicy;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.policy.IoStatus;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E1-E4, E7, E8, VT5, VT6: rerror and werror, a machine that stops and goes on, a reset in between. */
final class ErrorPolicyTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int UNTOUCHED = 0xee;

    private final Machine machine = new Machine(BlkOptions.of("vda"));
    private final GuestRing ring = machine.start(Machine.USUAL, 16);
    private final List<String> events = new ArrayList<>();

    @BeforeEach
    void listen() {
        final RunState runState = machine.layer.runState();
        runState.stoppable(true);
        runState.addListener((before, now) -> events.add(now.name()));
        machine.layer.addListener(new BlockEvents() {
            @Override
            public void trayMoved(final BlockBackend backend, final String deviceId, final boolean open) {}

            @Override
            public void ioError(final BlockBackend backend, final IoError error) {
                events.add(error.action() + " used=" + ring.usedIndex());
            }
        });
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private void policy(final OnError read, final OnError write) {
        machine.backend.errors().policy(new ErrorPolicy(read, write));
    }

    private Buffer offer(final int type, final long sector) {
        final Buffer status = machine.status();
        final Buffer data = type == Machine.IN ? Buffer.writable(DATA, 512) : Buffer.readable(DATA, 512);
        ring.offer(machine.header(type, sector), data, status);
        return status;
    }

    private void resume() {
        machine.layer.runState().resume();
        machine.context.runUntilIdle();
    }

    private IoStatus ioStatus() {
        return machine.backend.errors().status();
    }

    @Test
    void vt5RequestsThatFoundNoSpaceAreTriedAgainInOrderBeforeNewOnes() {
        machine.disk.fail(Status.NO_SPACE, 2);
        final Buffer first = offer(Machine.OUT, 0);
        final Buffer second = offer(Machine.OUT, 1);
        offer(Machine.OUT, 2);
        offer(Machine.OUT, 3);
        machine.kickAndRun();
        assertEquals(2, ring.usedIndex());
        assertEquals(List.of(UNTOUCHED, UNTOUCHED), List.of(machine.statusIn(first), machine.statusIn(second)));
        assertEquals(IoStatus.NOSPACE, ioStatus());
        assertEquals(List.of("STOP used=0", "IO_ERROR", "STOP used=0"), events);

        offer(Machine.OUT, 9);
        machine.kickAndRun();
        machine.disk.seen().clear();
        resume();

        assertEquals(List.of("WRITE 0+512 0", "WRITE 512+512 0", "WRITE 4608+512 0"), machine.disk.seen());
        assertEquals(5, ring.usedIndex());
        assertEquals(List.of(0, 0), List.of(machine.statusIn(first), machine.statusIn(second)));
        assertEquals(IoStatus.OK, ioStatus());
    }

    @Test
    void e4RequestsThatFailedOutOfOrderAreTriedAgainInTheGuestsOrder() {
        policy(OnError.STOP, OnError.STOP);
        machine.disk.hold(true);
        offer(Machine.OUT, 0);
        offer(Machine.OUT, 1);
        machine.kickAndRun();
        machine.disk.fail(Status.IO_ERROR, 2);
        machine.context.run(machine.disk::releaseLast);
        machine.context.run(machine.disk::releaseLast);
        machine.context.runUntilIdle();
        machine.disk.hold(false);
        machine.disk.seen().clear();
        resume();
        assertEquals(List.of("WRITE 0+512 0", "WRITE 512+512 0"), machine.disk.seen());
    }

    @Test
    void vt6AResetDropsWhatWasStopped() {
        machine.disk.fail(Status.NO_SPACE, 1);
        final Buffer status = offer(Machine.OUT, 0);
        machine.kickAndRun();
        machine.set(Machine.STATUS, 0);
        assertEquals(0, machine.get(Machine.STATUS));
        machine.disk.seen().clear();
        resume();
        assertEquals(List.of(), machine.disk.seen());
        assertEquals(List.of(0, UNTOUCHED), List.of(ring.usedIndex(), machine.statusIn(status)));
    }

    @Test
    void vt6ADeviceThatWasResetWhileStoppedWorksWhenTheMachineGoesOn() {
        machine.disk.fail(Status.NO_SPACE, 1);
        offer(Machine.OUT, 0);
        machine.kickAndRun();
        final GuestRing fresh = machine.start(Machine.USUAL, 16);
        final Buffer status = machine.status();
        fresh.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);
        machine.kickAndRun();
        assertNull(fresh.poll());
        resume();
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void e7EachResumeTriesExactlyOnce() {
        policy(OnError.STOP, OnError.STOP);
        machine.disk.fail(Status.IO_ERROR);
        offer(Machine.IN, 0);
        machine.kickAndRun();
        resume();
        resume();
        assertEquals(3, machine.disk.seen().size());
        assertEquals(
                List.of(
                        "STOP used=0",
                        "IO_ERROR",
                        "RUNNING",
                        "STOP used=0",
                        "IO_ERROR",
                        "RUNNING",
                        "STOP used=0",
                        "IO_ERROR"),
                events);
        assertEquals(IoStatus.FAILED, ioStatus());
    }

    @Test
    void e3TheGuestSeesAReportedErrorBeforeAnybodyIsTold() {
        policy(OnError.REPORT, OnError.REPORT);
        machine.disk.fail(Status.IO_ERROR, 1);
        final Buffer status = offer(Machine.IN, 0);
        machine.kickAndRun();
        assertEquals(GuestStatus.IO_ERROR, machine.statusIn(status));
        assertEquals(List.of("REPORT used=1"), events);
    }

    @Test
    void e1AnIgnoredErrorLooksLikeSuccess() {
        policy(OnError.IGNORE, OnError.IGNORE);
        machine.disk.fail(Status.IO_ERROR, 1);
        final Buffer status = offer(Machine.OUT, 0);
        machine.kickAndRun();
        assertEquals(GuestStatus.OK, machine.statusIn(status));
        assertEquals(
                List.of("IGNORE used=0"),
                events.stream().map(event -> event.replace("used=1", "used=0")).toList());
    }

    @Test
    void e1AnIgnoredRangeGoesOnWithTheNext() {
        policy(OnError.IGNORE, OnError.IGNORE);
        machine.disk.fail(Status.IO_ERROR, 1);
        machine.ram.putLong(DATA, 0);
        machine.ram.putLong(DATA + 8, 1);
        machine.ram.putLong(DATA + 16, 8);
        machine.ram.putLong(DATA + 24, 1);
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.WRITE_ZEROES_REQUEST, 0), Buffer.readable(DATA, 32), status);
        machine.kickAndRun();
        assertEquals(2, machine.disk.seen().size());
        assertEquals(GuestStatus.OK, machine.statusIn(status));
    }

    @Test
    void e8OnlyTheRequestThatFailedIsKept() {
        policy(OnError.STOP, OnError.STOP);
        machine.disk.fail(Status.IO_ERROR, 1);
        offer(Machine.OUT, 0);
        final Buffer good = offer(Machine.OUT, 1);
        machine.kickAndRun();
        assertEquals(GuestStatus.OK, machine.statusIn(good));
        assertEquals(1, ring.usedIndex());
    }

    @Test
    void withoutAnybodyToLetItGoOnTheMachineIsNotStopped() {
        machine.layer.runState().stoppable(false);
        policy(OnError.STOP, OnError.STOP);
        machine.disk.fail(Status.IO_ERROR, 1);
        final Buffer status = offer(Machine.IN, 0);
        machine.kickAndRun();
        assertEquals(GuestStatus.IO_ERROR, machine.statusIn(status));
        assertEquals(List.of("REPORT used=1"), events);
    }
}
