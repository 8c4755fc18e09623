package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.ErrorBits;

/**
 * DATA SET MANAGEMENT, TRIM: a list of ranges by DMA, each eight bytes (48 bits of address, 16 of count).
 *
 * <p>The bus master stays active until the ranges have been trimmed, as in QEMU: a guest may wait for its end alone.
 *
 * <p>All ranges are checked before the first is trimmed, so a list with a bad range changes nothing (I9).
 */
final class Trim implements Activity {
    /** The longest list, as IDENTIFY word 105 has it. */
    static final int MAX_BLOCKS = 8;

    private static final int ENTRY_BYTES = 8;
    private static final long ADDRESS = 0xffff_ffff_ffffL;
    private static final int COUNT_SHIFT = 48;

    private final AtaDisk disk;
    private final DriveCore core;
    private final IoVector guest = new IoVector();
    private int listBytes;
    private int at;

    Trim(final AtaDisk disk) {
        this.disk = disk;
        this.core = disk.core();
    }

    void begin(final int blocks) {
        listBytes = blocks * AtaDisk.SECTOR;
        core.requestDma(this);
    }

    @Override
    public void dmaReady() {
        final DmaPort dma = core.socket().dma();
        if (!dma.moves()) {
            dma.finish();
            disk.succeed();
            return;
        }
        final int bytes = dma.next(guest.clear(), listBytes);
        if (bytes == DmaPort.NOWHERE) {
            dma.fail(true);
            disk.fail(ErrorBits.ABRT);
        } else if (bytes < listBytes) {
            dma.exhausted();
            core.endSilently();
        } else {
            guest.copyTo(0, core.buffer().region(), 0, listBytes);
            check();
        }
    }

    private void check() {
        final MemoryRegion list = core.buffer().region();
        for (int i = 0; i < listBytes; i += ENTRY_BYTES) {
            final long first = list.getLong(i) & ADDRESS;
            final long count = list.getLong(i) >>> COUNT_SHIFT;
            if (count > 0 && (first > disk.sectors() || count > disk.sectors() - first)) {
                core.socket().dma().finish();
                disk.fail(ErrorBits.ABRT);
                return;
            }
        }
        at = 0;
        core.work(this);
        trimNext();
    }

    private void trimNext() {
        final MemoryRegion list = core.buffer().region();
        while (at < listBytes && list.getLong(at) >>> COUNT_SHIFT == 0) {
            at += ENTRY_BYTES;
        }
        if (at == listBytes) {
            core.socket().dma().finish();
            disk.succeed();
            return;
        }
        final long first = list.getLong(at) & ADDRESS;
        final long count = list.getLong(at) >>> COUNT_SHIFT;
        final boolean zeroes = disk.options().trim() == DiskOptions.Trim.ZEROES;
        core.port()
                .request()
                .set(
                        zeroes ? Operation.WRITE_ZEROES : Operation.DISCARD,
                        first * AtaDisk.SECTOR,
                        count * AtaDisk.SECTOR,
                        zeroes ? RequestFlags.MAY_UNMAP : 0)
                .vector()
                .clear();
        core.port().submit();
    }

    @Override
    public void ioDone(final BlockRequest request) {
        final ErrorAction action =
                request.succeeded() ? ErrorAction.IGNORE : core.port().judge();
        switch (action) {
            case REPORT -> {
                core.socket().dma().finish();
                disk.fail(ErrorBits.ABRT);
                core.port().reported();
            }
            case IGNORE -> {
                at += ENTRY_BYTES;
                trimNext();
            }
            default -> {}
        }
    }
}
