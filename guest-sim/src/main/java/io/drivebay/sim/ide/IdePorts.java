package io.drivebay.sim.ide;

/**
 * Where a channel is found.
 *
 * @param command first of the eight ports of the command block
 * @param control port of device control and alternate status
 * @param master first of the eight ports of the bus master
 * @param line number of the interrupt line
 */
public record IdePorts(int command, int control, int master, int line) {
    private static final int MASTER_PORTS = 8;

    /** The first channel at its legacy ports. */
    public static IdePorts primary(final int masters) {
        return new IdePorts(0x1f0, 0x3f6, masters, 14);
    }

    /** The second channel at its legacy ports. */
    public static IdePorts secondary(final int masters) {
        return new IdePorts(0x170, 0x376, masters + MASTER_PORTS, 15);
    }
}
