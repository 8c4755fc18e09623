package io.drivebay.ide.kit;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.pci.IdeFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A machine with one controller, driven through its ports by number. */
public final class PcGuest {
    public static final int CONTROL = 0x3f6;
    public static final int BASE = 0x1f0;
    public static final int MASTER = 0xc000;
    public static final int TABLE = 0x1000;
    public static final int BUFFER = 0x10000;

    public final MemoryRegion ram = MemoryRegion.allocate(4 << 20);
    public final List<Boolean> line = new ArrayList<>();
    public final IdeChannel primary;
    public final IdeChannel secondary;
    public final IdeFunction function;
    private final Host host;
    private int rises;

    public PcGuest(final Host host, final Set<Deviation> deviations) {
        this.host = host;
        final GuestMemory memory = GuestMemory.of(ram);
        primary = new IdeChannel(this::interrupt, memory, deviations);
        secondary = new IdeChannel(level -> {}, memory, deviations);
        function = new IdeFunction(IdeFunction.Model.PIIX3, primary, secondary);
        function.writeConfig(0x20, 4, MASTER);
        function.writeConfig(0x04, 2, 5);
    }

    private void interrupt(final boolean level) {
        line.add(level);
        if (level) {
            rises++;
        }
    }

    /** How often the interrupt line has risen. */
    public int rises() {
        return rises;
    }

    /** Level of the interrupt line. */
    public boolean level() {
        return !line.isEmpty() && line.get(line.size() - 1);
    }

    public int in(final int port) {
        return function.readPort(port, 1);
    }

    public int in16(final int port) {
        return function.readPort(port, 2);
    }

    public void out(final int port, final int value) {
        function.writePort(port, 1, value);
    }

    public void out16(final int port, final int value) {
        function.writePort(port, 2, value);
    }

    public void out32(final int port, final int value) {
        function.writePort(port, 4, value);
    }

    /** Status, taking the interrupt back. */
    public int status() {
        return in(BASE + 7);
    }

    public void run() {
        host.run();
    }

    /** Selects a drive and sets a short address and count. */
    public void at(final int unit, final long lba, final int count) {
        out(BASE + 6, 0xe0 | unit << 4 | ((int) (lba >> 24) & 15));
        out(BASE + 2, count);
        out(BASE + 3, (int) lba);
        out(BASE + 4, (int) (lba >> 8));
        out(BASE + 5, (int) (lba >> 16));
    }

    public void command(final int opcode) {
        out(BASE + 7, opcode);
        run();
    }

    /** A descriptor of the DMA table. */
    public void descriptor(final int index, final int address, final int bytes, final boolean last) {
        ram.putInt(TABLE + 8 * index, address);
        ram.putInt(TABLE + 8 * index + 4, (bytes & 0xffff) | (last ? 1 << 31 : 0));
    }

    /** Points the bus master to the table and starts it. */
    public void startMaster(final boolean toMemory) {
        out32(MASTER + 4, TABLE);
        out(MASTER + 2, 6);
        out(MASTER, toMemory ? 9 : 1);
        run();
    }

    /** Status of the bus master. */
    public int master() {
        return in(MASTER + 2);
    }
}
