package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.GuestBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One request after the other on a queue of which nobody else makes use meanwhile: for guests that want an answer before
 * they go on. Offsets and lengths are in bytes, multiples of 512. Any failed part fails the whole.
 */
public final class BlkDisk {
    private static final int SLOT = 0;

    private final VirtioBlkDriver driver;
    private final BlkQueue queue;
    private final BlkQueue.Listener listener = (slot, status, usedBytes) -> lastStatus(status);
    private BlkStatus last = BlkStatus.OK;
    private boolean completed;

    /** A disk on a driver's first queue. */
    public BlkDisk(final VirtioBlkDriver driver) {
        this(driver, 0);
    }

    /** A disk on one of a driver's queues. */
    public BlkDisk(final VirtioBlkDriver driver, final int queue) {
        this.driver = driver;
        this.queue = driver.queue(queue);
    }

    private void lastStatus(final BlkStatus status) {
        last = status;
        completed = true;
    }

    /** Reads bytes. */
    public BlkStatus read(final long offset, final byte[] target) {
        final GuestBuffer data = queue.data(SLOT);
        BlkStatus status = BlkStatus.OK;
        for (int done = 0; done < target.length && status == BlkStatus.OK; done += data.length()) {
            final int part = Math.min(data.length(), target.length - done);
            begin();
            queue.read(SLOT, sector(offset + done), part);
            status = finish();
            if (status == BlkStatus.OK) {
                data.region().getBytes(data.offset(), target, done, part);
            }
        }
        return status;
    }

    /** Writes bytes. */
    public BlkStatus write(final long offset, final byte[] source) {
        final GuestBuffer data = queue.data(SLOT);
        BlkStatus status = BlkStatus.OK;
        for (int done = 0; done < source.length && status == BlkStatus.OK; done += data.length()) {
            final int part = Math.min(data.length(), source.length - done);
            begin();
            data.region().putBytes(data.offset(), source, done, part);
            queue.write(SLOT, sector(offset + done), part);
            status = finish();
        }
        return status;
    }

    /** Makes completed writes durable; needs the feature FLUSH. */
    public BlkStatus flush() {
        driver.require(VirtioFeature.BLK_FLUSH);
        begin();
        queue.flush(SLOT);
        return finish();
    }

    /** Discards a range; needs the feature DISCARD. */
    public BlkStatus discard(final long offset, final long length) {
        driver.require(VirtioFeature.BLK_DISCARD);
        final long most = Integer.toUnsignedLong(driver.config().maxDiscardSectors());
        return inParts(offset, length, most, (sector, sectors) -> queue.discard(SLOT, sector, sectors));
    }

    /** Sets a range to zero, giving its space back if that is wanted; needs the feature WRITE_ZEROES. */
    public BlkStatus writeZeroes(final long offset, final long length, final boolean unmap) {
        driver.require(VirtioFeature.BLK_WRITE_ZEROES);
        final long most = Integer.toUnsignedLong(driver.config().maxWriteZeroesSectors());
        return inParts(offset, length, most, (sector, sectors) -> queue.writeZeroes(SLOT, sector, sectors, unmap));
    }

    /** Erases a range for good; needs the feature SECURE_ERASE. */
    public BlkStatus secureErase(final long offset, final long length) {
        driver.require(VirtioFeature.BLK_SECURE_ERASE);
        final long most = Integer.toUnsignedLong(driver.config().maxSecureEraseSectors());
        return inParts(offset, length, most, (sector, sectors) -> queue.secureErase(SLOT, sector, sectors));
    }

    /**
     * How worn the device is, as three numbers (5.2.6): reserved blocks, SLC cells, MLC cells; 0 for what is not known.
     * Needs the feature LIFETIME.
     */
    public int[] lifetime() {
        driver.require(VirtioFeature.BLK_LIFETIME);
        begin();
        queue.lifetime(SLOT);
        final BlkStatus status = finish();
        if (status != BlkStatus.OK) {
            throw new IllegalStateException("the device does not tell its lifetime: " + status);
        }
        final GuestBuffer data = queue.data(SLOT);
        final int[] values = new int[BlkQueue.LIFETIME_BYTES / Short.BYTES];
        Arrays.setAll(values, i -> data.region().getShort(data.offset() + Short.BYTES * i) & 0xffff);
        return values;
    }

