package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.concurrent.TimeUnit;

/** What SMART knows of the disk: attributes that are really counted, and the logs (ATA-6 6.15). */
final class SmartState {
    /** How many sectors of log pages 80 to 87 a host may write, one a page. */
    static final int HOST_PAGES = 8;

    private static final int ATTRIBUTE_BYTES = 12;
    private static final int ATTRIBUTES_AT = 2;
    private static final int GOOD = 100;
    private static final int PRE_FAILURE = 1;
    private static final int ONLINE = 1 << 1;

    final ErrorLog errors = new ErrorLog();
    final SelfTestLog tests = new SelfTestLog();
    final MemoryRegion hostPages = MemoryRegion.allocate(HOST_PAGES * AtaDisk.SECTOR);
    boolean enabled = true;
    boolean autosave = true;

    private final long madeNs;
    private int powerCycles;
    private int uncorrectable;

    SmartState(final long nowNs) {
        madeNs = nowNs;
    }

    void powerOn() {
        powerCycles++;
    }

    void uncorrectable() {
        uncorrectable++;
    }

    int powerOnHours(final long nowNs) {
        return (int) TimeUnit.NANOSECONDS.toHours(nowNs - madeNs);
    }

    /** False once the last self-test has failed. */
    boolean healthy() {
        return !tests.lastFailed();
    }

    /** SMART READ DATA. */
    void writeData(final MemoryRegion page, final int selfTestStatus, final long nowNs) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putShort(0, (short) 0x10);
        attribute(page, 0, 0x09, powerOnHours(nowNs));
        attribute(page, 1, 0x0c, powerCycles);
        attribute(page, 2, 0xbb, uncorrectable);
        page.putByte(363, (byte) selfTestStatus);
        page.putByte(367, (byte) 0x11);
        page.putShort(368, (short) 3);
        page.putByte(370, (byte) 1);
        page.putByte(372, (byte) 1);
        page.putByte(373, (byte) 1);
        checksum(page, 0);
    }

    private static void attribute(final MemoryRegion page, final int index, final int id, final int raw) {
        final int at = ATTRIBUTES_AT + index * ATTRIBUTE_BYTES;
        page.putByte(at, (byte) id);
        page.putShort(at + 1, (short) (id == 0xbb ? PRE_FAILURE | ONLINE : ONLINE));
        page.putByte(at + 3, (byte) GOOD);
        page.putByte(at + 4, (byte) GOOD);
        page.putInt(at + 5, raw);
    }

    /** SMART READ THRESHOLDS: no attribute has one that it could fall below. */
    static void writeThresholds(final MemoryRegion page) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putShort(0, (short) 0x10);
        page.putByte(ATTRIBUTES_AT, (byte) 0x09);
        page.putByte(ATTRIBUTES_AT + ATTRIBUTE_BYTES, (byte) 0x0c);
        page.putByte(ATTRIBUTES_AT + 2 * ATTRIBUTE_BYTES, (byte) 0xbb);
        checksum(page, 0);
    }

    /** Makes the bytes of a sector add up to zero by its last one. */
    static void checksum(final MemoryRegion page, final int at) {
        int sum = 0;
        for (int i = 0; i < AtaDisk.SECTOR - 1; i++) {
            sum += page.getByte(at + i);
        }
        page.putByte(at + AtaDisk.SECTOR - 1, (byte) -sum);
    }
}
