package io.drivebay.backend;

import static io.drivebay.backend.graph.Refusals.kindOf;
import static io.drivebay.backend.graph.Refusals.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.MediaControl.ReadOnlyMode;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.BlockedOperation;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.NodeOptions.DetectZeroes;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MediaControlTest {
    private static final DriveAddress CD = DriveAddress.ofDevice("cd");
    private static final DriveAddress FLOPPY = DriveAddress.ofBackend("floppy");
    private static final DriveAddress FIXED = DriveAddress.ofDevice("hd");
    private static final Map<String, Object> NEW_MEDIUM = Map.of("driver", "test", "node-name", "new");

    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;
    private final MediaControl control = new MediaControl(layer, new Blockdevs(layer, List.of(new Factory())));
    private final List<String> events = new ArrayList<>();
    private final TestDevice drive = new TestDevice("cd").withTray();
    private final BlockBackend cd = bench.backend();
    private final BlockBackend floppy = bench.backend();

    /** Opens test disks; with size 13 it fails. */
    private static final class Factory implements DriverFactory {
        @Override
        public String driverName() {
            return "test";
        }

        @Override
        public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
            final int bytes = (int) options.size("size", 4096);
            if (bytes == 13) {
                throw new BlockException(Kind.IO, "cannot open the disc");
            }
            return new TestDriver(bytes);
        }
    }

    @BeforeEach
    void attach() throws BlockException {
        cd.attachDevice(drive, Permission.CONSISTENT_READ.bit(), Permission.ALL);
        layer.insertMedium(cd, bench.disk("disc"));
        layer.nameBackend(floppy, "floppy");
        final BlockBackend hd = bench.backend();
        hd.attachDevice(new TestDevice("hd"), TestBench.READ_WRITE, Permission.ALL);
        layer.addListener((backend, id, open) -> events.add(id + (open ? " open" : " closed")));
        drive.log.clear();
    }

    @Test
    void aCommandNeedsAWellKnownDrive() {
        assertEquals(Kind.NOT_FOUND, kindOf(() -> control.openTray(DriveAddress.ofBackend("none"), false)));
        assertEquals(Kind.NOT_FOUND, kindOf(() -> control.eject(DriveAddress.ofDevice("none"), false)));
    }

    @Test
    void everyCommandOnAFixedDeviceIsRefused() {
        final String expected = "device 'hd' is not removable";

        assertEquals(expected, messageOf(() -> control.openTray(FIXED, true)));
        assertEquals(expected, messageOf(() -> control.closeTray(FIXED)));
        assertEquals(expected, messageOf(() -> control.removeMedium(FIXED)));
        assertEquals(expected, messageOf(() -> control.insertMedium(FIXED, "disc")));
        assertEquals(expected, messageOf(() -> control.eject(FIXED, true)));
        assertEquals(expected, messageOf(() -> control.changeMedium(FIXED, NEW_MEDIUM, ReadOnlyMode.RETAIN, false)));
    }

    @Test
    void openAndCloseMoveTheTrayOnceAndTellSo() throws BlockException {
        control.openTray(CD, false);
        control.openTray(CD, false);
        control.closeTray(CD);
        control.closeTray(CD);

        assertEquals(List.of("cd open", "cd closed"), events);
        assertEquals(List.of("tray opens", "tray closes"), drive.log);
        assertNotNull(cd.medium());
    }

    @Test
    void aLockedTrayStaysClosedAndTheGuestIsAsked() throws BlockException {
        drive.lock(true);

        control.openTray(CD, false);

        assertFalse(drive.trayOpen());
        assertEquals(List.of("eject requested"), drive.log);
        assertEquals(List.of(), events);
    }

    @Test
    void forceUnlocksAndOpens() throws BlockException {
        drive.lock(true);

        control.openTray(CD, true);

        assertTrue(drive.trayOpen());
        assertFalse(drive.mediumLocked());
        assertEquals(List.of("cd open"), events);
    }

    @Test
    void withoutATrayThereIsNothingToOpenOrClose() throws BlockException {
        control.openTray(FLOPPY, false);
        control.closeTray(FLOPPY);

        assertEquals(List.of(), events);
    }

    @Test
    void aTrayThatCannotLoadStaysOpen() throws BlockException {
        control.openTray(CD, false);
        drive.refusingLoads(1);

        assertEquals(Kind.IO, kindOf(() -> control.closeTray(CD)));

        assertTrue(drive.trayOpen());
        assertEquals(List.of("cd open"), events);
    }

    @Test
    void mediaComeAndGoOnlyThroughAnOpenTray() throws BlockException {
        bench.disk("other");
        assertEquals("the tray of device 'cd' is not open", messageOf(() -> control.removeMedium(CD)));
        assertEquals("the tray of device 'cd' is not open", messageOf(() -> control.insertMedium(CD, "other")));
        control.openTray(CD, false);
        assertEquals(Kind.WRONG_STATE, kindOf(() -> control.insertMedium(CD, "other")));

        control.removeMedium(CD);
        control.removeMedium(CD);
        control.insertMedium(CD, "other");

        assertSame(layer.node("other"), cd.medium());
        assertNotNull(layer.node("disc"));
    }

    @Test
    void aNodeThatAnotherBackendHasIsInUse() throws BlockException {
        control.openTray(CD, false);

        assertEquals(Kind.IN_USE, kindOf(() -> control.insertMedium(FLOPPY, "disc")));
        assertEquals(Kind.NOT_FOUND, kindOf(() -> control.insertMedium(FLOPPY, "none")));
        bench.disk("free");
        control.insertMedium(FLOPPY, "free");
        assertSame(layer.node("free"), floppy.medium());
    }

    @Test
    void aDeviceWithoutATrayIsToldAtOnceAndMayRefuse() throws BlockException {
        final TestDevice card = new TestDevice("card").asRemovable().refusingMedia();
        floppy.attachDevice(card, Permission.NONE, Permission.ALL);
        bench.disk("free");

        assertEquals(Kind.WRONG_STATE, kindOf(() -> control.insertMedium(FLOPPY, "free")));

        assertNull(floppy.medium());
        assertFalse(card.log.contains("loaded"));
    }

    @Test
    void aBlockedRemovalGivesTheBlockersReason() throws BlockException {
        final BlockNode disc = cd.medium();
        assertNotNull(disc);
        disc.blockers().block(BlockedOperation.EJECT, "a backup reads it");
        control.openTray(CD, false);

        assertEquals("a backup reads it", messageOf(() -> control.removeMedium(CD)));

        assertSame(disc, cd.medium());
    }

    @Test
    void ejectOpensAndEmptiesAnEmptyDriveToo() throws BlockException {
        control.eject(CD, false);
        assertNull(cd.medium());
        control.closeTray(CD);
        control.eject(CD, false);

        assertEquals(List.of("cd open", "cd closed", "cd open"), events);
    }

    @Test
    void ejectOfALockedTrayFailsAfterAskingTheGuest() throws BlockException {
        drive.lock(true);

        assertEquals(Kind.LOCKED, kindOf(() -> control.eject(CD, false)));
        assertNotNull(cd.medium());
        assertEquals(List.of("eject requested"), drive.log);
        control.eject(CD, true);

        assertNull(cd.medium());
    }

    @Test
    void aGuestMovingItsTrayIsAnEventAndLeavesTheMediumInTheGraph() throws BlockException {
        final BlockNode disc = cd.medium();

        drive.guestMovesTray(cd, true);
        assertEquals(Status.NO_MEDIUM, bench.perform(cd, Operation.READ, 0, 512).status());
        drive.guestMovesTray(cd, false);

        assertEquals(List.of("cd open", "cd closed"), events);
        assertSame(disc, cd.medium());
        assertEquals(Status.OK, bench.perform(cd, Operation.READ, 0, 512).status());
    }

    @Test
    void changeOpensTheNewMediumFirstThenMovesTheTray() throws BlockException {
        final TestRequest before = new TestRequest(Operation.READ, 0, 512).submitTo(cd);

        control.changeMedium(CD, NEW_MEDIUM, ReadOnlyMode.RETAIN, false);

        assertEquals(Status.OK, before.status());
        assertSame(layer.node("new"), cd.medium());
        assertEquals(List.of("cd open", "cd closed"), events);
        assertEquals(List.of("drain begins", "loaded", "tray opens", "tray closes", "drain ends"), drive.log);
    }

    @Test
    void aNewMediumThatCannotBeOpenedChangesNothing() {
        final BlockNode disc = cd.medium();

        assertEquals(
                Kind.IO,
                kindOf(() ->
                        control.changeMedium(CD, Map.of("driver", "test", "size", 13), ReadOnlyMode.RETAIN, false)));
        drive.lock(true);
        assertEquals(Kind.LOCKED, kindOf(() -> control.changeMedium(CD, NEW_MEDIUM, ReadOnlyMode.RETAIN, false)));

        assertSame(disc, cd.medium());
        assertEquals(List.of(), events);
        assertNull(layer.node("new"));
    }

    @Test
    void aNewMediumThatCannotBeLoadedIsTakenBack() {
        final BlockNode disc = cd.medium();
        drive.refusingLoads(1);

        assertEquals(Kind.IO, kindOf(() -> control.changeMedium(CD, NEW_MEDIUM, ReadOnlyMode.RETAIN, false)));

        assertSame(disc, cd.medium());
        assertFalse(drive.trayOpen());
        assertEquals(List.of("cd open", "cd closed"), events);
        assertNull(layer.node("new"));
        assertEquals(Status.OK, bench.perform(cd, Operation.READ, 0, 512).status());
    }

    @Test
    void changeRetainsTheOptionsOfTheLastMediumAlsoThroughAnEmptyDrive() throws BlockException {
        final NodeOptions options = new NodeOptions(true, true, DetectZeroes.UNMAP, true, true);
        layer.changeMedium(cd, bench.node("first", new TestDriver(4096), options));
        control.eject(CD, false);

        control.changeMedium(CD, NEW_MEDIUM, ReadOnlyMode.RETAIN, false);
        assertEquals(options, mediumOptions());
        control.changeMedium(CD, Map.of("driver", "test", "discard", "ignore"), ReadOnlyMode.READ_WRITE, false);

        assertEquals(new NodeOptions(false, false, DetectZeroes.ON, true, true), mediumOptions());
    }

    private NodeOptions mediumOptions() {
        final BlockNode medium = cd.medium();
        assertNotNull(medium);
        return medium.options();
    }
}
