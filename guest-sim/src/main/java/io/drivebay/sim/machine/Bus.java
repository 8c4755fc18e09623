package io.drivebay.sim.machine;

import io.drivebay.backend.guest.MmioDevice;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where guest programs reach devices: windows of registers at physical addresses, or at ports. Any thread; accesses to
 * one device come one at a time, as devices expect it.
 *
 * <p>Where there is no window another space is asked, if there is one. Where there is no device, reads return all ones and
 * writes go nowhere.
 */
public final class Bus implements AddressSpace {
    private record Window(long start, MmioDevice device) {
        boolean contains(final long address, final int widthBytes) {
            return address >= start && address + widthBytes <= start + device.windowBytes();
        }
    }

    private final AddressSpace elsewhere;
    private volatile Window[] windows = {};

    /** A bus with nothing on it. */
    public Bus() {
        this(AddressSpace.NOBODY);
    }

    /** A bus that asks another space where it has no window. */
    public Bus(final AddressSpace elsewhere) {
        this.elsewhere = elsewhere;
    }

    /** Maps a device's window. */
    public synchronized void map(final long address, final MmioDevice device) {
        final long end = address + device.windowBytes();
        for (final Window window : windows) {
            if (address < window.start() + window.device().windowBytes() && window.start() < end) {
                throw new IllegalArgumentException("a window of " + device.windowBytes() + " bytes at 0x"
                        + Long.toHexString(address) + " overlaps the one at 0x" + Long.toHexString(window.start()));
            }
        }
        final Window[] more = Arrays.copyOf(windows, windows.length + 1);
        more[windows.length] = new Window(address, device);
        Arrays.sort(more, Comparator.comparingLong(Window::start));
        windows = more;
    }

    /** Takes the window that begins at an address away. */
    public synchronized void unmap(final long address) {
        final Window[] fewer = Arrays.stream(windows)
                .filter(window -> window.start() != address)
                .toArray(Window[]::new);
        if (fewer.length == windows.length) {
            throw new IllegalArgumentException("no window begins at 0x" + Long.toHexString(address));
        }
        windows = fewer;
    }

    private @Nullable Window find(final long address, final int widthBytes) {
        final Window[] sorted = windows;
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (sorted[middle].start() <= address) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && sorted[low - 1].contains(address, widthBytes) ? sorted[low - 1] : null;
    }

    /** True when an access falls into a window. */
    public boolean decodes(final long address, final int widthBytes) {
        return find(address, widthBytes) != null;
    }

    @Override
    public long read(final long address, final int widthBytes) {
        final Window window = find(address, widthBytes);
        if (window == null) {
            return elsewhere.read(address, widthBytes);
        }
        synchronized (window) {
            return window.device().read((int) (address - window.start()), widthBytes);
        }
    }

    @Override
    public void write(final long address, final int widthBytes, final long value) {
        final Window window = find(address, widthBytes);
        if (window == null) {
            elsewhere.write(address, widthBytes, value);
            return;
        }
        synchronized (window) {
            window.device().write((int) (address - window.start()), widthBytes, value);
        }
    }
}
