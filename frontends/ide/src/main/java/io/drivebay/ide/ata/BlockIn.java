package io.drivebay.ide.ata;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.RangeIo;

/** READ SECTORS and READ MULTIPLE: sectors through the data register, an interrupt before each block (I6). */
final class BlockIn implements Activity {
    private final AtaDisk disk;
    private final DriveCore core;
    private final RangeIo io;
    private int blockSectors;
    private int asked;

    BlockIn(final AtaDisk disk, final RangeIo io) {
        this.disk = disk;
        this.core = disk.core();
        this.io = io;
    }

    void begin(final int sectorsPerBlock) {
        blockSectors = sectorsPerBlock;
        readBlock();
    }

    private void readBlock() {
        final SectorRange range = disk.range();
        asked = Math.min(blockSectors, range.left());
        core.work(this);
        io.memory().clear().add(core.buffer().region(), 0, asked * AtaDisk.SECTOR);
        io.begin(Operation.READ, 0, range.lba(), asked);
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> {
                disk.range().advance(asked);
                core.offer(this, 0, asked * AtaDisk.SECTOR);
            }
            case FAILED -> disk.failAt(io.at(), request);
            case MORE -> {}
        }
    }

    @Override
    public void hostDrained() {
        if (disk.range().left() == 0) {
            core.endSilently();
        } else {
            readBlock();
        }
    }
}
