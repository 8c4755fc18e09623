package io.drivebay.ide.atapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.drivebay.backend.MediaControl;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.kit.CdGuest;
import io.drivebay.ide.kit.CdGuest.Outcome;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import io.drivebay.ide.kit.PcGuest;
import io.drivebay.ide.media.MediaInput;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** T1 to T16: what a guest sees of tray, medium and lock; by the standards, and by QEMU where it differs. */
final class MediaTracesTest {
    private static final int DISC = 1 << 20;

    private final FaultyDisk discA = FaultyDisk.tagged(DISC, 0xaa);

    private CdGuest standard() {
        final CdGuest cd = new CdGuest(Host.with(discA), Deviation.STANDARD);
        cd.ready();
        return cd;
    }

    private CdGuest quirky() {
        return new CdGuest(Host.with(discA), Deviation.QEMU_QUIRKS);
    }

    private static CdGuest empty(final Set<Deviation> deviations) {
        return new CdGuest(new Host(), deviations);
    }

    private static void open(final CdGuest cd) {
        assertNull(cd.host((media, drive) -> media.openTray(drive, false)));
    }

    private static void close(final CdGuest cd) {
        assertNull(cd.host(MediaControl::closeTray));
    }

    private static void remove(final CdGuest cd) {
        assertNull(cd.host(MediaControl::removeMedium));
    }

    private static Outcome guestLoad(final CdGuest cd) {
        return cd.packet(0x1b, 0, 0, 0, 3);
    }

    private static Outcome guestEject(final CdGuest cd) {
        return cd.packet(0x1b, 0, 0, 0, 2);
    }

    private static void prevent(final CdGuest cd, final int bits) {
        cd.packet(0x1e, 0, 0, 0, bits);
    }

    @Test
    void t1ADriveWithAMediumIsReadyOnceTheResetHasBeenReported() {
        final CdGuest cd = new CdGuest(Host.with(discA), Deviation.STANDARD);
        assertEquals(List.of("6/29/00", "ok", "0 2"), List.of(cd.ready(), cd.ready(), cd.event()));
    }

    @Test
    void t1QemuReportsNoReset() {
        final CdGuest cd = quirky();
        assertEquals(List.of("ok", "0 2"), List.of(cd.ready(), cd.event()));
    }

    @Test
    void t2AnOpenTrayIsNotReadyAndTheRemovalIsAnEvent() {
        final CdGuest cd = standard();
        open(cd);
        assertEquals(
                List.of("2/3a/02", "3 1", "0 1", List.of(true), false),
                List.of(cd.ready(), cd.event(), cd.event(), cd.trayEvents, cd.pc.level()));
        assertEquals(0x20, cd.packet(0x28, 0, 0, 0, 0, 0, 0, 0, 1).error());
        assertEquals("2/3a/02", cd.sense());
    }

    @Test
    void t2QemuRaisesASpuriousInterruptAndAnnouncesNoRemoval() {
        final CdGuest cd = quirky();
        final int before = cd.pc.rises();
        open(cd);
        assertEquals(1, cd.pc.rises() - before);
        assertEquals(List.of("2/3a/00", "0 1"), List.of(cd.ready(), cd.event()));
    }

    @Test
    void t3AnEmptyTrayIsNotReady() {
        final CdGuest cd = standard();
        open(cd);
        remove(cd);
        assertEquals(List.of("2/3a/02", List.of(true)), List.of(cd.ready(), cd.trayEvents));
    }

    @Test
    void t4LoadingAnEmptyTrayClosesItAndArmsNothing() {
        final CdGuest cd = standard();
        open(cd);
        remove(cd);
        cd.event();
        assertEquals(0x50, guestLoad(cd).status());
        assertEquals(List.of("2/3a/01", "0 0", List.of(true, false)), List.of(cd.ready(), cd.event(), cd.trayEvents));
    }

