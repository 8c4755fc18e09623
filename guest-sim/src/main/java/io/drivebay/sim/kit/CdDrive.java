package io.drivebay.sim.kit;

import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.ide.CdPoller;
import io.drivebay.sim.ide.IdeViolation;
import io.drivebay.sim.ide.Sense;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A CD/DVD drive and a guest that uses it. What the guest does comes to "ok", to the data in some form, or to the sense
 * data that it asks for after a failure: "key/code/qualifier", with "@block" where the drive names one.
 */
public final class CdDrive implements TestMachine.Rig {
    private static final int BLOCK = AtapiDriver.BLOCK;
    private static final int RAW_BLOCK = 2352;
    private static final int RAW_USER_DATA = 16;
    private static final long NS_PER_US = 1000;
    private static final int LONGEST_WAIT_US = 10_000_000;

    private final TestMachine machine;
    private final String id;
    private final HostHand host;
    private final AtapiDriver guest;
    private final CdPoller poller;
    private Way way = Way.PIO;
    private long first;
    private int count;

    CdDrive(final TestMachine machine, final String id, final HostHand host, final AtapiDriver guest) {
        this.machine = machine;
        this.id = id;
        this.host = host;
        this.guest = guest;
        this.poller = new CdPoller(guest);
    }

    /** The host's hand on this drive. */
    @Override
    public HostHand host() {
        return host;
    }

    /** The guest's driver, for packets of one's own. */
    public AtapiDriver guest() {
        return guest;
    }

    /** The guest's polling, as Linux does it. */
    public CdPoller poller() {
        return poller;
    }

    private String note(final String what, final String outcome) {
        machine.note("guest " + id + " " + what + " -> " + outcome);
        return outcome;
    }

    private String okOrSense() {
        return guest.ok() ? "ok" : failure();
    }

    /** Sense data of a failed packet; "abort" when the drive took it for no packet at all. */
    private String failure() {
        if (guest.senseKey() == 0) {
            return "abort";
        }
        final int key = guest.senseKey();
        final Sense sense = guest.sense();
        return sense.key() == key ? sense.toString() : sense + " after key " + key;
    }

    // ---- readiness, tray and lock ----

    /** TEST UNIT READY: "ok" or sense data. */
    public String ready() {
        guest.ready();
        return note("ready", okOrSense());
    }

    /** TEST UNIT READY, without asking why not: "ok" or "check KEY". */
    public String test() {
        guest.ready();
        return note("test", guest.ok() ? "ok" : "check " + guest.senseKey());
    }

    /** REQUEST SENSE. */
    public String sense() {
        return note("sense", guest.sense().toString());
    }

    /** GET EVENT STATUS NOTIFICATION about media: "removal open", "none present". */
    public String event() {
        return note("event", guest.event().toString());
    }

    /** START STOP UNIT: opens the tray. */
    public String eject() {
        guest.eject();
        return note("eject", okOrSense());
    }

    /** START STOP UNIT: closes the tray. */
    public String load() {
        guest.load();
        return note("load", okOrSense());
    }

    /** PREVENT ALLOW MEDIUM REMOVAL: locks. */
    public String prevent(final boolean persistent) {
        guest.prevent(true, persistent);
        return note("prevent", okOrSense());
    }

    /** PREVENT ALLOW MEDIUM REMOVAL: unlocks. */
    public String allow(final boolean persistent) {
        guest.prevent(false, persistent);
        return note("allow", okOrSense());
    }

    // ---- what the disc is ----

    /** READ CAPACITY: how many blocks, or sense data. */
    public String capacity() {
        final long blocks = guest.blocks();
        return note("capacity", guest.ok() ? Long.toString(blocks) : failure());
    }

    /** GET CONFIGURATION: the profile's number, four hexadecimal digits. */
    public String profile() {
        final int profile = guest.profile();
        return note("profile", guest.ok() ? String.format("%04x", profile) : failure());
    }

    /** Any packet by programmed I/O: its data in hexadecimal, "ok" without any, or sense data. */
    public String packet(final int... cdb) {
        final byte[] data = guest.packet(cdb);
        final String outcome = !guest.ok()
                ? failure()
                : data.length == 0 ? "ok" : HexFormat.of().formatHex(data);
        return note("packet " + Arrays.toString(cdb), outcome);
    }

    /** MODE SELECT(10) with a page. */
    public String modeSelect(final byte[] page) {
        guest.modeSelect(page);
        return note("mode-select", okOrSense());
    }

