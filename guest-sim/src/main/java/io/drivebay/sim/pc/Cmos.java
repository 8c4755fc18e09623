package io.drivebay.sim.pc;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.ide.ata.BiosGeometry;
import io.drivebay.ide.ata.Geometry;

/**
 * The clock chip's memory, an index at 0x70 and data at 0x71, with what a PC's firmware leaves in it for others: sizes of
 * memory, types and shapes of disks. The clock itself stands still.
 */
final class Cmos implements MmioDevice {
    /** The first port. */
    static final int PORT = 0x70;

    private static final int PORTS = 2;

    private static final int BYTES = 128;
    private static final int STATUS_B = 0x0b;
    private static final int STATUS_D = 0x0d;
    private static final int DISK_TYPES = 0x12;
    private static final int EQUIPMENT = 0x14;
    private static final int BASE_KIB = 0x15;
    private static final int EXTENDED_KIB = 0x17;
    private static final int[] DISK_TYPE = {0x19, 0x1a};
    private static final int[] DISK_SHAPE = {0x1b, 0x24};
    private static final int EXTENDED_KIB_AGAIN = 0x30;
    private static final int ABOVE_16_MIB = 0x34;
    private static final int TRANSLATIONS = 0x39;
    private static final int ABOVE_4_GIB = 0x5b;
    private static final int USER_DEFINED_DISK = 47;
    private static final int MOST_CYLINDERS = 0xffff;
    private static final int MANY_HEADS = 0x08;
    private static final int NO_RETRIES = 0xc0;
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int GRAIN = 64 * KIB;

    private final byte[] bytes = new byte[BYTES];
    private int index;

    /** A PC's memory with sizes of memory in bytes. */
    Cmos(final long belowFourGib, final long aboveFourGib) {
        bytes[STATUS_B] = 0x02;
        bytes[STATUS_D] = (byte) 0x80;
        put(BASE_KIB, 2, 640);
        final long extended = clamp((belowFourGib - MIB) / KIB, 0, 0xffff);
        put(EXTENDED_KIB, 2, extended);
        put(EXTENDED_KIB_AGAIN, 2, extended);
        put(ABOVE_16_MIB, 2, clamp((belowFourGib - 16 * MIB) / GRAIN, 0, 0xffff));
        put(ABOVE_4_GIB, 3, clamp(aboveFourGib / GRAIN, 0, 0xffffff));
        bytes[EQUIPMENT] = 0x06;
    }

    private static long clamp(final long value, final long least, final long most) {
        return Math.max(least, Math.min(most, value));
    }

    private void put(final int at, final int width, final long value) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >> (8 * i));
        }
    }

    /** Describes a disk: the first two with their shape, all four with the firmware's translation. */
    void disk(final int place, final BiosGeometry geometry) {
        bytes[TRANSLATIONS] |= (byte) (geometry.translation().ordinal() << (2 * place));
        if (place >= DISK_TYPE.length) {
            return;
        }
        final Geometry shape = geometry.physical();
        bytes[DISK_TYPES] |= (byte) (place == 0 ? 0xf0 : 0x0f);
        bytes[DISK_TYPE[place]] = USER_DEFINED_DISK;
        final int at = DISK_SHAPE[place];
        final long shown = Math.min(shape.cylinders(), MOST_CYLINDERS);
        put(at, 2, shown);
        bytes[at + 2] = (byte) shape.heads();
        put(at + 3, 2, 0xffff);
        bytes[at + 5] = (byte) (NO_RETRIES | (shape.heads() > 8 ? MANY_HEADS : 0));
        put(at + 6, 2, shown);
        bytes[at + 8] = (byte) shape.sectorsPerTrack();
    }

    @Override
    public int windowBytes() {
        return PORTS;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        return offset == 0 ? 0xff : bytes[index] & 0xff;
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        if (offset == 0) {
            index = (int) value & (BYTES - 1);
        } else if (index > STATUS_D) {
            bytes[index] = (byte) value;
        }
    }
}
