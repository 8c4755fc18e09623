package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.pci.MsiTarget;
import io.drivebay.backend.guest.pci.MsiX;
import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciIdentity;
import io.drivebay.virtio.DeviceStatus;
import io.drivebay.virtio.DriverRegisters;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.VirtioDevice;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.pci.PciOptions.Form;
import org.jspecify.annotations.Nullable;

/**
 * The virtio-pci transport (virtio 1.2, 4.1): a device as a PCI function.
 *
 * <p>Base address 0 is the legacy interface's ports, 1 is MSI-X, 4 the modern structures. While the function may not
 * master the bus, notifications wait and messages do; requests that were taken before go on.
 */
public final class VirtioPci implements PciFunction, GuestEvents {
    private static final int VENDOR = 0x1af4;
    private static final int MODERN_DEVICE = 0x1040;
    private static final int TRANSITIONAL_BLOCK = 0x1001;
    private static final int MODERN_BOARD = 0x1100;
    private static final int BLOCK = 2;
    private static final int STORAGE_CLASS = 0x01_00_00;

    private static final int LEGACY_BASE = 0;
    private static final int MSIX_BASE = 1;
    private static final int MODERN_BASE = 4;
    private static final int PIN_A = 1;

    private final VirtioDevice device;
    private final PciHeader header;
    private final @Nullable MsiX msix;
    private final DriverRegisters registers;
    private final PciInterrupts interrupts;
    private final @Nullable ConfigAccess access;
    private boolean mastering;

    /**
     * Puts a block device on PCI; its events go to the pin or the messages from now on.
     *
     * @param pin interrupt pin A
     * @param messages where MSI-X goes
     */
    public VirtioPci(
            final VirtioDevice device, final PciOptions options, final InterruptLine pin, final MsiTarget messages) {
        if (device.deviceType() != BLOCK) {
            throw new IllegalArgumentException("device type " + device.deviceType() + " has no PCI identity here");
        }
        this.device = device;
        this.header = new PciHeader(
                identity(options.form()),
                PciHeader.IO_ENABLE | PciHeader.MEMORY_ENABLE | PciHeader.MASTER_ENABLE | PciHeader.INTERRUPT_DISABLE);
        header.interruptPin(PIN_A, pin);
        this.access = options.hasModern() ? new VirtioCapabilities(header).addAll(MODERN_BASE) : null;
        final int vectors = options.vectors() < 0 ? device.queueCount() + 1 : options.vectors();
        this.msix = vectors == 0 ? null : MsiX.add(header, MSIX_BASE, vectors, messages);
        this.interrupts = new PciInterrupts(header, msix, device.queueCount(), options.configSaysQueueToo());
        this.registers =
                new DriverRegisters(device, device.maxQueueSize(), interrupts::clear, VirtioFeatures.NOTIF_CONFIG_DATA);
        if (options.hasModern()) {
            final CommonConfig common = new CommonConfig(device, registers, interrupts);
            header.memoryBase64(MODERN_BASE, new ModernWindow(device, common, interrupts, this::notifyQueue));
        }
        if (options.hasLegacy()) {
            header.portBase(LEGACY_BASE, new LegacyWindow(device, registers, interrupts, this::notifyQueue));
        }
        header.onChange(this::update);
        device.connect(this);
    }

    /** A legacy driver knows the device by its board's number, which is the device's type (virtio 1.2, 4.1.2.3). */
    private static PciIdentity identity(final Form form) {
        return form == Form.MODERN
                ? new PciIdentity(VENDOR, MODERN_DEVICE + BLOCK, 1, STORAGE_CLASS, VENDOR, MODERN_BOARD)
                : new PciIdentity(VENDOR, TRANSITIONAL_BLOCK, 0, STORAGE_CLASS, VENDOR, BLOCK);
    }

    @Override
    public PciHeader header() {
        return header;
    }

    @Override
    public void reset() {
        header.reset();
        if (msix != null) {
            msix.reset();
        }
        registers.writeStatus(0);
    }

    @Override
    public int readConfig(final int offset, final int widthBytes) {
        if (access != null && access.covers(offset, widthBytes)) {
            access.fetch();
        }
        return header.read(offset, widthBytes);
    }

    @Override
    public void writeConfig(final int offset, final int widthBytes, final int value) {
        header.write(offset, widthBytes, value);
        if (access != null && access.covers(offset, widthBytes)) {
            access.store();
        }
    }

    private void update() {
        interrupts.drivePin();
        final boolean before = mastering;
        mastering = header.has(PciHeader.MASTER_ENABLE);
        for (int queue = 0; mastering && !before && queue < device.queueCount(); queue++) {
            device.notifyQueue(queue);
        }
    }

    private void notifyQueue(final int queue) {
        if (header.has(PciHeader.MASTER_ENABLE)) {
            device.notifyQueue(queue);
        }
    }

    // ---- what the device has to tell ----

    @Override
    public void queueUsed(final int queue) {
        interrupts.queueUsed(queue);
    }

    @Override
    public void configChanged() {
        if (registers.status().has(DeviceStatus.DRIVER_OK)) {
            interrupts.configChanged();
        }
    }

    @Override
    public void needsReset(final String why) {
        if (registers.status().needReset(why)) {
            interrupts.configChanged();
        }
    }
}
