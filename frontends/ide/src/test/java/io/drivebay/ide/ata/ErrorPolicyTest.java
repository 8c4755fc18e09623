package io.drivebay.ide.ata;

import static io.drivebay.ide.kit.Registers.COMMAND;
import static io.drivebay.ide.kit.Registers.COUNT;
import static io.drivebay.ide.kit.Registers.ERROR;
import static io.drivebay.ide.kit.Registers.FAILED;
import static io.drivebay.ide.kit.Registers.FEATURES;
import static io.drivebay.ide.kit.Registers.READY;
import static io.drivebay.ide.kit.Registers.STATUS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.backend.policy.IoStatus;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.device.IdeDevice.Reset;
import io.drivebay.ide.kit.DiskGuest;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ErrorPolicyTest {
    private final FaultyDisk medium = FaultyDisk.tagged(1 << 20, 1);

    private DiskGuest guest(final OnError read, final OnError write) {
        return new DiskGuest(Host.with(medium).policy(read, write), DiskOptions.of(DriveOptions.of("hd0")));
    }

    @Test
    void e1EnospcStopsOnlyForWantOfSpace() {
        final DiskGuest guest = guest(OnError.REPORT, OnError.ENOSPC);
        medium.full = true;
        guest.at(0, 2).command(0xca);
        assertEquals(List.of(ErrorAction.STOP), guest.host.errors);
        assertEquals(IoStatus.NOSPACE, guest.host.backend.errors().status());
        assertEquals(0x58, guest.in(STATUS));
    }

    @Test
    void e4AStoppedCommandIsCarriedOutWhenTheMachineGoesOn() {
        final DiskGuest guest = guest(OnError.REPORT, OnError.STOP);
        medium.full = true;
        guest.at(0, 2).command(0xca);
        medium.full = false;
        guest.host.resume();
        assertEquals(READY, guest.status());
        assertEquals(IoStatus.OK, guest.host.backend.errors().status());
        assertEquals(List.of("WRITE 0+2", "WRITE 0+2"), medium.log);
    }

    @Test
    void e4AResetDropsAStoppedCommand() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        medium.badReads.add(0L);
        guest.at(0, 1).command(0x20);
        guest.disk.reset(Reset.HARDWARE);
        assertEquals(READY, guest.in(STATUS));
        medium.badReads.clear();
        guest.host.resume();
        assertEquals(1, medium.log.size());
    }

    @Test
    void e5AStoppedTransferGoesOnWithTheFailingSector() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        medium.badReads.add(2L);
        guest.at(0, 4).command(0x20);
        guest.take(2);
        medium.badReads.clear();
        guest.host.resume();
        assertEquals(2, guest.take(2)[0]);
        assertEquals(READY, guest.status());
    }

    @Test
    void e7EachResumeTriesExactlyOnce() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        medium.badReads.add(0L);
        guest.at(0, 1).command(0x20);
        guest.host.resume();
        assertEquals(List.of(ErrorAction.STOP, ErrorAction.STOP), guest.host.errors);
        assertEquals(2, medium.log.size());
    }

    @Test
    void e2AStopIsReportedBeforeTheMachineStops() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        medium.badReads.add(0L);
        guest.at(0, 1).command(0x20);
        guest.host.resume();
        assertEquals(
                List.of("read error STOP", "IO_ERROR", "RUNNING", "read error STOP", "IO_ERROR"), guest.host.events);
    }

    @Test
    void e5AFlushThatWasStoppedIsIssuedAgain() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        medium.badFlush = true;
        guest.out(COMMAND, 0xe7);
        guest.host.run();
        medium.badFlush = false;
        guest.host.resume();
        assertEquals(READY, guest.status());
        assertEquals(List.of("write error STOP", "IO_ERROR", "RUNNING"), guest.host.events);
    }

    @Test
    void e5ATrimThatWasStoppedGoesOnWithTheFailingRange() {
        final DiskGuest guest = guest(OnError.STOP, OnError.STOP);
        guest.socket.memory.putLong(0, 1L << 48);
        guest.socket.memory.putLong(8, 8 | 1L << 48);
        guest.socket.memoryBytes = 512;
        medium.badWrites.add(8L);
        guest.out(FEATURES, 0);
        guest.out(COUNT, 0);
        guest.command(0x06, 1, 1);
        medium.badWrites.clear();
        medium.log.clear();
        guest.host.resume();
        assertEquals(READY, guest.status());
        assertEquals(1, medium.log.size());
    }

    @Test
    void e1IgnoredErrorsLookLikeSuccess() {
        final DiskGuest guest = guest(OnError.IGNORE, OnError.IGNORE);
        medium.badReads.add(1L);
        guest.at(0, 4);
        assertEquals(READY, guest.command(0xc8));
        assertEquals(List.of(ErrorAction.IGNORE), guest.host.errors);
    }

    @Test
    void e3AReportedErrorIsVisibleBeforeAnybodyIsTold() {
        final DiskGuest guest = guest(OnError.REPORT, OnError.REPORT);
        medium.badReads.add(1L);
        guest.at(1, 1);
        assertEquals(FAILED, guest.command(0x20));
        assertEquals(List.of(ErrorAction.REPORT), guest.host.errors);
    }

    @Test
    void theQuirkTurnsAReadErrorIntoAnAbort() {
        final DiskGuest guest = new DiskGuest(
                Host.with(medium),
                DiskOptions.of(DriveOptions.of("hd0").withDeviations(EnumSet.of(Deviation.READ_ERROR_IS_ABORT))));
        medium.badReads.add(1L);
        guest.at(1, 1).command(0x20);
        assertEquals(4, guest.in(ERROR));
    }

    @Test
    void aDrainHoldsTheCommandBackAndLetsItGoAfterwards() throws BlockException {
        final DiskGuest guest = guest(OnError.REPORT, OnError.REPORT);
        final BlockLayer.Drain drain = guest.host.layer.drain(guest.host.backend);
        guest.at(3, 1).out(COMMAND, 0x20);
        guest.host.run();
        assertEquals(List.of(), medium.log);
        drain.close();
        guest.host.run();
        assertEquals(3, guest.take(1)[0]);
    }

    @Test
    void aFullRingHoldsTheCommandBackUntilThereIsRoom() {
        final Host host = new Host(2);
        host.insert(medium);
        final DiskGuest guest = new DiskGuest(host, DiskOptions.of(DriveOptions.of("hd0")));
        for (int i = 0; i < 2; i++) {
            host.backend.submit(new io.drivebay.backend.request.BlockRequest(request -> {})
                    .set(io.drivebay.backend.request.Operation.FLUSH, 0, 0, 0));
        }
        guest.at(3, 1).out(COMMAND, 0x20);
        host.run();
        assertEquals(3, guest.take(1)[0]);
    }
}
