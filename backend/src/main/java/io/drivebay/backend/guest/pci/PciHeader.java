package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's configuration space with a header of type 0 (PCI 3.0, 6.1 and 6.2): what it is, which of its windows are
 * decoded where, its list of capabilities and its interrupt pin.
 *
 * <p>Built by the function's model in one thread. Then a vCPU's thread reads and writes it, one access at a time; looking
 * windows up and {@link #interrupt} are for any thread.
 */
public final class PciHeader {
    /** Command register: ports are decoded. */
    public static final int IO_ENABLE = 1;
    /** Command register: memory is decoded. */
    public static final int MEMORY_ENABLE = 1 << 1;
    /** Command register: the function may access memory and send messages. */
    public static final int MASTER_ENABLE = 1 << 2;
    /** Command register: the interrupt pin stays low. */
    public static final int INTERRUPT_DISABLE = 1 << 10;

    /** Size of configuration space. */
    public static final int BYTES = 256;

    // spotless:off
    private static final int VENDOR_ID           = 0x00;
    private static final int DEVICE_ID           = 0x02;
    private static final int COMMAND             = 0x04;
    private static final int STATUS              = 0x06;
    private static final int REVISION            = 0x08;
    private static final int CLASS_CODE          = 0x09;
    private static final int HEADER_TYPE         = 0x0e;
    private static final int BASE_ADDRESSES      = 0x10;
    private static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    private static final int SUBSYSTEM_ID        = 0x2e;
    private static final int CAPABILITIES        = 0x34;
    private static final int INTERRUPT_LINE      = 0x3c;
    private static final int INTERRUPT_PIN       = 0x3d;
    private static final int FIRST_CAPABILITY    = 0x40;
    // spotless:on

    private static final int BASE_ADDRESS_COUNT = 6;
    private static final int MULTIFUNCTION = 0x80;
    private static final int STATUS_INTERRUPT = 1 << 3;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final InterruptLine NO_PIN = asserted -> {};

    private final RegisterFile registers = new RegisterFile(BYTES);
    private final @Nullable BaseAddress[] bases = new BaseAddress[BASE_ADDRESS_COUNT];
    private final List<PciWindow> fixedPorts = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final Object pinLock = new Object();
    private InterruptLine pin = NO_PIN;
    private int lastCapability;
    private int nextCapability = FIRST_CAPABILITY;
    private volatile int command;
    private volatile boolean interrupting;

    /**
     * A header without windows, capabilities and pin.
     *
     * @param commandBits which bits of the command register a guest may change
     */
    public PciHeader(final PciIdentity identity, final int commandBits) {
        registers
                .field(VENDOR_ID, 2, identity.vendorId(), 0)
                .field(DEVICE_ID, 2, identity.deviceId(), 0)
                .field(COMMAND, 2, 0, commandBits)
                .field(REVISION, 1, identity.revision(), 0)
                .field(CLASS_CODE, 3, identity.classCode(), 0)
                .field(SUBSYSTEM_VENDOR_ID, 2, identity.subsystemVendorId(), 0)
                .field(SUBSYSTEM_ID, 2, identity.subsystemId(), 0)
                .field(INTERRUPT_LINE, 1, 0, 0xff);
    }

    // ---- making one ----

    /** For fields that this class does not know, and for those of capabilities. */
    public RegisterFile registers() {
        return registers;
    }

    /** Says that the device has further functions. */
    public PciHeader multifunction() {
        registers.field(HEADER_TYPE, 1, MULTIFUNCTION, 0);
        return this;
    }

    /** Has a base address register decode ports. */
    public PciWindow portBase(final int index, final MmioDevice device) {
        return base(index, BaseAddress.Space.IO, device);
    }

    /** Has a base address register decode memory below 4 GiB. */
    public PciWindow memoryBase(final int index, final MmioDevice device) {
        return base(index, BaseAddress.Space.MEMORY_32, device);
    }

    /** Has two base address registers decode memory anywhere below 2^63; the window is prefetchable. */
    public PciWindow memoryBase64(final int index, final MmioDevice device) {
        return base(index, BaseAddress.Space.MEMORY_64, device);
    }

    private PciWindow base(final int index, final BaseAddress.Space space, final MmioDevice device) {
        final BaseAddress base = new BaseAddress(registers, BASE_ADDRESSES + 4 * index, space, device);
        bases[index] = base;
        return base.window();
    }

    /** Decodes ports always, whatever the registers say. */
    public void fixedPorts(final int port, final MmioDevice device) {
        final PciWindow window = new PciWindow(device, device.windowBytes());
        window.moveTo(port);
        fixedPorts.add(window);
    }

    /**
     * Appends a capability to the list (PCI 3.0, 6.7); its fields are declared in {@link #registers()}.
     *
     * @param bytes its size with the two bytes of id and link
     * @return where in configuration space it begins
     */
    public int capability(final int id, final int bytes) {
        final int at = nextCapability;
        nextCapability = (at + bytes + 3) & ~3;
        if (nextCapability > BYTES) {
            throw new IllegalStateException("no room for a capability of " + bytes + " bytes at " + at);
        }
        registers.field(at, 1, id, 0);
        registers.field(lastCapability == 0 ? CAPABILITIES : lastCapability + 1, 1, at, 0);
        registers.field(STATUS, 2, registers.read(STATUS, 2) | STATUS_CAPABILITIES, 0);
        lastCapability = at;
        return at;
    }

    /** Gives the function an interrupt pin, 1 (A) to 4 (D). */
    public void interruptPin(final int number, final InterruptLine line) {
        registers.field(INTERRUPT_PIN, 1, number, 0);
        pin = line;
    }

    /** Has an action run after every write, in the writer's thread, and after a reset. */
    public void onChange(final Runnable listener) {
        listeners.add(listener);
    }

    // ---- using it ----

    /** Reads configuration space, zero-extended. */
    public int read(final int offset, final int widthBytes) {
        int value = (int) registers.read(offset, widthBytes);
        if (interrupting && offset <= STATUS && offset + widthBytes > STATUS) {
            value |= STATUS_INTERRUPT << (8 * (STATUS - offset));
        }
        return value;
    }

    /** Writes configuration space. */
    public void write(final int offset, final int widthBytes, final int value) {
        registers.write(offset, widthBytes, Integer.toUnsignedLong(value));
        update();
    }

    /** Everything as after power-on: nothing is decoded. */
    public void reset() {
        registers.reset();
        update();
    }

    private void update() {
        command = (int) registers.read(COMMAND, 2);
        for (final BaseAddress base : bases) {
            if (base != null) {
                base.update(registers, has(base.isIo() ? IO_ENABLE : MEMORY_ENABLE));
            }
        }
        drivePin();
        listeners.forEach(Runnable::run);
    }

    /** True when all of some bits of the command register are set. Any thread. */
    public boolean has(final int commandBits) {
        return (command & commandBits) == commandBits;
    }

    /** What a base address register governs; null when there is no such register. Any thread. */
    public @Nullable PciWindow window(final int index) {
        final BaseAddress base = index >= 0 && index < BASE_ADDRESS_COUNT ? bases[index] : null;
        return base == null ? null : base.window();
    }

    /** The window that a port lies in now; null when the function does not answer there. Any thread. */
    public @Nullable PciWindow atPort(final int port) {
        for (int i = 0; i < fixedPorts.size(); i++) {
            if (fixedPorts.get(i).contains(port)) {
                return fixedPorts.get(i);
            }
        }
        return find(port, true);
    }

    /** The window that a memory address lies in now; null when the function does not answer there. Any thread. */
    public @Nullable PciWindow atMemory(final long address) {
        return find(address, false);
    }

    private @Nullable PciWindow find(final long address, final boolean io) {
        for (final BaseAddress base : bases) {
            if (base != null && base.isIo() == io && base.window().contains(address)) {
                return base.window();
            }
        }
        return null;
    }

    // ---- the interrupt pin ----

    /** The function wants attention, or no longer: the pin follows unless it is disabled. Any thread. */
    public void interrupt(final boolean wanted) {
        if (interrupting != wanted) {
            interrupting = wanted;
            drivePin();
        }
    }

    private void drivePin() {
        synchronized (pinLock) {
            pin.set(interrupting && !has(INTERRUPT_DISABLE));
        }
    }
}
