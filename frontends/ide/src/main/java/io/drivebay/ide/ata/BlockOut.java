package io.drivebay.ide.ata;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.RangeIo;

/** WRITE SECTORS and WRITE MULTIPLE: an interrupt before each block but the first, and one at the end (I6). */
final class BlockOut implements Activity {
    private final AtaDisk disk;
    private final DriveCore core;
    private final RangeIo io;
    private int blockSectors;
    private int flags;
    private int asked;

    BlockOut(final AtaDisk disk, final RangeIo io) {
        this.disk = disk;
        this.core = disk.core();
        this.io = io;
    }

    void begin(final int sectorsPerBlock, final int requestFlags) {
        blockSectors = sectorsPerBlock;
        flags = requestFlags;
        wantBlock();
    }

    private void wantBlock() {
        asked = Math.min(blockSectors, disk.range().left());
        core.want(this, 0, asked * AtaDisk.SECTOR);
    }

    @Override
    public void hostFilled() {
        core.work(this);
        io.memory().clear().add(core.buffer().region(), 0, asked * AtaDisk.SECTOR);
        io.begin(Operation.WRITE, flags, disk.range().lba(), asked);
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> written();
            case FAILED -> disk.failAt(io.at(), request);
            case MORE -> {}
        }
    }

    private void written() {
        disk.range().advance(asked);
        if (disk.range().left() == 0) {
            disk.succeed();
        } else {
            wantBlock();
            core.raise();
        }
    }
}
