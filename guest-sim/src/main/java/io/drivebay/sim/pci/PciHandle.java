package io.drivebay.sim.pci;

import java.util.ArrayList;
import java.util.List;

/** A function that a guest has found, by its place on bus 0. Any thread, but sizing disturbs what is decoded. */
public final class PciHandle {
    /** Command register: answer to ports. */
    public static final int IO = 1;
    /** Command register: answer to memory. */
    public static final int MEMORY = 2;
    /** Command register: access memory. */
    public static final int MASTER = 4;

    // spotless:off
    private static final int VENDOR_ID    = 0x00;
    private static final int DEVICE_ID    = 0x02;
    private static final int COMMAND      = 0x04;
    private static final int STATUS       = 0x06;
    private static final int BARS         = 0x10;
    private static final int CAPABILITIES = 0x34;
    // spotless:on

    private static final int NOBODY = 0xffff;
    private static final int BAR_COUNT = 6;
    private static final int HAS_CAPABILITIES = 0x10;
    private static final int MOST_CAPABILITIES = 48;
    private static final int IO_SPACE = 1;
    private static final int TYPE = 6;
    private static final int TYPE_64 = 4;
    private static final long LOW = 0xffff_ffffL;
    private static final int UPPER_HALF = 0xffff_0000;

    private final PciConfigAccess access;
    private final int device;
    private final int function;

    PciHandle(final PciConfigAccess access, final int device, final int function) {
        this.access = access;
        this.device = device;
        this.function = function;
    }

    /**
     * A window that a function wants.
     *
     * @param index of the (first) base address register
     * @param io in port space, else in memory
     * @param wide of 64 bits: takes the next register too
     * @param bytes a power of two
     */
    public record Bar(int index, boolean io, boolean wide, long bytes) {}

    boolean exists() {
        return vendorId() != NOBODY;
    }

    public int device() {
        return device;
    }

    public int function() {
        return function;
    }

    public int vendorId() {
        return read(VENDOR_ID, 2);
    }

    public int deviceId() {
        return read(DEVICE_ID, 2);
    }

    /** Reads configuration space. */
    public int read(final int offset, final int widthBytes) {
        return access.read(device, function, offset, widthBytes);
    }

    /** Writes configuration space. */
    public void write(final int offset, final int widthBytes, final int value) {
        access.write(device, function, offset, widthBytes, value);
    }

    /** Sets bits of the command register. */
    public void enable(final int commandBits) {
        write(COMMAND, 2, read(COMMAND, 2) | commandBits);
    }

    /** Clears bits of the command register. */
    public void disable(final int commandBits) {
        write(COMMAND, 2, read(COMMAND, 2) & ~commandBits);
    }

    /** Where the capabilities with an id begin, in the order of the list (PCI 3.0, 6.7); a list in a circle ends. */
    public List<Integer> capabilities(final int id) {
        final List<Integer> found = new ArrayList<>();
        if ((read(STATUS, 2) & HAS_CAPABILITIES) == 0) {
            return found;
        }
        int at = read(CAPABILITIES, 1) & ~3;
        for (int i = 0; at != 0 && i < MOST_CAPABILITIES; i++) {
            if (read(at, 1) == id) {
                found.add(at);
            }
            at = read(at + 1, 1) & ~3;
        }
        return found;
    }

    /** The windows that the function wants, found by writing ones (6.2.5.1). Nothing is decoded meanwhile. */
    public List<Bar> bars() {
        final int command = read(COMMAND, 2);
        disable(IO | MEMORY);
        final List<Bar> bars = new ArrayList<>();
        for (int index = 0; index < BAR_COUNT; index++) {
            final Bar bar = size(index);
            if (bar.bytes() != 0) {
                bars.add(bar);
            }
            index += bar.wide() ? 1 : 0;
        }
        write(COMMAND, 2, command);
        return bars;
    }

    private Bar size(final int index) {
        final int low = sizingMask(index);
        final boolean io = (low & IO_SPACE) != 0;
        final boolean wide = !io && (low & TYPE) == TYPE_64;
        final long mask = io ? (low | UPPER_HALF) & ~3L : low & ~15L; // the upper half may be missing for ports
        final long whole = wide ? (long) sizingMask(index + 1) << Integer.SIZE | (mask & LOW) : mask | ~LOW;
        return new Bar(index, io, wide, (mask & LOW) == 0 && !wide ? 0 : -whole);
    }

    private int sizingMask(final int index) {
        final int at = BARS + 4 * index;
        final int before = read(at, 4);
        write(at, 4, -1);
        final int mask = read(at, 4);
        write(at, 4, before);
        return mask;
    }

    /** Puts a window somewhere, a multiple of its size. */
    public void place(final Bar bar, final long address) {
        final int at = BARS + 4 * bar.index();
        write(at, 4, (int) address);
        if (bar.wide()) {
            write(at + 4, 4, (int) (address >>> Integer.SIZE));
        }
    }

    /** Where the window of a base address register is. */
    public long address(final int index) {
        final int low = read(BARS + 4 * index, 4);
        if ((low & IO_SPACE) != 0) {
            return low & LOW & ~3L;
        }
        final long high = (low & TYPE) == TYPE_64 ? (long) read(BARS + 4 * index + 4, 4) << Integer.SIZE : 0;
        return high | (low & LOW & ~15L);
    }

    /** True when a base address register is for ports. */
    public boolean isIo(final int index) {
        return (read(BARS + 4 * index, 4) & IO_SPACE) != 0;
    }

    @Override
    public String toString() {
        return String.format("00:%02x.%d %04x:%04x", device, function, vendorId(), deviceId());
    }
}
