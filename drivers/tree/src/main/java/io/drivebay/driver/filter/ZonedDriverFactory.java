package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.ZoneState;

/**
 * Opens {@code zoned}: file, zone-size, zone-capacity, conventional-zones, max-open-zones, max-active-zones,
 * max-append-size, write-granularity, read-only-zone, offline-zone, metadata.
 */
public final class ZonedDriverFactory implements DriverFactory {
    private static final int SECTOR_BYTES = 512;
    private static final long DEFAULT_ZONE_BYTES = 256L << 20;
    private static final long MAX_ZONE_BYTES = 1L << 40;
    private static final long MAX_ZONES = 1 << 20;
    private static final long DEFAULT_APPEND_BYTES = 1 << 20;
    private static final long NO_ZONE = -1;

    @Override
    public String driverName() {
        return ZonedDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final BlockNode child = scope.child(options, FilterDriver.FILE);
        final long length = child.length();
        final long zoneBytes = options.size("zone-size", DEFAULT_ZONE_BYTES);
        require(
                Long.bitCount(zoneBytes) == 1 && zoneBytes >= SECTOR_BYTES && zoneBytes <= MAX_ZONE_BYTES,
                "option 'zone-size' is " + zoneBytes + "; it must be a power of two from 512 to " + MAX_ZONE_BYTES);
        final long zones = (length + zoneBytes - 1) / zoneBytes;
        require(
                zones > 0 && zones <= MAX_ZONES,
                child.describe() + " has " + length + " bytes, which make " + zones + " zones of " + zoneBytes
                        + "; there must be from 1 to " + MAX_ZONES);
        final long granularity = options.size("write-granularity", SECTOR_BYTES);
        require(
                Long.bitCount(granularity) == 1 && granularity >= SECTOR_BYTES && granularity <= zoneBytes,
                "option 'write-granularity' is " + granularity
                        + "; it must be a power of two from 512 to the zone's size");
        final long capacity = options.size("zone-capacity", zoneBytes);
        require(
                capacity > 0 && capacity <= zoneBytes && capacity % granularity == 0,
                "option 'zone-capacity' is " + capacity + "; it must be a multiple of " + granularity
                        + ", at most the zone's size");
        final long append = options.size("max-append-size", Math.min(capacity, DEFAULT_APPEND_BYTES));
        require(
                append >= 0 && append <= capacity && append % granularity == 0,
                "option 'max-append-size' is " + append + "; it must be a multiple of " + granularity
                        + ", at most the zone's capacity");
        final ZoneLayout layout = new ZoneLayout(
                zoneBytes,
                (int) count(options, "max-open-zones", zones),
                (int) count(options, "max-active-zones", zones),
                append,
                (int) granularity);
        require(
                layout.maxActiveZones() == 0 || layout.maxOpenZones() <= layout.maxActiveZones(),
                "option 'max-open-zones' is " + layout.maxOpenZones() + ", more than 'max-active-zones', "
                        + layout.maxActiveZones());
        final ZoneTable table =
                new ZoneTable(layout, capacity, (int) count(options, "conventional-zones", zones), length);
        final ZoneMetadata metadata = options.has(ZonedDriver.METADATA)
                ? ZoneMetadata.open(
                        scope.child(options, ZonedDriver.METADATA),
                        scope.domain().context(),
                        table)
                : null;
        fault(options, "read-only-zone", table, ZoneState.READ_ONLY);
        fault(options, "offline-zone", table, ZoneState.OFFLINE);
        return new ZonedDriver(child, table, metadata);
    }

    private static long count(final BlockdevOptions options, final String option, final long zones)
            throws BlockException {
        final long value = options.number(option, 0);
        require(
                value >= 0 && value <= zones,
                "option '" + option + "' is " + value + "; it must be from 0 to the number of zones, " + zones);
        return value;
    }

    private static void fault(
            final BlockdevOptions options, final String option, final ZoneTable table, final ZoneState state)
            throws BlockException {
        final long zone = options.number(option, NO_ZONE);
        require(
                zone >= NO_ZONE && zone < table.count(),
                "option '" + option + "' is " + zone + ", but there are " + table.count() + " zones");
        if (zone != NO_ZONE) {
            table.fault((int) zone, state);
        }
    }

    private static void require(final boolean holds, final String refusal) throws BlockException {
        if (!holds) {
            throw new BlockException(Kind.INVALID_OPTION, refusal);
        }
    }
}
