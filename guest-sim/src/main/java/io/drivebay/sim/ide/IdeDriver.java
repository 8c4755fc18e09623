package io.drivebay.sim.ide;

import io.drivebay.sim.ide.AtaCommand.Protocol;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.machine.PcAccess;
import java.util.Arrays;

/**
 * A guest's driver for one channel: one command at a time, ended by the channel's interrupt (ATA/ATAPI-6 section 9).
 *
 * <p>{@link #begin} writes the registers, {@link #poll} looks how the command is getting on and moves what can be moved,
 * {@link #finish} polls to the end. Begin and poll allocate nothing for commands without programmed I/O. What the
 * standard forbids ends in an {@link IdeViolation}. One thread.
 */
public final class IdeDriver {
    /** Guest memory that a driver takes, in bytes. */
    public static final int MEMORY_BYTES = DmaArea.BYTES;

    private static final int PACKET_BYTES = 12;
    private static final int SECTOR = 512;

    private enum State {
        IDLE,
        /** The drive asks for the first data without an interrupt. */
        FIRST_DATA,
        /** An interrupt will come. */
        INTERRUPT
    }

    private final PcAccess pc;
    private final IdePorts ports;
    private final Pause pause;
    private final DmaArea memory;
    private final byte[] packet = new byte[PACKET_BYTES];

    private State state = State.IDLE;
    private Protocol protocol = Protocol.NO_DATA;
    private boolean dma;
    private boolean toHost;
    private int byteLimit;
    private int pieceBytes;
    private byte[] data = new byte[0];
    private int moved;
    private int dmaBytes;
    private int status;
    private int error;
    private int masterStatus;
    private int pieces;

    /**
     * A driver.
     *
     * @param address of {@link #MEMORY_BYTES} bytes of guest memory below 4 GiB for DMA, at a page's beginning
     * @param pause what to do while waiting
     */
    public IdeDriver(final PcAccess pc, final IdePorts ports, final long address, final Pause pause) {
        this.pc = pc;
        this.ports = ports;
        this.pause = pause;
        this.memory = new DmaArea(pc, address);
    }

    // ---- what the last command came to ----

    /** True when it has ended without an error. */
    public boolean ok() {
        return state == State.IDLE && (status & (AtaBits.FAILED | AtaBits.FAULT)) == 0;
    }

    /** The status register as it was at the end. */
    public int status() {
        return status;
    }

    /** The error register; 0 without an error. */
    public int error() {
        return error;
    }

    /** The bus master's status at the end. */
    public int masterStatus() {
        return masterStatus;
    }

    /** Bytes moved by programmed I/O. */
    public int moved() {
        return moved;
    }

    /** How many pieces they came in. */
    public int pieces() {
        return pieces;
    }

    /** What has been read so far, by programmed I/O or DMA. */
    public byte[] data() {
        return dma ? memory.take(dmaBytes) : Arrays.copyOf(data, moved);
    }

    /** A register of the command block now; reading the status takes the interrupt back. */
    public int register(final int offset) {
        return pc.inb(ports.command() + offset);
    }

    /** Status without taking the interrupt back. */
    public int alternateStatus() {
        return pc.inb(ports.control());
    }

    /** The 28-bit address in the registers. */
    public long address() {
        return (long) (register(AtaBits.DEVICE) & 0x0f) << 24 | addressBytes();
    }

    /** The 48-bit address in the registers. */
    public long longAddress() {
        pc.outb(ports.control(), AtaBits.HIGH_ORDER_BYTE);
        final long high = addressBytes();
        pc.outb(ports.control(), 0);
        return high << 24 | addressBytes();
    }

    private long addressBytes() {
        return (long) register(AtaBits.LBA_HIGH) << 16 | register(AtaBits.LBA_MID) << 8 | register(AtaBits.LBA_LOW);
    }

    // ---- beginning ----

    /** Begins a command that moves nothing. */
    public void begin(final int unit, final AtaCommand command) {
        expect(command, Protocol.NO_DATA);
        write(unit, command);
        state = State.INTERRUPT;
    }

