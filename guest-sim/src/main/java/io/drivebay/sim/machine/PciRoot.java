package io.drivebay.sim.machine;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.SharedInterrupt;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bus 0 of PCI: its functions, the ports by which a guest configures them, and who of them answers to an address.
 *
 * <p>Configuration mechanism 1 (PCI 2.1, 3.7.4.1): an address goes to port 0xcf8, data are read and written at 0xcfc to
 * 0xcff. Both low bits of the address count, as in QEMU, and are combined with those of the port. Where there is no
 * function, reads return all ones.
 *
 * <p>Any thread; accesses to one function come one at a time.
 */
public final class PciRoot {
    /** The first of the eight ports of the configuration mechanism. */
    public static final int CONFIG_PORTS = 0xcf8;

    /** How many interrupt lines the bus has. */
    public static final int INTERRUPT_LINES = 4;

    private static final int FUNCTIONS = 256;
    private static final int FUNCTIONS_PER_DEVICE = 8;

    /* By device and function; replaced whole, as is the list of those that are there. */
    private volatile @Nullable PciFunction[] functions = new PciFunction[FUNCTIONS];
    private volatile PciFunction[] plugged = {};
    private final List<SharedInterrupt> interrupts;
    private final ConfigPorts configPorts = new ConfigPorts();
    private final AddressSpace ports = new Ports();
    private final AddressSpace memory = new Memory();

    /**
     * A bus without functions.
     *
     * @param lines where its four interrupt lines go
     */
    public PciRoot(final List<? extends InterruptLine> lines) {
        if (lines.size() != INTERRUPT_LINES) {
            throw new IllegalArgumentException(lines.size() + " interrupt lines, not " + INTERRUPT_LINES);
        }
        interrupts = lines.stream().map(SharedInterrupt::new).toList();
    }

    // ---- the host's side ----

    /** Puts a function in its place: a device from 0 to 31, a function from 0 to 7. */
    public synchronized void plug(final int device, final int function, final PciFunction model) {
        final int index = device * FUNCTIONS_PER_DEVICE + function;
        if (functions[index] != null) {
            throw new IllegalArgumentException("PCI function " + device + "." + function + " is taken");
        }
        set(index, model);
    }

    /** Takes a function away. */
    public synchronized void unplug(final int device, final int function) {
        set(device * FUNCTIONS_PER_DEVICE + function, null);
    }

    private void set(final int index, final @Nullable PciFunction model) {
        final @Nullable PciFunction[] changed = functions.clone();
        changed[index] = model;
        functions = changed;
        plugged = Arrays.stream(changed).filter(Objects::nonNull).toArray(PciFunction[]::new);
    }

    /** The first device without a function 0, from a device on; -1 when there is none. */
    public synchronized int freeDevice(final int from) {
        return IntStream.range(from, FUNCTIONS / FUNCTIONS_PER_DEVICE)
                .filter(device -> functions[device * FUNCTIONS_PER_DEVICE] == null)
                .findFirst()
                .orElse(-1);
    }

    /**
     * The interrupt line for a function that is to be plugged in. Each device's pins lie one line further than those of
     * the device before it.
     *
     * @param pin 1 (A) to 4 (D)
     */
    public InterruptLine interruptLine(final int device, final int pin) {
        return interrupts.get(lineOf(device, pin)).source();
    }

    /** Which of the bus's interrupt lines a pin is wired to. */
    public static int lineOf(final int device, final int pin) {
        return (device - 1 + pin - 1) & (INTERRUPT_LINES - 1);
    }

    /** The ports of the configuration mechanism, for {@link #CONFIG_PORTS}. */
    public MmioDevice configPorts() {
        return configPorts;
    }

    /** Who answers to ports. */
    public AddressSpace ports() {
        return ports;
    }

    /** Who answers to memory addresses. */
    public AddressSpace memory() {
        return memory;
    }

    /** Pulls the bus's reset line. */
    public void reset() {
        configPorts.address = 0;
        for (final PciFunction function : plugged) {
            synchronized (function) {
                function.reset();
            }
        }
    }

    // ---- the guest's side ----

