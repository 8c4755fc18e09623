package io.drivebay.sim.machine;

/**
 * A PC's I/O ports, as a guest program reaches them: the seam between guest drivers and whatever stands behind them, a
 * machine in this process or one at the other end of a socket.
 *
 * <p>Values are zero-extended. No access fails: where nothing answers, reads return all ones and writes go nowhere. One
 * program at a time.
 */
public interface PortIo {
    /** Reads a byte. */
    int inb(int port);

    /** Reads two bytes, the first in the low byte. */
    int inw(int port);

    /** Reads four bytes, the first in the low byte. */
    int inl(int port);

    /** Writes a byte: the low 8 bits of a value. */
    void outb(int port, int value);

    /** Writes two bytes: the low 16 bits of a value. */
    void outw(int port, int value);

    /** Writes four bytes. */
    void outl(int port, int value);

    /** Reads words from one port, one after the other, into an array; the first byte of each first. */
    default void insw(final int port, final byte[] target, final int offset, final int words) {
        for (int i = 0; i < words; i++) {
            final int word = inw(port);
            target[offset + 2 * i] = (byte) word;
            target[offset + 2 * i + 1] = (byte) (word >> 8);
        }
    }

    /** Writes words from an array to one port, one after the other. */
    default void outsw(final int port, final byte[] source, final int offset, final int words) {
        for (int i = 0; i < words; i++) {
            outw(port, (source[offset + 2 * i] & 0xff) | (source[offset + 2 * i + 1] & 0xff) << 8);
        }
    }
}
