package io.drivebay.sim.kit;

import io.drivebay.sim.ide.AtaDriver;
import io.drivebay.sim.ide.AtaDriver.Mode;
import io.drivebay.sim.ide.IdeDriver;

/**
 * A disk and a guest that uses it. What the guest does comes to "ok", to where data came from, or to an error: "error
 * BITS@SECTOR".
 */
public final class DiskDrive implements TestMachine.Rig {
    private static final int SECTOR = AtaDriver.SECTOR;
    private static final int MOST_SECTORS = 65_536;

    private final TestMachine machine;
    private final String id;
    private final HostHand host;
    private final IdeDriver channel;
    private final AtaDriver guest;
    private long first;
    private int count;
    private boolean reads;

    DiskDrive(
            final TestMachine machine,
            final String id,
            final HostHand host,
            final IdeDriver channel,
            final AtaDriver guest) {
        this.machine = machine;
        this.id = id;
        this.host = host;
        this.channel = channel;
        this.guest = guest;
    }

    /** The host's hand on this drive. */
    @Override
    public HostHand host() {
        return host;
    }

    /** The guest's driver, for commands of one's own. */
    public AtaDriver guest() {
        return guest;
    }

    /** The guest's driver of the channel. */
    public IdeDriver channel() {
        return channel;
    }

    private String note(final String what, final String outcome) {
        machine.note("guest " + id + " " + what + " -> " + outcome);
        return outcome;
    }

    private static Mode mode(final Way way) {
        return switch (way) {
            case PIO -> Mode.PIO;
            case MULTIPLE -> Mode.MULTIPLE;
            case DMA -> Mode.DMA;
            case READ12, RAW -> throw new IllegalArgumentException("a disk cannot read by " + way);
        };
    }

    /** Reads sectors: where they came from, or the error. */
    public String read(final long lba, final int sectors, final Way way) {
        start(lba, sectors, way);
        return finish();
    }

    /** Begins to read. */
    public String start(final long lba, final int sectors, final Way way) {
        begin(lba, sectors, way, false);
        return note("start read " + lba + "+" + sectors + " " + way, "started");
    }

    /** Writes sectors that are recognised as the guest's. */
    public String write(final long lba, final int sectors, final Way way) {
        startWrite(lba, sectors, way);
        return finish();
    }

    /** Begins to write. */
    public String startWrite(final long lba, final int sectors, final Way way) {
        begin(lba, sectors, way, true);
        return note("start write " + lba + "+" + sectors + " " + way, "started");
    }

    private void begin(final long lba, final int sectors, final Way way, final boolean toDisk) {
        if (sectors < 1 || sectors > MOST_SECTORS) {
            throw new IllegalArgumentException("a command moves 1 to " + MOST_SECTORS + " sectors, not " + sectors);
        }
        first = lba;
        count = sectors;
        reads = !toDisk;
        final byte[] data = toDisk ? machine.shelf().guestData(lba * SECTOR, sectors * SECTOR) : new byte[0];
        guest.begin(mode(way), AtaDriver.transfer(mode(way), toDisk, lba, sectors), sectors, data);
        channel.poll();
    }

    /** Begins FLUSH CACHE. */
    public String startFlush() {
        reads = false;
        guest.beginFlush();
        channel.poll();
        return note("start flush", "started");
    }

    /** Begins TRIM of a range. */
    public String startTrim(final long lba, final int sectors) {
        reads = false;
        guest.beginTrim(lba, sectors);
        channel.poll();
        return note("start trim " + lba + "+" + sectors, "started");
    }

    /** What was started is still on its way, after all that can happen by itself has happened: "busy" or "done". */
    public String progress() {
        return note("progress", channel.settle() ? "done" : "busy");
    }

    /** Waits for what was started. */
    public String finish() {
        channel.finish();
        final AtaDriver.Result result = guest.result();
        if (!result.ok() || !reads) {
            return note(reads ? "read" : "write", result.toString());
        }
        final byte[] data = channel.data();
        return note(
                "read",
                data.length == count * SECTOR
                        ? machine.shelf().origin(data, first * SECTOR)
                        : data.length + " of " + count * SECTOR + " bytes");
    }

    /** FLUSH CACHE. */
    public String flush() {
        return note("flush", guest.flush().toString());
    }

    /** TRIM of a range. */
    public String trim(final long lba, final int sectors) {
        return note("trim", guest.trim(lba, sectors).toString());
    }

    /** READ VERIFY of a range. */
    public String verify(final long lba, final int sectors) {
        return note("verify", guest.verify(lba, sectors).toString());
    }

    /** SET MULTIPLE MODE. */
    public String setMultiple(final int sectors) {
        return note("set multiple", guest.setMultiple(sectors).toString());
    }

    /** Sectors by IDENTIFY DEVICE. */
    public String identify() {
        return note("identify", AtaDriver.sectors(guest.identify()) + " sectors");
    }

    /** SRST, for both drives of the channel. */
    public String softReset() {
        channel.softReset();
        return note("soft reset", "ok");
    }
}
