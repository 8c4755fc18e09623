package io.drivebay.ide.ata;

import io.drivebay.ide.device.DriveOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a disk is given beyond what every drive is.
 *
 * @param drive names and profile
 * @param geometry default translation; null: worked out from the capacity
 * @param trim what a TRIM does
 * @param physicalSectorExponent a physical sector is two to this many logical ones
 * @param rotationRate as IDENTIFY word 217 has it: 1 for a disk that does not rotate, 0 for unknown
 * @param worldWideName 0 for none
 */
public record DiskOptions(
        DriveOptions drive,
        @Nullable Geometry geometry,
        Trim trim,
        int physicalSectorExponent,
        int rotationRate,
        long worldWideName) {
    private static final int MAX_EXPONENT = 15;

    /** What a TRIM does, and with that what IDENTIFY promises of reads after it. */
    public enum Trim {
        /** There is no TRIM. */
        OFF,
        /** The range is discarded; what it reads afterwards is undefined. */
        DISCARD,
        /** The range reads as zeros, and its space may be given back: DRAT and RZAT. */
        ZEROES
    }

    public DiskOptions {
        if (physicalSectorExponent < 0 || physicalSectorExponent > MAX_EXPONENT) {
            throw new IllegalArgumentException("physicalSectorExponent=" + physicalSectorExponent);
        }
    }

    /** A disk with QEMU's usual properties. */
    public static DiskOptions of(final DriveOptions drive) {
        return new DiskOptions(drive, null, Trim.ZEROES, 0, 0, 0);
    }

    public DiskOptions withTrim(final Trim newTrim) {
        return new DiskOptions(drive, geometry, newTrim, physicalSectorExponent, rotationRate, worldWideName);
    }

    public DiskOptions withGeometry(final Geometry newGeometry) {
        return new DiskOptions(drive, newGeometry, trim, physicalSectorExponent, rotationRate, worldWideName);
    }
}
