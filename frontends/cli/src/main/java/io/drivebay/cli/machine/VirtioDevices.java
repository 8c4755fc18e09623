package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.machine.PcDevices.Unplug;
import io.drivebay.sim.pc.PcMachine;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.mmio.VirtioMmio;
import io.drivebay.virtio.pci.PciOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.pci.VirtioPci;
import java.util.List;

/** {@code virtio-blk} by QEMU's properties, on PCI or behind registers in memory. */
final class VirtioDevices {
    private static final int PIN_A = 1;
    private static final int MAX_VECTORS = 2048;

    /** A feature that is a property too: clients accept what they are offered, even what they do not know. */
    private record Feature(String property, long bit, boolean offered) {}

    private static final List<Feature> FEATURES = List.of(
            new Feature("indirect_desc", VirtioFeatures.INDIRECT_DESC, true),
            new Feature("event_idx", VirtioFeatures.EVENT_IDX, true),
            new Feature("queue_reset", VirtioFeatures.RING_RESET, true),
            new Feature("packed", VirtioFeatures.RING_PACKED, false),
            new Feature("in_order", VirtioFeatures.IN_ORDER, false));

    private VirtioDevices() {}

    static Unplug mmio(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final VirtioBlk device = attach(devices, id, backend, properties);
        final long window = devices.machine().plugWindow(line -> new VirtioMmio(device, line));
        return () -> {
            devices.machine().unplugWindow(window);
            device.detach();
            devices.letGo(backend);
        };
    }

    static Unplug pci(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final boolean withoutLegacy = properties.flag("disable-legacy", false);
        final boolean withoutModern = properties.flag("disable-modern", false);
        if (withoutLegacy && withoutModern) {
            throw new BlockException(Kind.INVALID_OPTION, "disable-legacy and disable-modern leave nothing");
        }
        final Form form = withoutLegacy ? Form.MODERN : withoutModern ? Form.LEGACY : Form.TRANSITIONAL;
        return pci(form, devices, id, backend, properties);
    }

    static Unplug modernPci(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        return pci(Form.MODERN, devices, id, backend, properties);
    }

    static Unplug transitionalPci(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        return pci(Form.TRANSITIONAL, devices, id, backend, properties);
    }

    private static Unplug pci(
            final Form form,
            final PcDevices devices,
            final String id,
            final BlockBackend backend,
            final BlockdevOptions properties)
            throws BlockException {
        final PcMachine machine = devices.machine();
        final int place = PciPlaces.choose(machine.pci(), properties);
        final long vectors = properties.number("vectors", PciOptions.VECTOR_PER_QUEUE);
        if (vectors > MAX_VECTORS) {
            throw new BlockException(Kind.INVALID_OPTION, "vectors=" + vectors + " is more than " + MAX_VECTORS);
        }
        final VirtioBlk device = attach(devices, id, backend, properties);
        final boolean quirks = !devices.deviations().isEmpty();
        final PciOptions options =
                PciOptions.of(form).withVectors((int) vectors).withConfigSayingQueueToo(quirks);
        machine.pci()
                .plug(
                        place,
                        0,
                        new VirtioPci(device, options, machine.pci().interruptLine(place, PIN_A), machine.messages()));
        return () -> {
            machine.pci().unplug(place, 0);
            device.detach();
            devices.letGo(backend);
        };
    }

    private static VirtioBlk attach(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final BlkOptions plain = offering(properties, BlkOptions.of(id));
        backend.writeCache(properties.flag("write-cache", true));
        ErrorPolicies.apply(backend, properties);
        final String serial = properties.text("serial");
        try {
            final BlkOptions options = plain.withQueues(
                    (int) properties.number("num-queues", 1), (int) properties.number("queue-size", plain.queueSize()));
            return VirtioBlk.attach(
                    backend, devices.machine().ram().memory(), serial == null ? options : options.withSerial(serial));
        } catch (final IllegalArgumentException e) {
            throw new BlockException(Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    private static BlkOptions offering(final BlockdevOptions properties, final BlkOptions plain) throws BlockException {
        BlkOptions options = plain;
        for (final Feature feature : FEATURES) {
            options = properties.flag(feature.property, feature.offered)
                    ? options.withFeatures(feature.bit)
                    : options.withoutFeatures(feature.bit);
        }
        return options;
    }
}
