package io.drivebay.sim.machine;

/**
 * All that a guest program has of a PC: ports, memory, interrupt lines. One program at a time.
 *
 * <p>Memory that is not there reads as zeros and swallows what is written.
 */
public interface PcAccess extends PortIo {
    /** Reads physical memory into an array. */
    void read(long address, byte[] target, int offset, int length);

    /** Writes physical memory from an array. */
    void write(long address, byte[] source, int offset, int length);

    /** Level of an interrupt line by its number at the interrupt controllers, 0 to 15. */
    boolean interrupt(int line);
}
