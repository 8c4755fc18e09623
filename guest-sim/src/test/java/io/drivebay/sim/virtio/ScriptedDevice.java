package io.drivebay.sim.virtio;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import java.util.HashMap;
import java.util.Map;

/**
 * The least virtio-mmio block device that a driver can be brought up on. What it answers a request is the test's to say,
 * right or wrong. Direct descriptors of one split queue only.
 */
class ScriptedDevice implements MmioDevice {
    static final int SIZE = 256;

    final Map<Integer, Integer> registers = new HashMap<>();
    final GuestRam ram;
    final InterruptLine line;
    long features = 1L << 32;
    int acceptedStatusBits = 0xff;
    int notifications;
    int generationStep;
    private int taken;
    private int used;
    private int featuresSelected;

    ScriptedDevice(final GuestRam ram, final InterruptLine line) {
        this.ram = ram;
        this.line = line;
        registers.put(0x000, 0x74726976);
        registers.put(0x004, 2);
        registers.put(0x008, 2);
        registers.put(0x034, SIZE);
        registers.put(0x100, 2048);
    }

    @Override
    public int windowBytes() {
        return 0x200;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        return switch (offset) {
            case 0x010 -> (features >>> (32 * featuresSelected)) & 0xffff_ffffL;
            case 0x0fc -> registers.merge(offset, generationStep, Integer::sum);
            default -> registers.getOrDefault(offset, 0) & 0xffff_ffffL;
        };
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        switch (offset) {
            case 0x014 -> featuresSelected = (int) value;
            case 0x050 -> notifications++;
            case 0x064 -> {
                registers.put(0x060, registers.getOrDefault(0x060, 0) & ~(int) value);
                line.set(registers.getOrDefault(0x060, 0) != 0);
            }
            case 0x070 -> {
                registers.put(offset, (int) value & acceptedStatusBits);
                if (value == 0) {
                    taken = 0;
                    used = 0;
                    registers.put(0x044, 0);
                }
            }
            default -> registers.put(offset, (int) value);
        }
    }

    private GuestBuffer area(final int lowRegister) {
        final long address = (registers.getOrDefault(lowRegister, 0) & 0xffff_ffffL)
                | (long) registers.getOrDefault(lowRegister + 4, 0) << 32;
        return ram.at(address, 4096);
    }

    int size() {
        return registers.getOrDefault(0x038, 0);
    }

    /** The head of the next chain that the driver has published; -1 when there is none. */
    int takeHead() {
        final GuestBuffer available = area(0x090);
        final MemoryRegion region = available.region();
        if ((short) taken == region.getShortAcquire(available.offset() + 2)) {
            return -1;
        }
        final int head = region.getShort(available.offset() + 4 + 2 * (taken % size())) & 0xffff;
        taken++;
        return head;
    }

    /** Writes the status byte: the last byte of the chain. */
    void status(final int head, final int status) {
        final GuestBuffer table = area(0x080);
        int at = table.offset() + 16 * head;
        while ((table.region().getShort(at + 12) & 1) != 0) {
            at = table.offset() + 16 * table.region().getShort(at + 14);
        }
        final GuestBuffer last = ram.at(table.region().getLong(at), 1);
        last.region().putByte(last.offset(), (byte) status);
    }

    /** Puts an element into the used ring. */
    void use(final int id, final int length) {
        final GuestBuffer area = area(0x0a0);
        final int at = area.offset() + 4 + 8 * (used % size());
        area.region().putInt(at, id);
        area.region().putInt(at + 4, length);
        used++;
        usedIndex(used);
    }

    /** Publishes any used index. */
    void usedIndex(final int index) {
        final GuestBuffer area = area(0x0a0);
        area.region().putShortRelease(area.offset() + 2, (short) index);
    }

    /** Asks for a notification once the available index passes a number; only with event indexes. */
    void availableEvent(final int index) {
        final GuestBuffer area = area(0x0a0);
        area.region().putShort(area.offset() + 4 + 8 * size(), (short) index);
    }

    /** The driver's used_event. */
    int usedEvent() {
        final GuestBuffer area = area(0x090);
        return area.region().getShort(area.offset() + 4 + 2 * size()) & 0xffff;
    }

    /** The flags of the driver area. */
    int driverFlags() {
        final GuestBuffer area = area(0x090);
        return area.region().getShort(area.offset());
    }

    /** Sets the flags of the device area. */
    void deviceFlags(final int flags) {
        final GuestBuffer area = area(0x0a0);
        area.region().putShort(area.offset(), (short) flags);
    }

    void interrupt(final int reasons) {
        registers.merge(0x060, reasons, (a, b) -> a | b);
        line.set(true);
    }
}
