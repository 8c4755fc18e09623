package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.DiskPort;
import io.drivebay.ide.device.RangeIo;

/**
 * SMART self-tests: really reads the disk, all of it or (short) its first and last 4 MiB, beside the guest's commands.
 *
 * <p>A captive test keeps the disk busy to its end; one in the background answers at once.
 */
final class SelfTest {
    static final int SHORT = 0x01;
    static final int EXTENDED = 0x02;
    static final int ABORT = 0x7f;
    static final int CAPTIVE = 0x80;

    private static final int CHUNK_SECTORS = 128;
    private static final long SHORT_SECTORS = 8192;
    private static final int TENTHS = 10;
    private static final int IN_PROGRESS = 0xf0;

    private final AtaDisk disk;
    private final DiskPort port;
    private final RangeIo io;
    private final MemoryRegion buffer = MemoryRegion.allocate(CHUNK_SECTORS * AtaDisk.SECTOR);
    private int routine;
    private boolean running;
    private boolean stopped;
    private int stopResult;
    private long next;
    private long skipFrom;
    private long skipTo;
    private long end;
    private int asked;

    SelfTest(final AtaDisk disk) {
        this.disk = disk;
        this.port = disk.core().newPort(disk.core().port().backend(), this::ioDone);
        this.io = new RangeIo(port, AtaDisk.SECTOR);
    }

    boolean running() {
        return running;
    }

    /** Self-test execution status: in progress with the tenths left, or what the last test came to. */
    int status() {
        if (!running) {
            return disk.smart().tests.lastStatus();
        }
        final long left = end - next;
        return IN_PROGRESS | (int) Math.min(TENTHS - 1, left * TENTHS / end);
    }

    void begin(final int subcommand) {
        routine = subcommand;
        running = true;
        stopped = false;
        next = 0;
        end = disk.settings().nativeSectors;
        final boolean isShort = (subcommand & ~CAPTIVE) == SHORT;
        skipFrom = isShort ? SHORT_SECTORS : end;
        skipTo = isShort ? Math.max(skipFrom, end - SHORT_SECTORS) : end;
        port.beginCommand();
        readNext();
    }

    private void readNext() {
        if (next >= skipFrom && next < skipTo) {
            next = skipTo;
        }
        final long stop = next < skipFrom ? Math.min(skipFrom, end) : end;
        asked = (int) Math.min(CHUNK_SECTORS, stop - next);
        io.memory().clear().add(buffer, 0, asked * AtaDisk.SECTOR);
        io.begin(Operation.READ, 0, next, asked);
    }

    private void ioDone(final BlockRequest request) {
        if (stopped) {
            finish(stopResult, 0);
            return;
        }
        switch (io.advance(request)) {
            case DONE -> {
                next += asked;
                if (next >= end) {
                    finish(SelfTestLog.PASSED, 0);
                } else {
                    readNext();
                }
            }
            case FAILED -> finish(SelfTestLog.READ_FAILED, io.at());
            case MORE -> {}
        }
    }

    /** Ends a test that is running. */
    void stop(final int result) {
        if (running && port.takeBack()) {
            finish(result, 0);
        } else if (running) {
            stopped = true;
            stopResult = result;
        }
    }

    private void finish(final int result, final long failingLba) {
        running = false;
        disk.smart().tests.add(routine, result, disk.smart().powerOnHours(disk.nowNs()), failingLba);
        if ((routine & CAPTIVE) != 0 && !stopped) {
            SmartCommands.captiveEnded(disk, result);
        }
    }
}
