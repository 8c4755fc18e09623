package io.drivebay.backend.guest.pci;

/** Where message-signalled interrupts go: a write of four bytes to memory, where an interrupt controller sits or not. */
@FunctionalInterface
public interface MsiTarget {
    /** Carries a message. Any thread; must not block and must not call the function back. */
    void send(long address, int data);
}
