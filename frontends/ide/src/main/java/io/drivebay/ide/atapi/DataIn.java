package io.drivebay.ide.atapi;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.PioBuffer;
import io.drivebay.ide.device.RangeIo;

/**
 * The data phase to the host: an answer in the buffer, or blocks of the medium, read as the host takes them.
 *
 * <p>By programmed I/O in pieces of at most the byte count limit, each with an interrupt; by DMA user data goes straight
 * to guest memory, everything else through the buffer. The buffer holds the answer or the blocks from {@link #at} on; at
 * its end is the place where raw sectors' user data is read to.
 */
final class DataIn implements Activity {
    private static final int RAW_CHUNK = 12;
    private static final int USER_CHUNK = 32;
    private static final int STAGING = PioBuffer.BYTES - RAW_CHUNK * RawSector.USER;
    private static final int DMA_CHUNK = 1 << 20;
    private static final int TO_HOST = 2;

    private final AtapiDrive drive;
    private final DriveCore core;
    private final SectorFormat format;
    private final RangeIo io;
    private final IoVector guest = new IoVector();
    private long lba;
    private long blocksLeft;
    private long bytesLeft;
    private int at;
    private int have;
    private int piece;
    private int asked;
    private boolean direct;

    DataIn(final AtapiDrive drive, final SectorFormat format, final RangeIo io) {
        this.drive = drive;
        this.core = drive.core();
        this.format = format;
        this.io = io;
    }

    /** Shows the host the first bytes of the buffer. */
    void answer(final int bytes) {
        blocksLeft = 0;
        bytesLeft = bytes;
        at = 0;
        have = bytes;
        begin();
    }

    /** Shows the host blocks of the medium, in the format that is set. */
    void blocks(final long first, final long count) {
        lba = first;
        blocksLeft = count;
        bytesLeft = count * format.bytes();
        at = 0;
        have = 0;
        begin();
    }

    private void begin() {
        direct = drive.usesDma() && blocksLeft > 0 && format.isUser();
        if (drive.usesDma()) {
            drive.reason(TO_HOST);
            core.requestDma(this);
        } else {
            nextPiece();
        }
    }

    // ---- programmed I/O ----

    private void nextPiece() {
        piece = drive.pieceOf(bytesLeft);
        if (have < piece) {
            readMore();
            return;
        }
        drive.reason(TO_HOST);
        core.registers().lbaMidHigh(piece);
        core.offer(this, at, piece);
    }

    @Override
    public void hostDrained() {
        at += piece;
        have -= piece;
        bytesLeft -= piece;
        if (bytesLeft == 0) {
            drive.succeed();
        } else {
            nextPiece();
        }
    }

    /** Reads some blocks behind what the buffer holds. */
    private void readMore() {
        final MemoryRegion buffer = core.buffer().region();
        buffer.copyFrom(0, buffer, at, have);
        at = 0;
        final boolean user = format.isUser();
        asked = (int) Math.min(blocksLeft, user ? USER_CHUNK : RAW_CHUNK);
        core.work(this);
        readInto(user ? have : STAGING);
    }

    private void readInto(final int where) {
        io.memory().clear().add(core.buffer().region(), where, asked * RawSector.USER);
        io.begin(Operation.READ, 0, lba, asked);
    }

    @Override
    public void ioDone(final BlockRequest request) {
        switch (io.advance(request)) {
            case DONE -> blocksRead();
            case FAILED -> {
                if (drive.usesDma()) {
                    core.socket().dma().fail(false);
                }
                drive.failAt(io.at(), request);
            }
            case MORE -> {}
        }
    }

    private void blocksRead() {
        final long first = lba;
        lba += asked;
        blocksLeft -= asked;
        if (direct) {
            bytesLeft -= (long) asked * RawSector.USER;
            moved();
            return;
        }
        if (!format.isUser()) {
            final MemoryRegion buffer = core.buffer().region();
            for (int i = 0; i < asked; i++) {
                format.write(buffer, STAGING + i * RawSector.USER, first + i, buffer, at + have + i * format.bytes());
            }
        }
        have += asked * format.bytes();
        if (drive.usesDma()) {
            copyToGuest();
        } else {
            nextPiece();
        }
    }

    // ---- DMA ----

    @Override
    public void dmaReady() {
        final DmaPort dma = core.socket().dma();
        if (!dma.moves()) {
            dma.finish();
            drive.succeed();
        } else if (direct) {
            readToGuest(dma);
        } else if (have > 0) {
            copyToGuest();
        } else {
            asked = (int) Math.min(blocksLeft, RAW_CHUNK);
            readInto(STAGING);
        }
    }

    private void readToGuest(final DmaPort dma) {
        io.memory().clear();
        final int bytes = dma.next(io.memory(), (int) Math.min(bytesLeft, DMA_CHUNK));
        if (bytes == DmaPort.NOWHERE) {
            drive.memoryMissing();
        } else if (bytes < RawSector.USER) {
            dma.exhausted();
            core.endSilently();
        } else {
            asked = bytes / RawSector.USER;
            io.begin(Operation.READ, 0, lba, asked);
        }
    }

    private void copyToGuest() {
        final DmaPort dma = core.socket().dma();
        final int bytes = dma.next(guest.clear(), have);
        if (bytes == DmaPort.NOWHERE) {
            drive.memoryMissing();
            return;
        }
        guest.copyFrom(0, core.buffer().region(), at, bytes);
        if (bytes < have) {
            dma.exhausted();
            core.endSilently();
            return;
        }
        bytesLeft -= have;
        have = 0;
        moved();
    }

    private void moved() {
        if (bytesLeft == 0) {
            core.socket().dma().finish();
            drive.succeed();
        } else {
            dmaReady();
        }
    }
}