    /** Begins a command that reads by programmed I/O, in blocks of some sectors. */
    public void beginPioIn(final int unit, final AtaCommand command, final int bytes, final int blockSectors) {
        expect(command, Protocol.PIO_IN);
        data = new byte[bytes];
        pieceBytes = blockSectors * SECTOR;
        write(unit, command);
        state = State.INTERRUPT;
    }

    /** Begins a command that writes by programmed I/O, in blocks of some sectors. */
    public void beginPioOut(final int unit, final AtaCommand command, final byte[] source, final int blockSectors) {
        expect(command, Protocol.PIO_OUT);
        data = source;
        pieceBytes = blockSectors * SECTOR;
        write(unit, command);
        state = State.FIRST_DATA;
    }

    /** Begins a command that moves bytes by DMA; what is to be written has been put by {@link #fill}. */
    public void beginDma(final int unit, final AtaCommand command, final int bytes) {
        if (!command.usesDma()) {
            throw new IllegalArgumentException(command + " does not use DMA");
        }
        reset(command.protocol());
        dma = true;
        dmaBytes = bytes;
        prepareMaster(bytes);
        write(unit, command);
        startMaster(command.protocol() == Protocol.DMA_IN);
        state = State.INTERRUPT;
    }

    /** Puts bytes to where the next DMA transfer takes them from. */
    public void fill(final byte[] bytes) {
        memory.give(bytes);
    }

    /**
     * Begins a packet whose data comes, if any does, by programmed I/O.
     *
     * @param limit most bytes a piece: the byte count limit
     */
    public void beginPacket(final int unit, final byte[] cdb, final int limit) {
        beginPacket(unit, cdb, limit, 0);
        data = new byte[0];
        toHost = true;
        state = State.FIRST_DATA;
    }

    /** Begins a packet that sends data by programmed I/O. */
    public void beginPacketOut(final int unit, final byte[] cdb, final byte[] source) {
        beginPacket(unit, cdb, source.length, 0);
        data = source;
        toHost = false;
        state = State.FIRST_DATA;
    }

    /** Begins a packet whose data comes by DMA. */
    public void beginPacketDma(final int unit, final byte[] cdb, final int bytes) {
        prepareMaster(bytes);
        beginPacket(unit, cdb, bytes, 1);
        dma = true;
        dmaBytes = bytes;
        toHost = true;
        state = State.FIRST_DATA;
    }

    private void beginPacket(final int unit, final byte[] cdb, final int limit, final int features) {
        reset(Protocol.PACKET);
        Arrays.fill(packet, (byte) 0);
        System.arraycopy(cdb, 0, packet, 0, cdb.length);
        byteLimit = Math.min(limit, 0xffff);
        select(unit, AtaBits.ALWAYS);
        out(AtaBits.FEATURES, features);
        out(AtaBits.LBA_MID, byteLimit);
        out(AtaBits.LBA_HIGH, byteLimit >> 8);
        out(AtaBits.COMMAND, 0xa0);
    }

    private void expect(final AtaCommand command, final Protocol wanted) {
        if (command.protocol() != wanted) {
            throw new IllegalArgumentException(command + " is not of protocol " + wanted);
        }
        reset(wanted);
    }

    private void reset(final Protocol next) {
        if (state != State.IDLE) {
            throw new IllegalStateException("a command is still on its way on " + ports);
        }
        protocol = next;
        dma = false;
        moved = 0;
        pieces = 0;
        status = 0;
        error = 0;
        masterStatus = 0;
    }

    private void write(final int unit, final AtaCommand command) {
        final long lba = command.lba();
        final int top = command.extended() ? 0 : (int) (lba >> 24) & 0x0f;
        select(unit, AtaBits.ALWAYS | AtaBits.LBA | top);
        if (command.extended()) {
            out(AtaBits.FEATURES, command.features() >> 8);
            out(AtaBits.COUNT, command.count() >> 8);
            out(AtaBits.LBA_LOW, (int) (lba >> 24));
            out(AtaBits.LBA_MID, (int) (lba >> 32));
            out(AtaBits.LBA_HIGH, (int) (lba >> 40));
        }
        out(AtaBits.FEATURES, command.features());
        out(AtaBits.COUNT, command.count());
        out(AtaBits.LBA_LOW, (int) lba);
        out(AtaBits.LBA_MID, (int) (lba >> 8));
        out(AtaBits.LBA_HIGH, (int) (lba >> 16));
        out(AtaBits.COMMAND, command.opcode());
    }

