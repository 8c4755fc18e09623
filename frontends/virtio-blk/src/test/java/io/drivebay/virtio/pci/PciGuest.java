package io.drivebay.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine's disk as a PCI function instead, its windows at fixed places, and a driver's knowledge of both interfaces,
 * typed from the specification once more.
 */
final class PciGuest implements AutoCloseable {
    static final int PORTS = 0xc000;
    static final long MSIX = 0xe000_0000L;
    static final long MODERN = 0xe100_0000L;
    static final long ISR = MODERN + 0x1000;
    static final long DEVICE = MODERN + 0x2000;
    static final long NOTIFY = MODERN + 0x3000;
    static final int MSIX_CONTROL = 0x9a;
    static final int COMMAND = 4;
    static final int ALL_ON = 7;
    static final int SIZE = 64;

    private static final int RING = 256;

    final Machine machine;
    final VirtioPci function;
    final List<String> messages = new ArrayList<>();
    boolean pin;
    int pinChanges;

    PciGuest(final PciOptions options, final BlkOptions disk) {
        this(options, disk, new HeldDisk(Machine.DISK_BYTES));
    }

    PciGuest(final PciOptions options, final BlkOptions disk, final HeldDisk medium) {
        machine = new Machine(disk, medium, RING);
        function = new VirtioPci(machine.device, options, this::setPin, this::message);
        config(0x10, 4, PORTS);
        config(0x14, 4, (int) MSIX);
        config(0x20, 4, (int) MODERN);
        config(COMMAND, 2, ALL_ON);
    }

    static PciGuest of(final PciOptions.Form form) {
        return new PciGuest(PciOptions.of(form), BlkOptions.of("vda").withQueues(2, SIZE));
    }

    private void setPin(final boolean level) {
        if (pin != level) {
            pin = level;
            pinChanges++;
        }
    }

    private void message(final long address, final int data) {
        messages.add(Long.toHexString(address) + "=" + data);
    }

    // ---- accesses ----

    int config(final int offset, final int widthBytes) {
        return function.readConfig(offset, widthBytes);
    }

    void config(final int offset, final int widthBytes, final int value) {
        function.writeConfig(offset, widthBytes, value);
    }

    int get(final int field, final int widthBytes) {
        return (int) function.readMemory(MODERN + field, widthBytes);
    }

    void set(final int field, final int widthBytes, final long value) {
        function.writeMemory(MODERN + field, widthBytes, value);
    }

    int in(final int port, final int widthBytes) {
        return function.readPort(PORTS + port, widthBytes);
    }

    void out(final int port, final int widthBytes, final int value) {
        function.writePort(PORTS + port, widthBytes, value);
    }

    int isr() {
        return (int) function.readMemory(ISR, 1);
    }

    void run() {
        machine.context.runUntilIdle();
    }

    // ---- the modern interface ----

    static final int STATUS = 20;

    /** Status up to FEATURES_OK. */
    int negotiate(final long features) {
        set(STATUS, 1, 0);
        set(STATUS, 1, 1);
        set(STATUS, 1, 3);
        set(8, 4, 0);
        set(12, 4, features & 0xffff_ffffL);
        set(8, 4, 1);
        set(12, 4, features >>> 32);
        set(STATUS, 1, 11);
        return get(STATUS, 1);
    }

    GuestRing enable(final int queue, final int size) {
        final GuestRing ring = Machine.ringAt(machine.ram, queue, size);
        set(22, 2, queue);
        set(24, 2, size);
        set(32, 4, ring.descriptors());
        set(40, 4, ring.available());
        set(48, 4, ring.used());
        set(28, 2, 1);
        return ring;
    }

    /** The device running with queue 0. */
    GuestRing start(final int size) {
        assertEquals(11, negotiate(Machine.USUAL));
        final GuestRing ring = enable(0, size);
        set(STATUS, 1, 15);
        run();
        return ring;
    }

    void kick(final int queue) {
        function.writeMemory(NOTIFY + 4L * queue, 2, queue);
    }

    // ---- the legacy interface ----

    GuestRing legacyQueue(final int queue) {
        out(14, 2, queue);
        final GuestRing ring = GuestRing.legacy(machine.ram, 0x8000 * (queue + 1), in(12, 2));
        out(8, 4, 8 * (queue + 1));
        return ring;
    }

    GuestRing legacyStart(final int features) {
        out(18, 1, 0);
        out(18, 1, 1);
        out(18, 1, 3);
        out(4, 4, features);
        final GuestRing ring = legacyQueue(0);
        out(18, 1, 7);
        run();
        return ring;
    }

    // ---- messages ----

    /** Unmasks vectors, each with its number as data, and enables messages. */
    void enableMessages() {
        for (int vector = 0; vector < 3; vector++) {
            function.writeMemory(MSIX + 16L * vector, 4, 0xfee0_0000L);
            function.writeMemory(MSIX + 16L * vector + 8, 4, vector);
            function.writeMemory(MSIX + 16L * vector + 12, 4, 0);
        }
        config(MSIX_CONTROL, 2, 0x8000);
    }

    // ---- requests ----

    /** Reads a sector and has the device answer. */
    void readSector(final GuestRing ring, final Runnable kick) {
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), status);
        kick.run();
        run();
        assertNotNull(ring.poll());
        assertEquals(0, machine.statusIn(status));
    }

    @Override
    public void close() {
        machine.close();
    }
}