    /** All zones from the one that holds an offset on; needs the feature ZONED. */
    public List<BlkZone> zones(final long offset) {
        driver.require(VirtioFeature.BLK_ZONED);
        final GuestBuffer data = queue.data(SLOT);
        final List<BlkZone> zones = new ArrayList<>();
        final long end = driver.config().capacitySectors();
        long sector = sector(offset);
        while (sector < end) {
            begin();
            queue.zoneReport(SLOT, sector, data.length());
            final BlkStatus status = finish();
            final long count = data.region().getLong(data.offset());
            if (status != BlkStatus.OK || count < 1 || count > data.length() / BlkZone.BYTES - 1) {
                throw new DeviceViolation("a report from sector " + sector + " on has status " + status + " and "
                        + count + " zones (5.2.6)");
            }
            for (int i = 0; i < count; i++) {
                zones.add(BlkZone.read(data, i));
            }
            sector = zones.get(zones.size() - 1).start()
                    + Integer.toUnsignedLong(driver.config().zoneSectors());
        }
        return zones;
    }

    /** Gives a command to the zone that begins at an offset; needs the feature ZONED. */
    public BlkStatus zone(final ZoneCommand command, final long offset) {
        driver.require(VirtioFeature.BLK_ZONED);
        begin();
        queue.zone(SLOT, command, sector(offset));
        return finish();
    }

    /** Puts bytes, as many as a slot holds at most, at the write pointer of the zone that begins at an offset. */
    public BlkStatus append(final long offset, final byte[] source) {
        driver.require(VirtioFeature.BLK_ZONED);
        final GuestBuffer data = queue.data(SLOT);
        begin();
        data.region().putBytes(data.offset(), source, 0, source.length);
        queue.zoneAppend(SLOT, sector(offset), source.length);
        return finish();
    }

    /** Where the last {@link #append} has put its bytes. */
    public long appendedAt() {
        return queue.appendedAt(SLOT) << BlkQueue.SECTOR_SHIFT;
    }

    @FunctionalInterface
    private interface RangeRequest {
        void submit(long sector, int sectors);
    }

    private BlkStatus inParts(final long offset, final long length, final long most, final RangeRequest request) {
        final long step = Math.max(1, Math.min(most, Integer.MAX_VALUE));
        long sector = sector(offset);
        final long end = sector + sector(length);
        BlkStatus status = BlkStatus.OK;
        while (sector < end && status == BlkStatus.OK) {
            final int part = (int) Math.min(step, end - sector);
            begin();
            request.submit(sector, part);
            status = finish();
            sector += part;
        }
        return status;
    }

    /** The device's id string, without the zeros after it. */
    public String id() {
        begin();
        queue.id(SLOT);
        final BlkStatus status = finish();
        if (status != BlkStatus.OK) {
            throw new IllegalStateException("the device does not tell its id: " + status);
        }
        final GuestBuffer data = queue.data(SLOT);
        final byte[] bytes = new byte[BlkQueue.ID_BYTES];
        data.region().getBytes(data.offset(), bytes, 0, bytes.length);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private static long sector(final long bytes) {
        if (bytes % (1 << BlkQueue.SECTOR_SHIFT) != 0) {
            throw new IllegalArgumentException(bytes + " is no multiple of 512");
        }
        return bytes >> BlkQueue.SECTOR_SHIFT;
    }

    private void begin() {
        if (queue.inFlight() > 0) {
            throw new IllegalStateException("somebody else uses " + queue);
        }
        completed = false;
    }

    private BlkStatus finish() {
        queue.kick();
        driver.pause().begin();
        while (queue.poll(listener) == 0) {
            if (!driver.pause().pause()) {
                driver.requireLive();
                throw new DeviceViolation("a request is lost: nothing is left that could complete it; " + queue);
            }
        }
        if (!completed) {
            throw new IllegalStateException("a completion arrived that was not waited for");
        }
        return last;
    }
}