    private void out(final int offset, final int value) {
        pc.outb(ports.command() + offset, value & 0xff);
    }

    /** Selects a drive when the channel is free (9.3). */
    private void select(final int unit, final int bits) {
        awaitFree();
        out(AtaBits.DEVICE, bits | (unit == 1 ? AtaBits.SECOND : 0));
        awaitFree();
        if (pc.interrupt(ports.line())) {
            register(AtaBits.STATUS);
        }
    }

    private void awaitFree() {
        pause.begin();
        while ((alternateStatus() & (AtaBits.BUSY | AtaBits.DATA_REQUEST)) != 0) {
            if (!pause.pause()) {
                throw new IdeViolation("the channel never gets free: status " + hex(alternateStatus()));
            }
        }
    }

    // ---- the bus master ----

    private void prepareMaster(final int bytes) {
        memory.prepare(bytes);
        pc.outl(ports.master() + AtaBits.MASTER_TABLE, (int) memory.table());
        pc.outb(ports.master() + AtaBits.MASTER_STATUS, AtaBits.MASTER_ERROR | AtaBits.MASTER_INTERRUPT);
    }

    private void startMaster(final boolean toMemory) {
        pc.outb(
                ports.master() + AtaBits.MASTER_COMMAND,
                (toMemory ? AtaBits.MASTER_TO_MEMORY : 0) | AtaBits.MASTER_START);
    }

    /** Stops the bus master. */
    public void stopMaster() {
        pc.outb(ports.master() + AtaBits.MASTER_COMMAND, 0);
    }

    // ---- going on ----

    /** True while a command has not ended. */
    public boolean busy() {
        return state != State.IDLE;
    }

    /** Looks how the command is getting on; true when it has ended. Moves at most one piece of data. */
    public boolean poll() {
        switch (state) {
            case IDLE -> {}
            case FIRST_DATA -> firstData();
            case INTERRUPT -> {
                if (pc.interrupt(ports.line())) {
                    interrupted();
                }
            }
        }
        return state == State.IDLE;
    }

    private void firstData() {
        final int now = alternateStatus();
        if ((now & AtaBits.BUSY) != 0) {
            return;
        }
        if ((now & AtaBits.DATA_REQUEST) == 0) {
            end(register(AtaBits.STATUS));
            return;
        }
        state = State.INTERRUPT;
        if (protocol != Protocol.PACKET) {
            give(Math.min(pieceBytes, data.length - moved));
            return;
        }
        requireReason(AtaBits.COMMAND_PHASE, "for the packet");
        pc.outsw(ports.command(), packet, 0, PACKET_BYTES / 2);
        if (dma) {
            startMaster(toHost);
        }
    }

    private void interrupted() {
        final int now = register(AtaBits.STATUS);
        if ((now & AtaBits.BUSY) != 0) {
            throw new IdeViolation("an interrupt while BSY is set: status " + hex(now));
        }
        if (dma) {
            endOfDma(now);
        } else if ((now & AtaBits.FAILED) != 0 || protocol == Protocol.NO_DATA) {
            end(now);
        } else if ((now & AtaBits.DATA_REQUEST) != 0) {
            piece();
        } else {
            endOfData(now);
        }
    }

    private void endOfDma(final int now) {
        masterStatus = pc.inb(ports.master() + AtaBits.MASTER_STATUS);
        stopMaster();
        if ((masterStatus & AtaBits.MASTER_INTERRUPT) == 0) {
            throw new IdeViolation("an interrupt that the bus master does not know of: " + hex(masterStatus));
        }
        pc.outb(ports.master() + AtaBits.MASTER_STATUS, AtaBits.MASTER_ERROR | AtaBits.MASTER_INTERRUPT);
        end(now);
    }

