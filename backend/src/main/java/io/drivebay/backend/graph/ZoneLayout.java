package io.drivebay.backend.graph;

/**
 * How a host-managed zoned medium is divided. Sizes in bytes.
 *
 * @param zoneBytes size of every zone but the last, which may be smaller
 * @param maxOpenZones how many zones can be open at once; 0: any number
 * @param maxActiveZones how many can be open or closed, which is neither empty nor full, at once; 0: any number
 * @param maxAppendBytes longest ZONE_APPEND; 0: there is none
 * @param writeGranularityBytes what writes to a sequential zone begin and end on a multiple of
 */
public record ZoneLayout(
        long zoneBytes, int maxOpenZones, int maxActiveZones, long maxAppendBytes, int writeGranularityBytes) {}
