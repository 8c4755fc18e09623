package io.drivebay.backend.guest;

/**
 * A device's registers in memory, as a bus reaches them. A vCPU's thread, one access at a time for one device.
 *
 * <p>Offsets are in bytes from the start of the device's window; widths are 1, 2, 4 or 8 bytes. No access throws: an
 * offset or width that the device does not have reads as 0 and is ignored when written.
 */
public interface MmioDevice {
    /** Size of the window in bytes. */
    int windowBytes();

    /** Reads a register, zero-extended. */
    long read(int offset, int widthBytes);

    /** Writes a register; bits beyond the width are zero. */
    void write(int offset, int widthBytes, long value);
}