    private void endOfData(final int now) {
        if (protocol == Protocol.PACKET) {
            requireReason(AtaBits.COMMAND_PHASE | AtaBits.TO_HOST, "at a packet's end");
        } else if (moved < data.length) {
            throw new IdeViolation("the command ended after " + moved + " of " + data.length + " bytes");
        }
        end(now);
    }

    private void piece() {
        pieces++;
        if (protocol == Protocol.PACKET) {
            packetPiece();
            return;
        }
        final int bytes = Math.min(pieceBytes, data.length - moved);
        if (bytes == 0) {
            throw new IdeViolation("DRQ after the last of " + data.length + " bytes");
        }
        if (protocol == Protocol.PIO_OUT) {
            give(bytes);
            return;
        }
        pc.insw(ports.command(), data, moved, bytes / 2);
        moved += bytes;
        if (moved == data.length) {
            end(alternateStatus());
        }
    }

    private void give(final int bytes) {
        pc.outsw(ports.command(), data, moved, bytes / 2);
        moved += bytes;
    }

    private void packetPiece() {
        requireReason(toHost ? AtaBits.TO_HOST : 0, "in a data phase");
        final int bytes = register(AtaBits.LBA_MID) | register(AtaBits.LBA_HIGH) << 8;
        if (bytes == 0 || bytes > byteLimit) {
            throw new IdeViolation("a piece of " + bytes + " bytes, where the limit is " + byteLimit);
        }
        if (!toHost) {
            give(bytes);
            return;
        }
        final int padded = (bytes + 1) & ~1;
        if (data.length < moved + padded) {
            data = Arrays.copyOf(data, Math.max(moved + padded, 2 * data.length));
        }
        pc.insw(ports.command(), data, moved, padded / 2);
        moved += bytes;
    }

    private void requireReason(final int wanted, final String when) {
        final int reason = register(AtaBits.COUNT) & (AtaBits.COMMAND_PHASE | AtaBits.TO_HOST);
        if (reason != wanted) {
            throw new IdeViolation("interrupt reason " + reason + " " + when + ", where it must be " + wanted);
        }
    }

    private void end(final int last) {
        status = last;
        error = (last & AtaBits.FAILED) != 0 ? register(AtaBits.ERROR) : 0;
        state = State.IDLE;
        if (dma && masterStatus == 0) {
            masterStatus = pc.inb(ports.master() + AtaBits.MASTER_STATUS);
            stopMaster();
        }
    }

    /** Waits for the end of the command. */
    public IdeDriver finish() {
        if (!settle()) {
            final int now = alternateStatus();
            state = State.IDLE;
            throw new IdeViolation("the command is lost: no interrupt came, status " + hex(now));
        }
        return this;
    }

    /** Waits for as long as anything happens; true when the command has ended. */
    public boolean settle() {
        pause.begin();
        while (!poll()) {
            if (!pause.pause() && !attention()) {
                return false;
            }
        }
        return true;
    }

    /** True when the next poll has something to do. */
    private boolean attention() {
        return state == State.FIRST_DATA
                ? (alternateStatus() & AtaBits.BUSY) == 0
                : state == State.INTERRUPT && pc.interrupt(ports.line());
    }

    // ---- resets ----

    /** Resets both drives by SRST (9.2), and waits until they have done so. What was on its way is gone. */
    public void softReset() {
        stopMaster();
        state = State.IDLE;
        pc.outb(ports.control(), AtaBits.SOFT_RESET);
        pc.outb(ports.control(), 0);
        awaitFree();
    }

    /** Resets a packet drive by DEVICE RESET, at any time, and waits until it has done so. */
    public void deviceReset(final int unit) {
        stopMaster();
        state = State.IDLE;
        out(AtaBits.DEVICE, AtaBits.ALWAYS | (unit == 1 ? AtaBits.SECOND : 0));
        out(AtaBits.COMMAND, 0x08);
        awaitFree();
    }

    /** Stops the bus master in the middle of a transfer, and waits until the drive has given the command up. */
    public void abandonDma() {
        stopMaster();
        state = State.IDLE;
        awaitFree();
    }

    /** Forgets the command on its way: the guest's machine was reset. */
    public void forget() {
        state = State.IDLE;
    }

    private static String hex(final int value) {
        return "0x" + Integer.toHexString(value);
    }
}
