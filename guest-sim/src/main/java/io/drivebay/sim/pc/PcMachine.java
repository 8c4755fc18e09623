package io.drivebay.sim.pc;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.MsiTarget;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.ata.BiosGeometry;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.pci.IdeFunction;
import io.drivebay.sim.machine.Bus;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.Machine;
import io.drivebay.sim.machine.PcAccess;
import io.drivebay.sim.machine.PciRoot;
import io.drivebay.sim.machine.PirqRouter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * A PC of the i440FX kind without a CPU: memory from address 0, ports, PCI with host bridge, ISA bridge and IDE
 * controller, the memory of its clock, firmware configuration, and interrupt lines. A thread that calls this object
 * stands in for the CPU; more than one may.
 *
 * <pre>
 *  ports   70, 71      CMOS                 memory   0            RAM, up to 3 GiB
 *          510, 511    fw_cfg                        feb00000     virtio-mmio devices, 4 KiB each
 *          cf8 - cff   PCI configuration             4 GiB        RAM, the rest
 *          1f0, 170 .. IDE, lines 14, 15             anywhere     what base addresses say
 *
 *  PCI     00:00.0 host bridge   00:01.0 ISA bridge   00:01.1 IDE   00:02.0 on: devices
 * </pre>
 */
public final class PcMachine implements Board, PcAccess {
    /** How many channels the IDE controller has. */
    public static final int CHANNELS = 2;

    private static final int ISA_DEVICE = 1;
    private static final int[] IDE_LINES = {14, 15};
    private static final int FIRST_WINDOW_LINE = 5;
    private static final int WINDOW_LINES = 8;
    private static final int WINDOW_SPACING = 0x1000;
    private static final int E820_ENTRY = 20;
    private static final int E820_RAM = 1;

    private final GuestRam ram;
    private final GuestMemory memory;
    private final InterruptLines interrupts = new InterruptLines();
    private final PirqRouter router = new PirqRouter(interrupts::source);
    private final PciRoot pci = new PciRoot(router.lines());
    private final Bus ports = new Bus(pci.ports());
    private final Bus windows = new Bus(pci.memory());
    private final Cmos cmos;
    private final FwCfg firmware;
    private final IdeChannel[] channels = new IdeChannel[CHANNELS];
    private int windowCount;

