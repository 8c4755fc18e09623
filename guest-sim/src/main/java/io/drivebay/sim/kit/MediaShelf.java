package io.drivebay.sim.kit;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.simulation.SimDisk;
import io.drivebay.sim.simulation.SimFaults;
import io.drivebay.sim.simulation.SimMedium;
import io.drivebay.sim.simulation.Simulation;
import io.drivebay.sim.verify.BlockStamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The media of a test, by name, and the block driver {@code sim} that opens them: {@code driver=sim,medium=NAME}.
 *
 * <p>Every sector of 512 bytes says which medium it belongs to and where, so that whoever reads it knows.
 */
public final class MediaShelf implements DriverFactory {
    /** Name of the driver. */
    public static final String DRIVER = "sim";

    /** Where data comes from that a guest has written. */
    public static final String GUEST = "guest";

    private static final int UNIT = SimMedium.SECTOR_BYTES;
    private static final long GUEST_ID = 0xffff;

    /** A medium, and the disks that have it open. */
    private record Shelved(long id, SimMedium medium, SimFaults faults, List<SimDisk> disks) {}

    private final Simulation simulation;
    private final BlockStamp stamp;
    private final Map<String, Shelved> media = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> others = new LinkedHashMap<>();

    private MemoryRegion scratch = MemoryRegion.allocate(UNIT);

    MediaShelf(final Simulation simulation) {
        this.simulation = simulation;
        this.stamp = new BlockStamp(UNIT, simulation.seed());
    }

    @Override
    public String driverName() {
        return DRIVER;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final String name = options.requiredText("medium");
        final Shelved shelved = media.get(name);
        if (shelved == null) {
            throw new BlockException(Kind.IO, "there is no medium '" + name + "' on the shelf");
        }
        final SimDisk disk = new SimDisk(shelved.medium(), shelved.faults(), simulation.newRandom());
        shelved.disks().add(disk);
        return disk;
    }

    // ---- what is on it ----

    /** Puts a medium on the shelf. */
    void add(final String name, final int bytes, final SimFaults faults) {
        final SimMedium medium = new SimMedium(bytes);
        final long id = media.size() + 1L;
        stamp.writeAll(medium.content(), bytes, 0, 1, id);
        medium.flush();
        media.put(name, new Shelved(id, medium, faults, new ArrayList<>()));
    }

    /** Gives a name to options of another driver. */
    void add(final String name, final Map<String, Object> options) {
        others.put(name, options);
    }

    /** Options that open a medium; those of a medium that is not there when it has no such name. */
    Map<String, Object> options(final String name) {
        final Map<String, Object> other = others.get(name);
        return other != null ? other : Map.of("driver", DRIVER, "medium", name);
    }

    private Shelved find(final String name) {
        final Shelved shelved = media.get(name);
        if (shelved == null) {
            throw new IllegalArgumentException("there is no medium '" + name + "' on the shelf: " + media.keySet());
        }
        return shelved;
    }

    /** Makes sectors of 512 bytes unreadable. */
    void damage(final String name, final int firstSector, final int sectors) {
        for (int i = 0; i < sectors; i++) {
            find(name).medium().damage(firstSector + i);
        }
    }

    /** What holds a medium dies: all requests on their way fail, and all to come. */
    void destroy(final String name) {
        find(name).disks().forEach(SimDisk::cutPower);
    }

    /** How many requests have come to a medium. */
    long requests(final String name) {
        return find(name).disks().stream().mapToLong(SimDisk::started).sum();
    }

    // ---- what was read ----

    private MemoryRegion scratch(final int bytes) {
        if (scratch.size() < bytes) {
            scratch = MemoryRegion.allocate(bytes);
        }
        return scratch;
    }

    /** Bytes that a guest writes at an address, a multiple of 512. */
    byte[] guestData(final long address, final int bytes) {
        final MemoryRegion region = scratch(bytes);
        stamp.writeAll(region, bytes, address, 1, GUEST_ID);
        final byte[] data = new byte[bytes];
        region.getBytes(0, data, 0, bytes);
        return data;
    }

    /**
     * Where bytes come from that were read at an address: the medium's name, {@link #GUEST}, {@code zeros}, several of
     * them with {@code +} between, {@code ?} for anything else, {@code nothing} for no bytes.
     */
    String origin(final byte[] data, final long address) {
        final MemoryRegion region = scratch(data.length);
        region.putBytes(0, data, 0, data.length);
        final List<String> names = new ArrayList<>();
        for (int at = 0; at + UNIT <= data.length; at += UNIT) {
            final String name = region.isZero(at, UNIT) ? "zeros" : name(stamp.origin(region, at, address + at));
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return names.isEmpty() ? "nothing" : String.join("+", names);
    }

    private String name(final long id) {
        if (id == GUEST_ID) {
            return GUEST;
        }
        for (final Map.Entry<String, Shelved> entry : media.entrySet()) {
            if (entry.getValue().id() == id) {
                return entry.getKey();
            }
        }
        return "?";
    }

    /** The name of the medium that a node of this driver has open; null for other nodes. */
    @Nullable
    String nameOf(final BlockNode node) {
        for (final Map.Entry<String, Shelved> entry : media.entrySet()) {
            if (node.driver() instanceof SimDisk disk
                    && disk.medium() == entry.getValue().medium()) {
                return entry.getKey();
            }
        }
        return null;
    }
}
