package io.drivebay.ide.ata;

import io.drivebay.ide.device.TaskFile;

/** The sectors that a command is about, and the registers' way of saying so. Shrinks as the command gets on. */
final class SectorRange {
    /** How the address stands in the registers. */
    private enum Form {
        CHS,
        SHORT,
        LONG
    }

    private final TaskFile registers;
    private Form form = Form.SHORT;
    private Geometry geometry = new Geometry(1, 1, 1);
    private long lba;
    private int left;

    SectorRange(final TaskFile registers) {
        this.registers = registers;
    }

    /** Reads address and count from the registers; false when the address is none. */
    boolean decode(final boolean extended, final Geometry translation) {
        geometry = translation;
        left = registers.sectors(extended);
        if (extended) {
            form = Form.LONG;
            lba = registers.longLba();
        } else if (registers.lbaMode()) {
            form = Form.SHORT;
            lba = registers.shortLba();
        } else {
            form = Form.CHS;
            lba = translation.toLba(
                    registers.lbaHigh() << 8 | registers.lbaMid(), registers.head(), registers.lbaLow());
        }
        return lba >= 0;
    }

    /** True when the range lies within a number of sectors. */
    boolean within(final long sectors) {
        return lba <= sectors && left <= sectors - lba;
    }

    long lba() {
        return lba;
    }

    int left() {
        return left;
    }

    /** Some sectors have been done: the registers show what is left. */
    void advance(final int sectors) {
        lba += sectors;
        left -= sectors;
        show();
    }

    /** The command ends at a sector: the registers show it. */
    void endAt(final long failingLba) {
        left -= (int) (failingLba - lba);
        lba = failingLba;
        show();
    }

    private void show() {
        registers.count(left, form == Form.LONG);
        address(lba);
    }

    /** Puts an address into the registers, in the form in which the command gave its own. */
    void address(final long address) {
        switch (form) {
            case LONG -> registers.longLba(address);
            case SHORT -> registers.shortLba(address);
            case CHS ->
                registers.chs(geometry.cylinderOf(address), geometry.headOf(address), geometry.sectorOf(address));
        }
    }
}
