package io.drivebay.sim.guest;

import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.Machine;
import io.drivebay.sim.pci.MsiXTable;
import io.drivebay.sim.pci.PciConfigAccess;
import io.drivebay.sim.pci.PciHandle;
import io.drivebay.sim.pci.PciResources;
import io.drivebay.sim.virtio.MmioTransport;
import io.drivebay.sim.virtio.PciEvents;
import io.drivebay.sim.virtio.PciLegacyTransport;
import io.drivebay.sim.virtio.PciTransport;
import io.drivebay.sim.virtio.VirtioTransport;
import io.drivebay.virtio.VirtioDevice;
import io.drivebay.virtio.mmio.VirtioMmio;
import io.drivebay.virtio.pci.PciOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.pci.VirtioPci;

/** How a virtio device sits in a machine and how its driver reaches it: both ends of every transport. */
public enum Attachment {
    /** Registers in memory, version 2. */
    MMIO {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return mmio(machine, machine.plug(line -> new VirtioMmio(device, line)));
        }
    },
    /** Registers in memory, version 1. */
    MMIO_LEGACY {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return mmio(machine, machine.plug(line -> VirtioMmio.legacy(device, line)));
        }
    },
    /** A modern PCI function, interrupting by messages. */
    PCI {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return modern(machine, device, PciOptions.of(Form.MODERN));
        }
    },
    /** A transitional PCI function without messages, driven by its modern interface. */
    PCI_TRANSITIONAL_PIN {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return modern(machine, device, PciOptions.of(Form.TRANSITIONAL).withVectors(0));
        }
    },
    /** A transitional PCI function with messages, driven by its legacy interface. */
    PCI_LEGACY {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return legacy(machine, device, PciOptions.of(Form.TRANSITIONAL));
        }
    },
    /** A legacy PCI function without messages. */
    PCI_LEGACY_PIN {
        @Override
        Attached attach(final Machine machine, final VirtioDevice device) {
            return legacy(machine, device, PciOptions.of(Form.LEGACY).withVectors(0));
        }
    };

    /**
     * A device in its place.
     *
     * @param interrupt what used buffers raise
     */
    record Attached(VirtioTransport transport, GuestInterrupt interrupt) {}

    /** Plugs a device in and finds it again as a guest does. */
    abstract Attached attach(Machine machine, VirtioDevice device);

    private static Attached mmio(final Machine machine, final Machine.Place place) {
        return new Attached(new MmioTransport(machine, place), place.interrupt());
    }

    private static Attached modern(final Machine machine, final VirtioDevice device, final PciOptions options) {
        final Machine.Slot slot = plug(machine, device, options);
        final PciHandle function = find(machine, slot);
        final PciEvents events = events(machine, slot, function);
        return new Attached(new PciTransport(function, machine.bus(), events), events.interrupt());
    }

    private static Attached legacy(final Machine machine, final VirtioDevice device, final PciOptions options) {
        final Machine.Slot slot = plug(machine, device, options);
        final PciHandle function = find(machine, slot);
        final PciEvents events = events(machine, slot, function);
        return new Attached(new PciLegacyTransport(function, machine.ports(), events), events.interrupt());
    }

    private static Machine.Slot plug(final Machine machine, final VirtioDevice device, final PciOptions options) {
        return machine.plugPci((pin, messages) -> new VirtioPci(device, options, pin, messages));
    }

    private static PciHandle find(final Machine machine, final Machine.Slot slot) {
        final PciHandle function = new PciConfigAccess(machine.ports())
                .scan().stream()
                        .filter(found -> found.device() == slot.device())
                        .findFirst()
                        .orElseThrow();
        PciResources.ofPc().assign(function);
        return function;
    }

    private static PciEvents events(final Machine machine, final Machine.Slot slot, final PciHandle function) {
        final MsiXTable table = MsiXTable.find(function, machine.bus());
        return table == null ? PciEvents.ofPin(slot.interrupt()) : PciEvents.ofMessages(table, machine.messages());
    }
}