    /** Reads a function's configuration space as if by the ports: all ones where there is none. */
    public int readConfig(final int device, final int function, final int offset, final int widthBytes) {
        return (int) read(functions[device * FUNCTIONS_PER_DEVICE + function], offset, widthBytes);
    }

    /** Writes a function's configuration space. */
    public void writeConfig(
            final int device, final int function, final int offset, final int widthBytes, final int value) {
        write(functions[device * FUNCTIONS_PER_DEVICE + function], offset, widthBytes, value);
    }

    private static long read(final @Nullable PciFunction function, final int offset, final int widthBytes) {
        if (function == null) {
            return AddressSpace.allOnes(widthBytes);
        }
        synchronized (function) {
            return Integer.toUnsignedLong(function.readConfig(offset, widthBytes));
        }
    }

    private static void write(
            final @Nullable PciFunction function, final int offset, final int widthBytes, final long value) {
        if (function != null) {
            synchronized (function) {
                function.writeConfig(offset, widthBytes, (int) value);
            }
        }
    }

    /** True when a function answers to a memory address now. */
    public boolean decodesMemory(final long address) {
        return atMemory(address) != null;
    }

    private @Nullable PciFunction atPort(final int port) {
        for (final PciFunction function : plugged) {
            if (function.decodes(port)) {
                return function;
            }
        }
        return null;
    }

    private @Nullable PciFunction atMemory(final long address) {
        for (final PciFunction function : plugged) {
            if (function.decodesMemory(address)) {
                return function;
            }
        }
        return null;
    }

    /* Mechanism 1: the address register takes whole accesses only, the data ports any. */
    private final class ConfigPorts implements MmioDevice {
        private static final int DATA = 4;
        private static final int ENABLE = 1 << 31;

        private volatile int address;

        @Override
        public int windowBytes() {
            return 8;
        }

        @Override
        public long read(final int offset, final int widthBytes) {
            if (offset >= DATA) {
                return (address & ENABLE) == 0
                        ? AddressSpace.allOnes(widthBytes)
                        : PciRoot.read(selected(), register(offset), widthBytes);
            }
            return offset == 0 && widthBytes == Integer.BYTES
                    ? Integer.toUnsignedLong(address)
                    : AddressSpace.allOnes(widthBytes);
        }

        @Override
        public void write(final int offset, final int widthBytes, final long value) {
            if (offset == 0 && widthBytes == Integer.BYTES) {
                address = (int) value;
            } else if (offset >= DATA && (address & ENABLE) != 0) {
                PciRoot.write(selected(), register(offset), widthBytes, value);
            }
        }

        private @Nullable PciFunction selected() {
            final int bus = (address >> 16) & 0xff;
            return bus == 0 ? functions[(address >> 8) & 0xff] : null;
        }

        private int register(final int offset) {
            return (address & 0xff) | (offset - DATA);
        }
    }

    private final class Ports implements AddressSpace {
        @Override
        public long read(final long address, final int widthBytes) {
            final int port = (int) address;
            final PciFunction function = atPort(port);
            if (function == null) {
                return AddressSpace.allOnes(widthBytes);
            }
            synchronized (function) {
                return Integer.toUnsignedLong(function.readPort(port, widthBytes));
            }
        }

        @Override
        public void write(final long address, final int widthBytes, final long value) {
            final int port = (int) address;
            final PciFunction function = atPort(port);
            if (function != null) {
                synchronized (function) {
                    function.writePort(port, widthBytes, (int) value);
                }
            }
        }
    }

    private final class Memory implements AddressSpace {
        @Override
        public long read(final long address, final int widthBytes) {
            final PciFunction function = atMemory(address);
            if (function == null) {
                return AddressSpace.allOnes(widthBytes);
            }
            synchronized (function) {
                return function.readMemory(address, widthBytes);
            }
        }

        @Override
        public void write(final long address, final int widthBytes, final long value) {
            final PciFunction function = atMemory(address);
            if (function != null) {
                synchronized (function) {
                    function.writeMemory(address, widthBytes, value);
                }
            }
        }
    }
}
