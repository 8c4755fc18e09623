package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.sim.machine.PciRoot;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where on bus {@code pci.0} a device goes: its properties {@code bus} and {@code addr}. */
final class PciPlaces {
    private static final Pattern ADDRESS = Pattern.compile("(?:0x)?([0-9a-fA-F]{1,2})(?:\\.0)?");
    private static final int FIRST_FREE = 2;
    private static final int DEVICES = 32;
    private static final int HEX = 16;
    private static final int NOBODY = -1;

    private PciPlaces() {}

    /**
     * The device number that properties ask for, or the first that is free from 2 on.
     *
     * @throws BlockException INVALID_OPTION when there is no such place, IN_USE when it is taken
     */
    static int choose(final PciRoot pci, final BlockdevOptions properties) throws BlockException {
        final String bus = properties.text("bus");
        if (bus != null && !bus.equals("pci.0")) {
            throw new BlockException(Kind.NOT_FOUND, "there is no bus '" + bus + "', but pci.0");
        }
        final String address = properties.text("addr");
        final int device = address == null ? pci.freeDevice(FIRST_FREE) : parse(address);
        if (device < 0 || pci.readConfig(device, 0, 0, Integer.BYTES) != NOBODY) {
            throw new BlockException(
                    Kind.IN_USE, "there is no room on pci.0" + (address == null ? "" : " at " + address));
        }
        return device;
    }

    private static int parse(final String address) throws BlockException {
        final Matcher matcher = ADDRESS.matcher(address);
        if (matcher.matches() && Integer.parseInt(matcher.group(1), HEX) < DEVICES) {
            return Integer.parseInt(matcher.group(1), HEX);
        }
        throw new BlockException(Kind.INVALID_OPTION, "addr=" + address + ": a device is 0 to 1f, its function 0");
    }
}
