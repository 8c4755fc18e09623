package io.drivebay.ide.pci;

/**
 * A PCI function, as a host bridge reaches it. A vCPU's thread; no access throws.
 *
 * <p>Widths are 1, 2 or 4 bytes. Offsets and ports that the function does not have read as 0 and are ignored when
 * written.
 */
public interface PciFunction {
    /** Reads configuration space, zero-extended. */
    int readConfig(int offset, int widthBytes);

    /** Writes configuration space. */
    void writeConfig(int offset, int widthBytes, int value);

    /** True when the function answers to an I/O port now. */
    boolean decodes(int port);

    /** Reads a port that it {@link #decodes}, zero-extended. */
    int readPort(int port, int widthBytes);

    /** Writes a port that it {@link #decodes}. */
    void writePort(int port, int widthBytes, int value);

    /** The bus's reset line. */
    void reset();
}
