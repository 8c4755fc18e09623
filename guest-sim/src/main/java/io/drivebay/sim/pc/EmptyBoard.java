package io.drivebay.sim.pc;

import java.util.Arrays;

/** A machine with nothing in it. */
final class EmptyBoard implements Board {
    private final InterruptLines interrupts = new InterruptLines();

    @Override
    public int in(final int port, final int widthBytes) {
        return -1 >>> (Integer.SIZE - Byte.SIZE * widthBytes);
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {}

    @Override
    public long readMemory(final long address, final int widthBytes) {
        return 0;
    }

    @Override
    public void writeMemory(final long address, final int widthBytes, final long value) {}

    @Override
    public void read(final long address, final byte[] target, final int offset, final int length) {
        Arrays.fill(target, offset, offset + length, (byte) 0);
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {}

    @Override
    public InterruptLines interrupts() {
        return interrupts;
    }
}
