package io.drivebay.backend.guest.pci;

import org.jspecify.annotations.Nullable;

/**
 * A PCI function, as a host bridge reaches it. A vCPU's thread, one access at a time for one function, but for the
 * {@code decodes} methods, which any thread may call; no access throws.
 *
 * <p>Widths are 1, 2 or 4 bytes, in memory 8 too. Where the function has nothing, or does not decode, reads return 0 and
 * writes are ignored.
 */
public interface PciFunction {
    /** Its configuration space and what that decodes. */
    PciHeader header();

    /** The bus's reset line. */
    void reset();

    /** Reads configuration space, zero-extended. */
    default int readConfig(final int offset, final int widthBytes) {
        return header().read(offset, widthBytes);
    }

    /** Writes configuration space. */
    default void writeConfig(final int offset, final int widthBytes, final int value) {
        header().write(offset, widthBytes, value);
    }

    /** True when the function answers to an I/O port now. */
    default boolean decodes(final int port) {
        return header().atPort(port) != null;
    }

    /** Reads a port that it {@link #decodes}, zero-extended. */
    default int readPort(final int port, final int widthBytes) {
        final PciWindow window = header().atPort(port);
        return window == null ? 0 : (int) window.read(port, widthBytes);
    }

    /** Writes a port that it {@link #decodes}. */
    default void writePort(final int port, final int widthBytes, final int value) {
        final PciWindow window = header().atPort(port);
        if (window != null) {
            window.write(port, widthBytes, Integer.toUnsignedLong(value));
        }
    }

    /** True when the function answers to a memory address now. */
    default boolean decodesMemory(final long address) {
        return header().atMemory(address) != null;
    }

    /** Reads memory that it {@link #decodesMemory}, zero-extended. */
    default long readMemory(final long address, final int widthBytes) {
        final @Nullable PciWindow window = header().atMemory(address);
        return window == null ? 0 : window.read(address, widthBytes);
    }

    /** Writes memory that it {@link #decodesMemory}. */
    default void writeMemory(final long address, final int widthBytes, final long value) {
        final @Nullable PciWindow window = header().atMemory(address);
        if (window != null) {
            window.write(address, widthBytes, value);
        }
    }
}
