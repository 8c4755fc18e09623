package io.drivebay.ide.kit;

import static io.drivebay.ide.kit.Registers.COMMAND;
import static io.drivebay.ide.kit.Registers.COUNT;
import static io.drivebay.ide.kit.Registers.DEVICE;
import static io.drivebay.ide.kit.Registers.FEATURES;
import static io.drivebay.ide.kit.Registers.HIGH;
import static io.drivebay.ide.kit.Registers.LBA;
import static io.drivebay.ide.kit.Registers.LOW;
import static io.drivebay.ide.kit.Registers.MID;
import static io.drivebay.ide.kit.Registers.STATUS;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Register;

/** A disk without a channel, and a guest that drives it by register numbers. */
public final class DiskGuest {
    public final Host host;
    public final TestSocket socket = new TestSocket();
    public final AtaDisk disk;

    public DiskGuest(final Host host, final DiskOptions options) {
        this.host = host;
        try {
            disk = AtaDisk.attach(options, host.backend, socket);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
        socket.drive = disk;
        host.run();
    }

    public int in(final int offset) {
        return disk.read(Register.forRead(offset, false));
    }

    /** Reads with HOB set. */
    public int inPrevious(final int offset) {
        return disk.read(Register.forRead(offset, true));
    }

    public void out(final int offset, final int value) {
        if (offset == COMMAND) {
            disk.command(value);
        } else {
            disk.write(Register.forWrite(offset), value);
        }
    }

    public int status() {
        disk.acknowledge();
        return in(STATUS);
    }

    /** Sets address and count, short form. */
    public DiskGuest at(final long lba, final int count) {
        out(COUNT, count);
        out(LOW, (int) lba & 0xff);
        out(MID, (int) (lba >> 8) & 0xff);
        out(HIGH, (int) (lba >> 16) & 0xff);
        out(DEVICE, LBA | ((int) (lba >> 24) & 0x0f));
        return this;
    }

    /** Sets address and count, long form. */
    public DiskGuest atLong(final long lba, final int count) {
        out(COUNT, count >> 8);
        out(COUNT, count);
        out(LOW, (int) (lba >> 24) & 0xff);
        out(LOW, (int) lba & 0xff);
        out(MID, (int) (lba >> 32) & 0xff);
        out(MID, (int) (lba >> 8) & 0xff);
        out(HIGH, (int) (lba >> 40) & 0xff);
        out(HIGH, (int) (lba >> 16) & 0xff);
        out(DEVICE, LBA);
        return this;
    }

    /** Writes a command and lets the host work; the status. */
    public int command(final int opcode) {
        out(COMMAND, opcode);
        host.run();
        return status();
    }

    public int command(final int opcode, final int features, final int count) {
        out(FEATURES, features);
        out(COUNT, count);
        return command(opcode);
    }

    /** Takes sectors by programmed I/O. */
    public byte[] take(final int sectors) {
        final byte[] data = new byte[sectors * 512];
        for (int i = 0; i < data.length; i += 2) {
            final int word = disk.readData(2);
            data[i] = (byte) word;
            data[i + 1] = (byte) (word >> 8);
            if ((i + 2) % 512 == 0) {
                host.run();
            }
        }
        return data;
    }

    /** Gives data by programmed I/O. */
    public void give(final byte[] data) {
        for (int i = 0; i < data.length; i += 2) {
            disk.writeData(2, (data[i] & 0xff) | (data[i + 1] & 0xff) << 8);
            if ((i + 2) % 512 == 0) {
                host.run();
            }
        }
    }

    /** IDENTIFY DEVICE; words. */
    public int[] identify() {
        command(0xec);
        final byte[] data = take(1);
        final int[] words = new int[256];
        for (int i = 0; i < 256; i++) {
            words[i] = (data[2 * i] & 0xff) | (data[2 * i + 1] & 0xff) << 8;
        }
        return words;
    }

    /** The short address as the registers show it. */
    public long address() {
        return (long) (in(DEVICE) & 0x0f) << 24 | (long) in(HIGH) << 16 | (long) in(MID) << 8 | in(LOW);
    }
}
