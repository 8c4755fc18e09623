package io.drivebay.sim.ide;

/**
 * What a guest writes into the command block, and how the command's data moves.
 *
 * @param opcode the command code
 * @param protocol how it goes on (ATA/ATAPI-6 section 9)
 * @param features the features register, in an extended command both bytes
 * @param count the sector count register, in an extended command both bytes
 * @param lba address registers: 28 bits, or 48 in an extended command
 * @param extended whether the registers are written twice
 */
public record AtaCommand(int opcode, Protocol protocol, int features, int count, long lba, boolean extended) {
    /** Protocols. */
    public enum Protocol {
        NO_DATA,
        PIO_IN,
        PIO_OUT,
        DMA_IN,
        DMA_OUT,
        PACKET
    }

    /** A command without parameters. */
    public static AtaCommand of(final int opcode, final Protocol protocol) {
        return new AtaCommand(opcode, protocol, 0, 0, 0, false);
    }

    public AtaCommand withFeatures(final int value) {
        return new AtaCommand(opcode, protocol, value, count, lba, extended);
    }

    /** With an address and a count. */
    public AtaCommand at(final long address, final int sectors) {
        return new AtaCommand(opcode, protocol, features, sectors, address, extended);
    }

    /** With registers written twice. */
    public AtaCommand asExtended() {
        return new AtaCommand(opcode, protocol, features, count, lba, true);
    }

    boolean usesDma() {
        return protocol == Protocol.DMA_IN || protocol == Protocol.DMA_OUT;
    }
}
