package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.machine.PcDevices.Unplug;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.BiosGeometry;
import io.drivebay.ide.ata.BiosGeometry.Translation;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.ata.DiskOptions.Trim;
import io.drivebay.ide.ata.Geometry;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import java.util.Locale;
import java.util.Set;

/** {@code ide-hd} and {@code ide-cd}, by QEMU's properties. */
final class IdeDevices {
    private static final int SECTOR = 512;

    private IdeDevices() {}

    static Unplug disk(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final int place = devices.ide().choose(properties);
        final BiosGeometry geometry = geometry(backend, properties);
        final DiskOptions plain = diskOptions(devices, id, place, properties);
        final boolean standard = geometry.physical().equals(Geometry.ofCapacity(backend.lengthBytes() / SECTOR));
        final DiskOptions options = standard ? plain : plain.withGeometry(geometry.physical());
        common(backend, properties);
        final AtaDisk disk = AtaDisk.attach(options, backend, devices.ide().socket(place));
        devices.ide().plug(place, disk);
        devices.machine().describeDisk(place, geometry);
        return () -> {
            devices.ide().unplug(place);
            disk.detach();
            devices.letGo(backend);
        };
    }

    static Unplug discDrive(
            final PcDevices devices, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final int place = devices.ide().choose(properties);
        final DriveOptions options = names(devices, id, place, properties, "DVD-ROM");
        common(backend, properties);
        final AtapiDrive drive =
                AtapiDrive.attach(options, backend, devices.ide().socket(place), TransitionTrace.NONE);
        devices.ide().plug(place, drive);
        return () -> {
            devices.ide().unplug(place);
            drive.detach();
            devices.letGo(backend);
        };
    }

    private static void common(final BlockBackend backend, final BlockdevOptions properties) throws BlockException {
        backend.writeCache(properties.flag("write-cache", true));
        ErrorPolicies.apply(backend, properties);
        if (properties.number("logical_block_size", SECTOR) != SECTOR) {
            throw new BlockException(Kind.INVALID_OPTION, "logical_block_size: an IDE drive has sectors of 512 bytes");
        }
    }

    private static DriveOptions names(
            final PcDevices devices,
            final String id,
            final int place,
            final BlockdevOptions properties,
            final String kind)
            throws BlockException {
        final Set<Deviation> deviations = devices.deviations();
        final boolean quirks = !deviations.isEmpty();
        final String serial = properties.text("serial");
        final String model = properties.text("model");
        final String version = properties.text("ver");
        final String maker = quirks ? "QEMU " : "Drivebay ";
        try {
            return new DriveOptions(
                    id,
                    model != null ? model : maker + kind,
                    serial != null ? serial : String.format(quirks ? "QM%05d" : "DB%05d", place + 1),
                    version != null ? version : quirks ? "2.5+" : "0.1",
                    deviations);
        } catch (final IllegalArgumentException e) {
            throw new BlockException(Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    private static DiskOptions diskOptions(
            final PcDevices devices, final String id, final int place, final BlockdevOptions properties)
            throws BlockException {
        final long physical = properties.size("physical_block_size", SECTOR);
        if (Long.bitCount(physical) != 1 || physical < SECTOR) {
            throw new BlockException(Kind.INVALID_OPTION, "physical_block_size=" + physical + " is no power of two");
        }
        final DiskOptions plain = DiskOptions.of(names(devices, id, place, properties, "HARDDISK"));
        final Trim trim = properties.size("discard_granularity", SECTOR) == 0 ? Trim.OFF : plain.trim();
        try {
            return new DiskOptions(
                    plain.drive(),
                    null,
                    trim,
                    Long.numberOfTrailingZeros(physical / SECTOR),
                    (int) properties.number("rotation_rate", 0),
                    properties.number("wwn", 0));
        } catch (final IllegalArgumentException e) {
            throw new BlockException(Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    /** What is asked for, or else what the disk's boot sector makes likely. */
    private static BiosGeometry geometry(final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        final long cylinders = properties.number("cyls", 0);
        final long heads = properties.number("heads", 0);
        final long sectors = properties.number("secs", 0);
        final boolean chosen = cylinders != 0 || heads != 0 || sectors != 0;
        try {
            final BiosGeometry likely = chosen
                    ? BiosGeometry.of(new Geometry((int) cylinders, (int) heads, (int) sectors))
                    : BiosGeometry.guess(BootSector.read(backend), backend.lengthBytes() / SECTOR);
            final String translation = properties.text("bios-chs-trans");
            return translation == null || translation.equals("auto")
                    ? likely
                    : new BiosGeometry(likely.physical(), translation(translation));
        } catch (final IllegalArgumentException e) {
            throw new BlockException(Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    private static Translation translation(final String name) {
        for (final Translation translation : Translation.values()) {
            if (translation.name().toLowerCase(Locale.ROOT).equals(name)) {
                return translation;
            }
        }
        throw new IllegalArgumentException("bios-chs-trans is auto, none, lba, large or rechs, not '" + name + "'");
    }
}
