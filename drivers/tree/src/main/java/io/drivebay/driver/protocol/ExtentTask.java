package io.drivebay.driver.protocol;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.posix.Errno;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;

/** A BLOCK_STATUS: whether the file has data or a hole from an offset on, and for how long. Used once. */
final class ExtentTask implements FileTask {
    private static final int SECTOR_BYTES = 512;

    private final FileWork work;
    private final SpaceEngine engine;
    private final BlockRequest request;
    private final long offset;
    private final long lengthBytes;
    private boolean data;
    private long end;

    /**
     * A question about a request's range.
     *
     * @param lengthBytes length of the disk, for the mark that the answer ends with it
     */
    ExtentTask(final FileWork work, final SpaceEngine engine, final BlockRequest request, final long lengthBytes) {
        this.work = work;
        this.engine = engine;
        this.request = request;
        this.offset = request.offset();
        this.lengthBytes = lengthBytes;
    }

    @Override
    public boolean submit() {
        return engine.measure(this);
    }

    /** Asks the file; on a thread that may block. Returns 0. */
    int measure(final PosixFile file) throws PosixException {
        final long firstData;
        try {
            firstData = file.seekData(offset);
        } catch (final PosixException e) {
            if (!Errno.EINVAL.is(e.errno())) {
                throw e;
            }
            data = true; // the file system does not tell holes
            end = Long.MAX_VALUE;
            return 0;
        }
        data = firstData == offset;
        if (firstData == PosixFile.NOT_FOUND) {
            end = Long.MAX_VALUE;
        } else if (data) {
            final long hole = file.seekHole(offset);
            end = hole == PosixFile.NOT_FOUND ? Long.MAX_VALUE : roundUp(hole);
        } else {
            end = firstData;
        }
        return 0;
    }

    /* The last sector of a ragged file is data as a whole. */
    private static long roundUp(final long position) {
        return (position + SECTOR_BYTES - 1) & -(long) SECTOR_BYTES;
    }

    @Override
    public void done(final int result) {
        if (result < 0) {
            FileErrors.fail(request, -result, work.nodeName());
            return;
        }
        final long bytes = Math.min(end - offset, request.length());
        final int content = data ? BlockStatusFlags.DATA : BlockStatusFlags.ZERO;
        final int last = offset + bytes >= lengthBytes ? BlockStatusFlags.END_OF_FILE : 0;
        request.completeStatus(content | BlockStatusFlags.ALLOCATED | last, bytes);
    }
}
