package io.drivebay.sim.pc;

import io.drivebay.backend.guest.MmioDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * QEMU's firmware configuration device, its port interface: a selector of 16 bits at 0x510, and data at 0x511, byte after
 * byte. Items that are not there, and what is beyond an item's end, read as zeros. Nothing can be written.
 */
final class FwCfg implements MmioDevice {
    /** The first port. */
    static final int PORT = 0x510;

    private static final int PORTS = 2;

    private static final int SIGNATURE = 0x00;
    private static final int ID = 0x01;
    private static final int MACHINE_UUID = 0x02;
    private static final int RAM_SIZE = 0x03;
    private static final int PROCESSORS = 0x05;
    private static final int MOST_PROCESSORS = 0x0f;
    private static final int FILE_DIRECTORY = 0x19;
    private static final int FIRST_FILE = 0x20;
    private static final int TRADITIONAL = 1;
    private static final int DIRECTORY_ENTRY = 64;
    /** Bits of the selector that choose a way of access, not an item. */
    private static final int ITEM_MASK = 0x3fff;

    private final Map<Integer, byte[]> items = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private byte[] selected = {};
    private int at;

    FwCfg(final long ramBytes, final UUID uuid) {
        items.put(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
        items.put(ID, little(4).putInt(TRADITIONAL).array());
        items.put(
                MACHINE_UUID,
                ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array());
        items.put(RAM_SIZE, little(8).putLong(ramBytes).array());
        items.put(PROCESSORS, little(2).putShort((short) 1).array());
        items.put(MOST_PROCESSORS, little(2).putShort((short) 1).array());
        list();
    }

    private static ByteBuffer little(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds a file. */
    void file(final String name, final byte[] content) {
        files.put(name, content);
        list();
    }

    /* Count, then size, selector, reserved, name: the only part that is big-endian. */
    private void list() {
        final ByteBuffer directory = ByteBuffer.allocate(4 + files.size() * DIRECTORY_ENTRY);
        directory.putInt(files.size());
        int item = FIRST_FILE;
        for (final Map.Entry<String, byte[]> file : files.entrySet()) {
            final int entry = directory.position();
            directory.putInt(file.getValue().length).putShort((short) item).putShort((short) 0);
            directory.put(file.getKey().getBytes(StandardCharsets.US_ASCII));
            directory.position(entry + DIRECTORY_ENTRY);
            items.put(item++, file.getValue());
        }
        items.put(FILE_DIRECTORY, directory.array());
    }

    @Override
    public int windowBytes() {
        return PORTS;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        if (widthBytes != 1) {
            return 0;
        }
        return at < selected.length ? selected[at++] & 0xff : 0;
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        if (offset == 0 && widthBytes == 2) {
            selected = items.getOrDefault((int) value & ITEM_MASK, new byte[0]);
            at = 0;
        }
    }
}