    @Test
    void t4QemuAnnouncesANewMediumOnce() {
        final CdGuest cd = quirky();
        open(cd);
        remove(cd);
        guestLoad(cd);
        assertEquals(List.of("2/3a/00", "2 0", "0 0"), List.of(cd.ready(), cd.event(), cd.event()));
    }

    @Test
    void t5TheGuestOpensTheTray() {
        final CdGuest cd = standard();
        assertEquals(0x50, guestEject(cd).status());
        assertEquals(List.of("2/3a/02", List.of(true)), List.of(cd.ready(), cd.trayEvents));
    }

    @Test
    void t6AMediumInAnOpenTrayIsNotReady() {
        final CdGuest cd = standard();
        open(cd);
        remove(cd);
        cd.insert(FaultyDisk.tagged(DISC, 0xcc));
        assertEquals("2/3a/02", cd.ready());
    }

    @Test
    void t7ANewMediumIsReportedOnceAndThenRead() {
        final CdGuest cd = standard();
        open(cd);
        remove(cd);
        cd.insert(FaultyDisk.tagged(DISC, 0xcc));
        cd.event();
        close(cd);
        assertEquals(
                List.of("6/28/00", "ok", "2 2", "0 2", List.of(true, false), 0xcc),
                List.of(cd.ready(), cd.ready(), cd.event(), cd.event(), cd.trayEvents, cd.tagOf(3)));
    }

    @Test
    void t7QemuSaysNotReadyFirstAndBarsEverythingUntilSensed() {
        final CdGuest cd = quirky();
        open(cd);
        remove(cd);
        cd.insert(FaultyDisk.tagged(DISC, 0xcc));
        close(cd);
        assertEquals("2/3a/00", cd.ready());
        assertEquals(0x60, cd.packet(0x00).error());
        final Outcome barred = cd.packet(0x28, 0, 0, 0, 0, 0, 0, 0, 1);
        assertEquals(List.of(0x01, 0x60), List.of(barred.status(), barred.error()));
        assertEquals(
                List.of("6/28/00", "ok", "2 2", "0 2", 0xcc),
                List.of(cd.sense(), cd.ready(), cd.event(), cd.event(), cd.tagOf(0)));
    }

    @Test
    void t8AChangeWhileClosedLooksLikeOpenAndClose() {
        final CdGuest cd = standard();
        assertNull(cd.change(false));
        assertEquals(
                List.of("6/28/00", "ok", List.of(true, false), 0xbb),
                List.of(cd.ready(), cd.ready(), cd.trayEvents, cd.tagOf(5)));
    }

    @Test
    void t8QemuAsT7() {
        final CdGuest cd = quirky();
        assertNull(cd.change(false));
        assertEquals(
                List.of("2/3a/00", "6/28/00", "ok", 0xbb), List.of(cd.ready(), cd.ready(), cd.ready(), cd.tagOf(5)));
    }

    @Test
    void t9ALockedTrayStaysAndTheGuestIsAskedOnce() {
        final CdGuest cd = standard();
        prevent(cd, 1);
        open(cd);
        assertEquals(
                List.of("1 2", "0 2", "ok", List.of()), List.of(cd.event(), cd.event(), cd.ready(), cd.trayEvents));
        assertEquals(Kind.LOCKED, cd.host((media, drive) -> media.eject(drive, false)));
        assertEquals(Kind.LOCKED, cd.change(false));
    }

    @Test
    void t10TheGuestUnlocksAndEjectsAndTheHostMayRemove() {
        final CdGuest cd = standard();
        prevent(cd, 1);
        prevent(cd, 0);
        guestEject(cd);
        assertEquals(List.of("2/3a/02", List.of(true)), List.of(cd.ready(), cd.trayEvents));
        remove(cd);
    }

