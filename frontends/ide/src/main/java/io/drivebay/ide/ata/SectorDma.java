package io.drivebay.ide.ata;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.RangeIo;

/** READ DMA and WRITE DMA: between the medium and the guest's memory without a copy (I7, I8). */
final class SectorDma implements Activity {
    private final AtaDisk disk;
    private final DriveCore core;
    private final RangeIo io;
    private Operation operation = Operation.READ;
    private int flags;
    private int asked;

    SectorDma(final AtaDisk disk, final RangeIo io) {
        this.disk = disk;
        this.core = disk.core();
        this.io = io;
    }

    void begin(final Operation what, final int requestFlags) {
        operation = what;
        flags = requestFlags;
        core.requestDma(this);
    }

    @Override
    public void dmaReady() {
        final DmaPort dma = core.socket().dma();
        final SectorRange range = disk.range();
        if (!dma.moves()) {
            range.advance(range.left());
            dma.finish();
            disk.succeed();
            return;
        }
        io.memory().clear();
        final int bytes = dma.next(io.memory(), range.left() * AtaDisk.SECTOR);
        if (bytes == DmaPort.NOWHERE) {
            dma.fail(true);
            disk.fail(ErrorBits.ABRT);
        } else if (bytes < AtaDisk.SECTOR) {
            dma.exhausted();
            core.endSilently();
        } else {
            asked = bytes / AtaDisk.SECTOR;
            io.begin(operation, flags, range.lba(), asked);
        }
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> moved();
            case FAILED -> {
                core.socket().dma().fail(false);
                disk.failAt(io.at(), request);
            }
            case MORE -> {}
        }
    }

    private void moved() {
        disk.range().advance(asked);
        if (disk.range().left() == 0) {
            core.socket().dma().finish();
            disk.succeed();
        } else {
            dmaReady();
        }
    }
}
