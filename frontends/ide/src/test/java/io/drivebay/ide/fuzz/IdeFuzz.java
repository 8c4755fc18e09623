package io.drivebay.ide.fuzz;

import static io.drivebay.ide.kit.PcGuest.BASE;
import static io.drivebay.ide.kit.PcGuest.BUFFER;
import static io.drivebay.ide.kit.PcGuest.CONTROL;
import static io.drivebay.ide.kit.PcGuest.MASTER;
import static io.drivebay.ide.kit.PcGuest.TABLE;

import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.device.IdeDevice.Reset;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import io.drivebay.ide.kit.PcGuest;
import io.drivebay.ide.media.TransitionTrace;
import java.util.List;
import java.util.Set;

/**
 * Fuzz target: a channel with a disk and a CD drive behind its ports, by the standards or as QEMU has it. The input is a
 * guest's program: any byte to any register, DMA tables that lead nowhere or into themselves, packets cut short, resets
 * anywhere, while the host moves the tray and the storage holds requests back or fails. In the end a reset must bring
 * back drives that work.
 */
public final class IdeFuzz {
    private static final int MAX_ACTIONS = 400;
    private static final int DISK_BYTES = 1 << 20;
    private static final DriveAddress CD = DriveAddress.ofDevice("cd0");
    /** Where descriptors point: to memory, to their own table, to memory's end, to nowhere. */
    private static final int[] ADDRESSES = {BUFFER, TABLE, (4 << 20) - 512, 0xfff0_0000, 0};

    private final byte[] input;
    private int next;
    private final Host diskHost;
    private final Host discHost;
    private final PcGuest pc;
    private final FaultyDisk disk = FaultyDisk.tagged(DISK_BYTES, 1);
    private final FaultyDisk disc = FaultyDisk.tagged(DISK_BYTES, 2);
    private final MediaControl control;

    private IdeFuzz(final byte[] input) throws BlockException {
        this.input = input;
        final Set<Deviation> profile = (u8() & 1) == 0 ? Deviation.STANDARD : Deviation.QEMU_QUIRKS;
        disk.quiet = true;
        disc.quiet = true;
        diskHost = Host.with(disk);
        discHost = Host.with(disc);
        pc = new PcGuest(diskHost, profile);
        control = new MediaControl(discHost.layer, new Blockdevs(discHost.layer, List.of()));
        pc.primary.plug(
                0,
                AtaDisk.attach(
                        DiskOptions.of(DriveOptions.of("hd0").withDeviations(profile)),
                        diskHost.backend,
                        pc.primary.socket(0)));
        pc.primary.plug(
                1,
                AtapiDrive.attach(
                        DriveOptions.of("cd0").withDeviations(profile),
                        discHost.backend,
                        pc.primary.socket(1),
                        TransitionTrace.NONE));
        run();
    }

    /** One input; throws where a drive does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) throws BlockException {
        final IdeFuzz fuzz = new IdeFuzz(input);
        for (int i = 0; i < MAX_ACTIONS && fuzz.next < input.length; i++) {
            fuzz.act();
        }
        fuzz.requireThatAllWorksAgain();
    }

    private int u8() {
        return next < input.length ? input[next++] & 0xff : 0;
    }

    private int u16() {
        return u8() | u8() << 8;
    }

    private void run() {
        diskHost.run();
        discHost.run();
    }

    private void act() {
        final int action = u8();
        switch (action % 16) {
            case 0, 1 -> pc.out(BASE + 1 + u8() % 6, u8());
            case 2, 3 -> pc.out(BASE + 7, u8());
            case 4 -> pc.out16(BASE, u16());
            case 5 -> pc.in(BASE + u8() % 8);
            case 6 -> takeWords(1 + u8());
            case 7 -> pc.out(MASTER + u8() % 16, u8());
            case 8 -> pc.descriptor(u8() % 16, ADDRESSES[u8() % ADDRESSES.length], u16(), (action & 16) != 0);
            case 9 -> pc.startMaster((action & 16) != 0);
            case 10 -> pc.out(CONTROL, u8());
            case 11 -> packet();
            case 12 -> hold((action & 16) != 0);
            case 13 -> moveTray(u8());
            case 14 -> fail(u8(), u16());
            default -> run();
        }
    }

    private void takeWords(final int count) {
        for (int i = 0; i < count; i++) {
            pc.in16(BASE);
        }
        run();
    }

    /** A packet to whichever drive is selected, whole or cut short. */
    private void packet() {
        final int choices = u8();
        pc.out(BASE + 6, (choices & 1) == 0 ? 0xb0 : 0xa0);
        pc.out(BASE + 1, choices >> 1 & 1);
        pc.out(BASE + 4, u8());
        pc.out(BASE + 5, u8());
        pc.out(BASE + 7, 0xa0);
        final int words = (choices & 0x80) == 0 ? 6 : u8() % 6;
        for (int i = 0; i < words; i++) {
            pc.out16(BASE, u16());
        }
        run();
    }

    private void hold(final boolean on) {
        if (on) {
            disk.hold = true;
            disc.hold = true;
        } else {
            disk.release();
            disc.release();
            run();
        }
    }

    /** The host does something to tray or medium; to be refused is a good answer. */
    private void moveTray(final int choice) {
        hold(false);
        try {
            switch (choice % 5) {
                case 0 -> control.openTray(CD, (choice & 64) != 0);
                case 1 -> control.closeTray(CD);
                case 2 -> control.eject(CD, (choice & 64) != 0);
                case 3 ->
                    discHost.layer.changeMedium(
                            discHost.backend, discHost.node(disc, io.drivebay.backend.graph.NodeOptions.DEFAULTS));
                default -> pc.primary.hardReset((choice & 64) != 0 ? Reset.HARDWARE : Reset.POWER_ON);
            }
        } catch (final BlockException e) {
            run();
        }
    }

    private void fail(final int choice, final int sector) {
        final FaultyDisk which = (choice & 1) == 0 ? disk : disc;
        switch (choice >> 1 & 3) {
            case 0 -> which.badReads.add((long) sector);
            case 1 -> which.badWrites.add((long) sector);
            case 2 -> which.full = !which.full;
            default -> which.badFlush = !which.badFlush;
        }
    }

    private void requireThatAllWorksAgain() {
        hold(false);
        pc.out(CONTROL, 4);
        run();
        pc.out(CONTROL, 0);
        run();
        pc.at(0, 0, 1);
        pc.command(0xec);
        require(pc.status() == 0x58 && pc.in16(BASE) == 0x40, "the disk does not identify itself");
        takeWords(255);
        require(pc.status() == 0x50, "the disk's data has no end");
        pc.out(BASE + 6, 0xb0);
        pc.out(BASE + 1, 0);
        pc.out(BASE + 4, 36);
        pc.out(BASE + 5, 0);
        pc.out(BASE + 7, 0xa0);
        for (final int word : new int[] {0x12, 0, 36, 0, 0, 0}) {
            pc.out16(BASE, word);
        }
        run();
        require(pc.status() == 0x58 && pc.in(BASE + 4) == 36, "the CD drive does not answer INQUIRY");
        takeWords(18);
        require(pc.status() == 0x50, "the CD drive's data has no end");
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