    @Test
    void t11ForceUnlocksAndOpens() {
        final CdGuest cd = standard();
        prevent(cd, 1);
        assertNull(cd.host((media, drive) -> media.openTray(drive, true)));
        assertEquals(
                List.of("2/3a/02", "3 1", false),
                List.of(cd.ready(), cd.event(), cd.drive.mediaState().locked()));
        close(cd);
        assertEquals(List.of("2 2", "6/28/00"), List.of(cd.event(), cd.ready()));
    }

    @Test
    void t12ALockedTrayRefusesTheGuestsEject() {
        final CdGuest cd = standard();
        prevent(cd, 1);
        assertEquals(0x20, guestEject(cd).error());
        assertEquals(List.of("2/53/02", "ok"), List.of(cd.sense(), cd.ready()));
        final CdGuest none = empty(Deviation.STANDARD);
        none.ready();
        prevent(none, 1);
        assertEquals(0x50, guestEject(none).error());
        assertEquals("5/53/02", none.sense());
    }

    @Test
    void t13EjectOpensAndEmpties() {
        final CdGuest cd = standard();
        assertNull(cd.host((media, drive) -> media.eject(drive, false)));
        assertEquals(
                List.of("2/3a/02", "3 1", List.of(true), false),
                List.of(
                        cd.ready(),
                        cd.event(),
                        cd.trayEvents,
                        cd.drive.mediaState().medium()));
    }

    private static void softReset(final CdGuest cd) {
        cd.pc.out(PcGuest.CONTROL, 4);
        cd.pc.out(PcGuest.CONTROL, 0);
        cd.pc.run();
    }

    @Test
    void t14AResetClosesTheTrayAndTellsHostAndGuest() {
        final CdGuest cd = standard();
        prevent(cd, 1);
        assertNull(cd.host((media, drive) -> media.openTray(drive, true)));
        softReset(cd);
        assertEquals(List.of(true, false), cd.trayEvents);
        assertEquals(List.of("6/29/00", "6/28/00", "ok"), List.of(cd.ready(), cd.ready(), cd.ready()));
    }

    @Test
    void t14QemuClosesItSilently() {
        final CdGuest cd = quirky();
        open(cd);
        softReset(cd);
        assertEquals(List.of(List.of(true), "ok"), List.of(cd.trayEvents, cd.ready()));
    }

    @Test
    void t14DeviceResetDoesTheSame() {
        final CdGuest cd = standard();
        open(cd);
        cd.pc.command(0x08);
        assertEquals(
                List.of(0, 0x14, 0xeb, List.of(true, false)),
                List.of(cd.pc.status(), cd.pc.in(0x1f4), cd.pc.in(0x1f5), cd.trayEvents));
        assertEquals(List.of("6/29/00", "6/28/00"), List.of(cd.ready(), cd.ready()));
    }

    @Test
    void t15AnEmptyDriveAnswersWhatNeedsNoMedium() {
        final CdGuest cd = empty(Deviation.QEMU_QUIRKS);
        assertEquals(List.of("2/3a/00", "0 0"), List.of(cd.ready(), cd.event()));
        assertEquals(0x05, cd.packet(0x12, 0, 0, 0, 36).at(0));
        final Outcome configuration = cd.packet(0x46, 0, 0, 0, 0, 0, 0, 0, 64);
        assertEquals(List.of(0, 0), List.of(configuration.at(6), configuration.at(7)));
        final CdGuest standard = empty(Deviation.STANDARD);
        assertEquals(List.of("6/29/00", "2/3a/01"), List.of(standard.ready(), standard.ready()));
    }

    @Test
    void t16ClosingOnTheSameMediumIsStillAChange() {
        final CdGuest cd = standard();
        open(cd);
        close(cd);
        assertEquals(List.of("6/28/00", "ok", 0xaa), List.of(cd.ready(), cd.ready(), cd.tagOf(0)));
        final CdGuest qemu = quirkyOn(FaultyDisk.tagged(DISC, 1));
        open(qemu);
        close(qemu);
        assertEquals(List.of("2/3a/00", "6/28/00", "ok"), List.of(qemu.ready(), qemu.ready(), qemu.ready()));
    }

