package io.drivebay.ide.atapi;

import io.drivebay.backend.request.IoVector;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveCore;

/** The data phase from the host: parameters into the buffer, then a handler. */
final class DataOut implements Activity {
    private static final int FROM_HOST = 0;

    private final AtapiDrive drive;
    private final DriveCore core;
    private final IoVector guest = new IoVector();
    private PacketTable.Handler then = AtapiDrive::succeed;
    private int length;
    private int at;
    private int piece;

    DataOut(final AtapiDrive drive) {
        this.drive = drive;
        this.core = drive.core();
    }

    /** Takes bytes from the host to the start of the buffer. */
    void begin(final int bytes, final PacketTable.Handler next) {
        length = bytes;
        then = next;
        at = 0;
        drive.reason(FROM_HOST);
        if (drive.usesDma()) {
            core.requestDma(this);
        } else {
            nextPiece();
        }
    }

    private void nextPiece() {
        piece = drive.pieceOf(length - at);
        core.registers().lbaMidHigh(piece);
        core.want(this, at, piece);
        core.raise();
    }

    @Override
    public void hostFilled() {
        at += piece;
        if (at == length) {
            then.run(drive);
        } else {
            nextPiece();
        }
    }

    @Override
    public void dmaReady() {
        final DmaPort dma = core.socket().dma();
        if (!dma.moves()) {
            dma.finish();
            drive.succeed();
            return;
        }
        final int bytes = dma.next(guest.clear(), length);
        if (bytes == DmaPort.NOWHERE) {
            drive.memoryMissing();
        } else if (bytes < length) {
            dma.exhausted();
            core.endSilently();
        } else {
            guest.copyTo(0, core.buffer().region(), 0, length);
            dma.finish();
            then.run(drive);
        }
    }
}
