package io.drivebay.sim.ide;

/** Registers and bits as ATA/ATAPI-6 sections 7 and 9 and Intel's PIIX manual number them. */
final class AtaBits {
    // offsets in the command block
    static final int DATA = 0;
    static final int ERROR = 1;
    static final int FEATURES = 1;
    static final int COUNT = 2;
    static final int LBA_LOW = 3;
    static final int LBA_MID = 4;
    static final int LBA_HIGH = 5;
    static final int DEVICE = 6;
    static final int STATUS = 7;
    static final int COMMAND = 7;

    // status
    static final int BUSY = 0x80;
    static final int FAULT = 0x20;
    static final int DATA_REQUEST = 0x08;
    static final int FAILED = 0x01;

    // device
    static final int ALWAYS = 0xa0;
    static final int LBA = 0x40;
    static final int SECOND = 0x10;

    // device control
    static final int SOFT_RESET = 0x04;
    static final int HIGH_ORDER_BYTE = 0x80;

    // interrupt reason, in the sector count register
    static final int COMMAND_PHASE = 1;
    static final int TO_HOST = 2;

    // bus master
    static final int MASTER_COMMAND = 0;
    static final int MASTER_STATUS = 2;
    static final int MASTER_TABLE = 4;
    static final int MASTER_START = 1;
    static final int MASTER_TO_MEMORY = 8;
    static final int MASTER_ERROR = 2;
    static final int MASTER_INTERRUPT = 4;

    private AtaBits() {}
}