    private static CdGuest quirkyOn(final FaultyDisk disc) {
        return new CdGuest(Host.with(disc), Deviation.QEMU_QUIRKS);
    }

    @Test
    void aSecondChangeBeforeTheGuestLooksLosesNothing() {
        final CdGuest cd = quirky();
        cd.change(false);
        assertEquals("2/3a/00", cd.ready());
        cd.change(false);
        assertEquals(List.of("2/3a/00", "6/28/00", "ok"), List.of(cd.ready(), cd.ready(), cd.ready()));
        final CdGuest standard = new CdGuest(Host.with(FaultyDisk.tagged(DISC, 1)), Deviation.STANDARD);
        standard.ready();
        standard.change(false);
        standard.change(false);
        assertEquals(List.of("6/28/00", "ok"), List.of(standard.ready(), standard.ready()));
    }

    @Test
    void aPersistentPreventionLocksTheNextMediumToo() {
        final CdGuest cd = standard();
        prevent(cd, 3);
        assertNull(cd.change(true));
        cd.ready();
        assertEquals(true, cd.drive.mediaState().locked());
        prevent(cd, 2);
        assertEquals(false, cd.drive.mediaState().locked());
    }

    @Test
    void theAttentionsComeInOrderResetMediumMode() {
        final CdGuest cd = standard();
        final byte[] list = {0, 0, 0, 0, 0, 0, 0, 0, 1, 10, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0};
        cd.send(false, 0x55, 0x10, 0, 0, 0, 0, 0, 0, list.length);
        for (int i = 0; i < list.length; i += 2) {
            cd.pc.out16(0x1f0, list[i] | list[i + 1] << 8);
        }
        open(cd);
        softReset(cd);
        assertEquals(
                List.of("6/29/00", "6/28/00", "6/2a/01", "ok"),
                List.of(cd.ready(), cd.ready(), cd.ready(), cd.ready()));
    }

    @Test
    void aMediumThatGrowsIsReported() {
        final CdGuest cd = standard();
        discA.length = 2 * DISC;
        cd.host.context.run(cd.host.backend::childResized);
        assertEquals(List.of("6/2a/09", "ok"), List.of(cd.ready(), cd.ready()));
    }

    @Test
    void requestSenseReportsAnAttentionThatNoCommandHasMet() {
        final CdGuest cd = standard();
        cd.change(false);
        assertEquals(List.of("6/28/00", "ok"), List.of(cd.sense(), cd.ready()));
    }

    @Test
    void everyTransitionIsTracedWithItsCauseAndTime() {
        final CdGuest cd = standard();
        cd.trace.clear();
        cd.host.clock.advance(5);
        guestEject(cd);
        cd.host.clock.advance(7);
        remove(cd);
        assertEquals(
                List.of(MediaInput.GUEST_EJECT, MediaInput.MEDIUM_OUT),
                cd.trace.stream().map(transition -> transition.input()).toList());
        assertEquals(
                List.of(7L, true, true),
                List.of(
                        cd.trace.get(1).timeNs() - cd.trace.get(0).timeNs(),
                        cd.trace.get(1).causeId() > cd.trace.get(0).causeId(),
                        cd.trace.get(0).to().equals(cd.trace.get(1).from())));
    }

    @Test
    void mediaStatusNotificationTellsOfChangesAndRequests() {
        final CdGuest cd = standard();
        cd.pc.command(0xda);
        assertEquals(4, cd.pc.in(0x1f1));
        cd.pc.out(0x1f1, 0x95);
        cd.pc.command(0xef);
        cd.change(false);
        prevent(cd, 1);
        cd.ready();
        prevent(cd, 1);
        cd.host((media, drive) -> media.openTray(drive, false));
        cd.pc.command(0xda);
        assertEquals(0x68, cd.pc.in(0x1f1));
        cd.pc.command(0xed);
        assertEquals(4, cd.pc.in(0x1f1));
    }
}