    /**
     * A machine with memory and no disks.
     *
     * @param uuid what its firmware configuration says that it is called
     * @param deviations how its IDE controller differs from the standards
     */
    public PcMachine(final GuestRam ram, final UUID uuid, final Set<Deviation> deviations) {
        this.ram = ram;
        this.memory = ram.memory();
        final long below = Math.min(memory.bytes(), GuestRam.HOLE_START);
        final long above = memory.bytes() - below;
        this.cmos = new Cmos(below, above);
        this.firmware = new FwCfg(memory.bytes(), uuid);
        firmware.file("etc/e820", memoryMap(below, above));
        ports.map(Cmos.PORT, cmos);
        ports.map(FwCfg.PORT, firmware);
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = new IdeChannel(interrupts.source(IDE_LINES[i]), memory, deviations);
        }
        ports.map(PciRoot.CONFIG_PORTS, pci.configPorts());
        pci.plug(0, 0, BridgeFunction.hostBridge());
        pci.plug(ISA_DEVICE, 0, BridgeFunction.isaBridge(router));
        pci.plug(ISA_DEVICE, 1, new IdeFunction(IdeFunction.Model.PIIX3, channels[0], channels[1]));
    }

    private static byte[] memoryMap(final long below, final long above) {
        final byte[] map = new byte[above > 0 ? 2 * E820_ENTRY : E820_ENTRY];
        final ByteBuffer entries = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
        entries.putLong(0).putLong(below).putInt(E820_RAM);
        if (above > 0) {
            entries.putLong(GuestRam.HOLE_END).putLong(above).putInt(E820_RAM);
        }
        return map;
    }

    // ---- parts ----

    public GuestRam ram() {
        return ram;
    }

    @Override
    public InterruptLines interrupts() {
        return interrupts;
    }

    /** An IDE channel, 0 or 1, to plug drives into. */
    public IdeChannel channel(final int number) {
        return channels[number];
    }

    /** PCI, to plug functions into. */
    public PciRoot pci() {
        return pci;
    }

    /** Where functions' messages go: into memory, where programs find them. */
    public MsiTarget messages() {
        return (address, data) -> {
            final int range = memory.find(address, Integer.BYTES);
            if (range != GuestMemory.NOT_FOUND) {
                memory.region(range).putInt(memory.offset(range, address), data);
            }
        };
    }

    /**
     * Tells the firmware something by a file of its configuration device; before the machine runs.
     *
     * @param name in ASCII, at most 55 characters
     */
    public void firmwareFile(final String name, final byte[] content) {
        firmware.file(name, content);
    }

    /** Tells the firmware of a disk in one of the four places, by way of CMOS, how it is addressed. */
    public void describeDisk(final int place, final BiosGeometry geometry) {
        cmos.disk(place, geometry);
    }

    /**
     * Plugs a device with registers in memory in, such as a virtio-mmio one; it gets the next window, and one of lines 5
     * to 12.
     *
     * @param maker makes the device, given its line
     * @return where its window is
     */
    public synchronized long plugWindow(final Function<InterruptLine, ? extends MmioDevice> maker) {
        final InterruptLine line = interrupts.source(FIRST_WINDOW_LINE + windowCount % WINDOW_LINES);
        final long address = Machine.FIRST_WINDOW + (long) windowCount * WINDOW_SPACING;
        windows.map(address, maker.apply(line));
        windowCount++;
        return address;
    }

    /** Takes a device away that was plugged in by {@link #plugWindow}. */
    public void unplugWindow(final long address) {
        windows.unmap(address);
    }

    /** The machine's reset line: all of PCI starts over, memory and medium stay. */
    public void reset() {
        pci.reset();
    }

    // ---- ports ----

    /** As {@link Board#in}; an access that is not aligned goes to the chips in aligned pieces. */
    @Override
    public int in(final int port, final int widthBytes) {
        int value = 0;
        for (int done = 0; done < widthBytes; ) {
            final int piece = alignedPiece(port + done, widthBytes - done);
            value |= (int) ports.read(port + done, piece) << (Byte.SIZE * done);
            done += piece;
        }
        return value;
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        for (int done = 0; done < widthBytes; ) {
            final int piece = alignedPiece(port + done, widthBytes - done);
            final long mask = -1L >>> (Long.SIZE - Byte.SIZE * piece);
            ports.write(port + done, piece, (value >>> (Byte.SIZE * done)) & mask);
            done += piece;
        }
    }

    private static int alignedPiece(final int port, final int bytesLeft) {
        final int aligned = port == 0 ? Integer.BYTES : Math.min(Integer.BYTES, Integer.lowestOneBit(port));
        return Math.min(aligned, Integer.highestOneBit(bytesLeft));
    }

    @Override
    public int inb(final int port) {
        return in(port, 1);
    }

    @Override
    public int inw(final int port) {
        return in(port, 2);
    }

    @Override
    public int inl(final int port) {
        return in(port, 4);
    }

    @Override
    public void outb(final int port, final int value) {
        out(port, 1, value & 0xff);
    }

    @Override
    public void outw(final int port, final int value) {
        out(port, 2, value & 0xffff);
    }

    @Override
    public void outl(final int port, final int value) {
        out(port, 4, value);
    }

    @Override
    public boolean interrupt(final int line) {
        return interrupts.level(line);
    }

    // ---- memory ----

    @Override
    public long readMemory(final long address, final int widthBytes) {
        final int range = memory.find(address, widthBytes);
        if (range == GuestMemory.NOT_FOUND) {
            return readDevice(address, widthBytes);
        }
        final MemoryRegion region = memory.region(range);
        final int at = memory.offset(range, address);
        return switch (widthBytes) {
            case 1 -> region.getByte(at) & 0xffL;
            case 2 -> region.getShort(at) & 0xffffL;
            case 4 -> Integer.toUnsignedLong(region.getInt(at));
            default -> region.getLong(at);
        };
    }

    @Override
    public void writeMemory(final long address, final int widthBytes, final long value) {
        final int range = memory.find(address, widthBytes);
        if (range == GuestMemory.NOT_FOUND) {
            writeDevice(address, widthBytes, value);
            return;
        }
        final MemoryRegion region = memory.region(range);
        final int at = memory.offset(range, address);
        switch (widthBytes) {
            case 1 -> region.putByte(at, (byte) value);
            case 2 -> region.putShort(at, (short) value);
            case 4 -> region.putInt(at, (int) value);
            default -> region.putLong(at, value);
        }
    }

    private long readDevice(final long address, final int widthBytes) {
        return answers(address, widthBytes) ? windows.read(address, widthBytes) : 0;
    }

    private void writeDevice(final long address, final int widthBytes, final long value) {
        windows.write(address, widthBytes, value & (-1L >>> (Long.SIZE - Byte.SIZE * widthBytes)));
    }

    private boolean answers(final long address, final int widthBytes) {
        return windows.decodes(address, widthBytes) || pci.decodesMemory(address);
    }

    @Override
    public void read(final long address, final byte[] target, final int offset, final int length) {
        int done = 0;
        while (done < length) {
            final long at = address + done;
            final int piece = pieceOf(at, length - done);
            final int range = memory.find(at, piece);
            if (range != GuestMemory.NOT_FOUND) {
                memory.region(range).getBytes(memory.offset(range, at), target, offset + done, piece);
            } else {
                final long value = readDevice(at, piece);
                for (int i = 0; i < piece; i++) {
                    target[offset + done + i] = (byte) (value >> (Byte.SIZE * i));
                }
            }
            done += piece;
        }
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {
        int done = 0;
        while (done < length) {
            final long at = address + done;
            final int piece = pieceOf(at, length - done);
            final int range = memory.find(at, piece);
            if (range != GuestMemory.NOT_FOUND) {
                memory.region(range).putBytes(memory.offset(range, at), source, offset + done, piece);
            } else {
                long value = 0;
                for (int i = 0; i < piece; i++) {
                    value |= (source[offset + done + i] & 0xffL) << (Byte.SIZE * i);
                }
                writeDevice(at, piece, value);
            }
            done += piece;
        }
    }

    /** How much lies in one range of memory; where there is none, the widest aligned access that devices take. */
    private int pieceOf(final long address, final int bytes) {
        final int range = memory.find(address, 1);
        if (range == GuestMemory.NOT_FOUND) {
            return alignedPiece((int) address & (Integer.BYTES - 1), bytes);
        }
        final int left = memory.region(range).size() - memory.offset(range, address);
        return Math.min(bytes, left);
    }
}
