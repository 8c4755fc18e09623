package io.drivebay.ide.atapi;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.RangeIo;

/** VERIFY: reads blocks and shows none. */
final class BlockVerify implements Activity {
    private static final int CHUNK = 32;

    private final AtapiDrive drive;
    private final DriveCore core;
    private final RangeIo io;
    private long lba;
    private int left;
    private int asked;

    BlockVerify(final AtapiDrive drive, final RangeIo io) {
        this.drive = drive;
        this.core = drive.core();
        this.io = io;
    }

    void begin(final long first, final int count) {
        lba = first;
        left = count;
        core.work(this);
        next();
    }

    private void next() {
        if (left == 0) {
            drive.succeed();
            return;
        }
        asked = Math.min(left, CHUNK);
        io.memory().clear().add(core.buffer().region(), 0, asked * RawSector.USER);
        io.begin(Operation.READ, 0, lba, asked);
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> {
                lba += asked;
                left -= asked;
                next();
            }
            case FAILED -> drive.failAt(io.at(), request);
            case MORE -> {}
        }
    }
}
