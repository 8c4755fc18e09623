package io.drivebay.sim.pc;

/** A machine's ports, memory and interrupt lines, as somebody reaches them who stands in for its processor. Any thread. */
public interface Board {
    /** Nothing at all. */
    Board EMPTY = new EmptyBoard();

    /** Reads 1, 2 or 4 bytes from a port, zero-extended; all ones where nothing answers. */
    int in(int port, int widthBytes);

    /** Writes 1, 2 or 4 bytes to a port. */
    void out(int port, int widthBytes, int value);

    /** Reads 1, 2, 4 or 8 bytes of memory, zero-extended; 0 where nothing answers. */
    long readMemory(long address, int widthBytes);

    /** Writes 1, 2, 4 or 8 bytes of memory. */
    void writeMemory(long address, int widthBytes, long value);

    /** Reads memory into an array; zeros where nothing answers. */
    void read(long address, byte[] target, int offset, int length);

    /** Writes memory from an array. */
    void write(long address, byte[] source, int offset, int length);

    InterruptLines interrupts();
}
