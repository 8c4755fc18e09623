package io.drivebay.sim.ide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.kit.CdDrive;
import io.drivebay.sim.kit.TestMachine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Linux 6.1 was seen to send to QEMU's drive, and what it was answered; here, our drive in that profile. */
final class CdPollerTest {
    private final TestMachine machine = TestMachine.ofSeed(1)
            .profile(Deviation.QEMU_QUIRKS)
            .medium("A", 1 << 20)
            .medium("B", 1 << 19);
    private CdDrive cd;
    private CdPoller linux;

    @BeforeEach
    void begin() throws Exception {
        cd = machine.cd("cd0", "A");
        linux = cd.poller();
        linux.poll();
        linux.takeCommands();
    }

    @AfterEach
    void end() {
        machine.close();
    }

    @Test
    void aQuietRoundIsOneEventPollAndOneTest() {
        linux.poll();

        assertEquals(List.of("GESN none present", "TUR ok"), linux.takeCommands());
        assertEquals(List.of(), linux.takeNotices());
    }

    @Test
    void aChangeIsMetAsTheTraceHasIt() {
        cd.host().change("B", false);

        linux.poll();

        assertEquals(
                List.of(
                        "GESN new-medium present",
                        "TUR 2/3a/00",
                        "TUR 6/28/00",
                        "TUR ok",
                        "TOC ok",
                        "TOC ok",
                        "TOC ok",
                        "CAPACITY 256",
                        "DISC ok",
                        "TRACK 5/20/00",
                        "TOC ok"),
                linux.takeCommands());
        assertEquals(List.of("media-change"), linux.takeNotices());
        assertEquals(256, linux.blocks());
    }

    @Test
    void anOpenTrayIsNotReadyTwice() {
        cd.host().openTray(false);

        linux.poll();

        assertEquals(List.of("GESN none open", "TUR 2/3a/00", "TUR 2/3a/00"), linux.takeCommands());
        assertEquals(CdPoller.Status.TRAY_OPEN, linux.status());
    }

    @Test
    void anEjectRequestReachesUserSpaceOnce() {
        linux.open();
        cd.host().openTray(false);
        linux.takeNotices();

        linux.poll();
        linux.poll();

        assertEquals(List.of("eject-request"), linux.takeNotices());
    }

    @Test
    void aProgramThatOpensTheDriveClosesTheTrayAndLocksTheDisc() {
        cd.host().openTray(false);

        linux.open();

        assertEquals("closed A locked", cd.host().state());
        assertEquals("open close", machine.trayMoves());
    }
}
