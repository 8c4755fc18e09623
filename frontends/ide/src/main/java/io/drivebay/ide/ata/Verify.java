package io.drivebay.ide.ata;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.PioBuffer;
import io.drivebay.ide.device.RangeIo;

/** READ VERIFY SECTORS: reads every sector and shows none. */
final class Verify implements Activity {
    private static final int CHUNK_SECTORS = PioBuffer.BYTES / AtaDisk.SECTOR;

    private final AtaDisk disk;
    private final DriveCore core;
    private final RangeIo io;
    private int asked;

    Verify(final AtaDisk disk, final RangeIo io) {
        this.disk = disk;
        this.core = disk.core();
        this.io = io;
    }

    void begin() {
        final SectorRange range = disk.range();
        asked = Math.min(CHUNK_SECTORS, range.left());
        core.work(this);
        io.memory().clear().add(core.buffer().region(), 0, asked * AtaDisk.SECTOR);
        io.begin(Operation.READ, 0, range.lba(), asked);
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> read();
            case FAILED -> disk.failAt(io.at(), request);
            case MORE -> {}
        }
    }

    private void read() {
        disk.range().advance(asked);
        if (disk.range().left() == 0) {
            disk.succeed();
        } else {
            begin();
        }
    }
}
