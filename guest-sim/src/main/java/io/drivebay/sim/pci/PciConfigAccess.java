package io.drivebay.sim.pci;

import io.drivebay.sim.machine.AddressSpace;
import java.util.ArrayList;
import java.util.List;

/** Configuration mechanism 1: an address at port 0xcf8, data at 0xcfc. Any thread. */
public final class PciConfigAccess {
    private static final int ADDRESS = 0xcf8;
    private static final int DATA = 0xcfc;
    private static final long ENABLE = 1L << 31;
    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;
    private static final int HEADER_TYPE = 0x0e;
    private static final int MULTIFUNCTION = 0x80;

    private final AddressSpace ports;

    /** The mechanism behind a machine's ports. */
    public PciConfigAccess(final AddressSpace ports) {
        this.ports = ports;
    }

    /** Reads 1, 2 or 4 bytes of bus 0, zero-extended but for four bytes; all ones where there is no function. */
    public synchronized int read(final int device, final int function, final int offset, final int widthBytes) {
        select(device, function, offset);
        return (int) ports.read(DATA + (offset & 3), widthBytes);
    }

    /** Writes 1, 2 or 4 bytes. */
    public synchronized void write(
            final int device, final int function, final int offset, final int widthBytes, final int value) {
        select(device, function, offset);
        ports.write(DATA + (offset & 3), widthBytes, value & (-1L >>> (Long.SIZE - Byte.SIZE * widthBytes)));
    }

    private void select(final int device, final int function, final int offset) {
        ports.write(ADDRESS, Integer.BYTES, ENABLE | device << 11 | function << 8 | (offset & 0xfc));
    }

    /** All functions of bus 0, in order. */
    public List<PciHandle> scan() {
        final List<PciHandle> found = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            final PciHandle first = new PciHandle(this, device, 0);
            if (first.exists()) {
                found.add(first);
                if ((first.read(HEADER_TYPE, 1) & MULTIFUNCTION) != 0) {
                    addFurther(device, found);
                }
            }
        }
        return found;
    }

    private void addFurther(final int device, final List<PciHandle> found) {
        for (int function = 1; function < FUNCTIONS; function++) {
            final PciHandle further = new PciHandle(this, device, function);
            if (further.exists()) {
                found.add(further);
            }
        }
    }
}
