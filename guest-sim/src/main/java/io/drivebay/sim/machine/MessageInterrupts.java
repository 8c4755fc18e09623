package io.drivebay.sim.machine;

import io.drivebay.backend.guest.pci.MsiTarget;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * An interrupt controller for messages: gives addresses and data out, and raises the interrupt for which a message
 * comes. Messages that nobody expects are counted. Any thread.
 */
public final class MessageInterrupts implements MsiTarget {
    /** Where messages are written to. */
    public static final long ADDRESS = 0xfee0_0000L;

    private static final int FIRST_DATA = 0x20;
    private static final int MOST = 0x1000;

    private final AtomicReferenceArray<GuestInterrupt> interrupts = new AtomicReferenceArray<>(MOST);
    private int used;
    private volatile long stray;

    /**
     * What a function is to write where.
     *
     * @param address where to
     * @param data four bytes
     */
    public record Message(long address, int data) {}

    /** Has a message of its own raise an interrupt, which several messages may share. */
    public synchronized Message expect(final GuestInterrupt interrupt) {
        if (used == MOST) {
            throw new IllegalStateException("more than " + MOST + " messages");
        }
        interrupts.set(used, interrupt);
        return new Message(ADDRESS, FIRST_DATA + used++);
    }

    @Override
    public void send(final long address, final int data) {
        final int index = data - FIRST_DATA;
        final GuestInterrupt interrupt =
                address == ADDRESS && index >= 0 && index < MOST ? interrupts.get(index) : null;
        if (interrupt == null) {
            countStray();
        } else {
            interrupt.pulse();
        }
    }

    private synchronized void countStray() {
        stray = stray() + 1;
    }

    /** How many messages came that nobody expected. */
    public long stray() {
        return stray;
    }
}