    /** What IDENTIFY PACKET DEVICE and the rest of Linux's polling say: "disc-ok", "tray-open", and what it tells of. */
    public String poll() {
        poller.poll();
        return note("poll", polled());
    }

    /** A program opens the drive: closes the tray, locks the disc. */
    public String open() {
        final boolean opened = poller.open();
        return note("open", opened ? "ok" : polled());
    }

    /** The program closes it again. */
    public String close() {
        poller.close();
        return note("close", "ok");
    }

    private String polled() {
        poller.takeCommands().forEach(command -> machine.note("      " + command));
        final StringBuilder text = new StringBuilder(
                poller.status().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        poller.takeNotices().forEach(notice -> text.append(' ').append(notice));
        return text.toString();
    }

    // ---- reading ----

    /** Reads blocks to the end: where they came from, or sense data. */
    public String read(final long lba, final int blocks, final Way how) {
        start(lba, blocks, how, 0xfffe);
        return finish();
    }

    /** Begins to read, and lets nothing of it happen yet. */
    public String start(final long lba, final int blocks, final Way how, final int limit) {
        way = how;
        first = lba;
        count = blocks;
        switch (how) {
            case PIO -> guest.begin(AtapiDriver.cdb10(0x28, lba, blocks), limit);
            case DMA -> guest.beginDma(AtapiDriver.cdb10(0x28, lba, blocks), Math.max(1, blocks) * BLOCK);
            case READ12 ->
                guest.begin(
                        AtapiDriver.cdb(
                                0xa8,
                                0,
                                (int) (lba >> 24),
                                (int) (lba >> 16),
                                (int) (lba >> 8),
                                (int) lba,
                                blocks >> 24,
                                blocks >> 16,
                                blocks >> 8,
                                blocks),
                        limit);
            case RAW ->
                guest.begin(
                        AtapiDriver.cdb(
                                0xbe,
                                0,
                                (int) (lba >> 24),
                                (int) (lba >> 16),
                                (int) (lba >> 8),
                                (int) lba,
                                blocks >> 16,
                                blocks >> 8,
                                blocks,
                                0xf8),
                        limit);
            case MULTIPLE -> throw new IllegalArgumentException("a CD drive has no READ MULTIPLE");
        }
        guest.channel().poll();
        return note("start read " + lba + "+" + blocks + " " + how, "started");
    }

    /** Takes the next piece of data by programmed I/O: how many bytes have come so far, or as {@link #finish}. */
    public String piece() {
        final int before = guest.channel().pieces();
        for (int i = 0; !guest.channel().poll() && guest.channel().pieces() == before; i++) {
            if (i == LONGEST_WAIT_US) {
                throw new IdeViolation("no further piece of data comes");
            }
            machine.waitNs(NS_PER_US);
        }
        return guest.channel().busy()
                ? note("piece", Integer.toString(guest.channel().moved()))
                : finish();
    }

    /** What was started is still on its way, after all that can happen by itself has happened: "busy" or "done". */
    public String progress() {
        return note("progress", guest.channel().settle() ? "done" : "busy");
    }

    /** Waits for what was started: where the data came from, or sense data. */
    public String finish() {
        guest.channel().finish();
        return note("read", guest.ok() ? origin() : failure());
    }

    private String origin() {
        final byte[] data = guest.channel().data();
        final int expected = count * (way == Way.RAW ? RAW_BLOCK : BLOCK);
        if (count > 0 && data.length != expected) {
            return data.length + " of " + expected + " bytes";
        }
        return count == 0 ? "nothing" : machine.shelf().origin(way == Way.RAW ? userData(data) : data, first * BLOCK);
    }

    static byte[] userData(final byte[] raw) {
        final byte[] user = new byte[raw.length / RAW_BLOCK * BLOCK];
        for (int i = 0; i < raw.length / RAW_BLOCK; i++) {
            System.arraycopy(raw, i * RAW_BLOCK + RAW_USER_DATA, user, i * BLOCK, BLOCK);
        }
        return user;
    }

    // ---- resets ----

    /** SRST, for both drives of the channel. */
    public String softReset() {
        guest.channel().softReset();
        return note("soft reset", "ok");
    }

    /** DEVICE RESET, for this drive. */
    public String deviceReset() {
        guest.reset();
        return note("device reset", "ok");
    }

    /** Stops the bus master in the middle of a transfer: "gone" when the drive then has nothing to do. */
    public String stopDma() {
        guest.channel().abandonDma();
        return note("stop dma", "ok");
    }
}
