package io.drivebay.ide.ata;

import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.DriveCore;

/** Sectors of a command's own data through the data register, one at a time: out of the buffer or into it. */
final class BufferTransfer {
    private final AtaDisk disk;
    private final DriveCore core;
    private final Activity in = new In();
    private final Activity out = new Out();
    private Handler then = AtaDisk::succeed;
    private int at;
    private int end;

    BufferTransfer(final AtaDisk disk) {
        this.disk = disk;
        this.core = disk.core();
    }

    /** Shows the host some sectors of the buffer. */
    void in(final int sectors) {
        at = 0;
        end = sectors * AtaDisk.SECTOR;
        core.offer(in, 0, AtaDisk.SECTOR);
    }

    /** Takes sectors from the host into the buffer, then runs a handler. */
    void out(final int sectors, final Handler next) {
        at = 0;
        end = sectors * AtaDisk.SECTOR;
        then = next;
        core.want(out, 0, AtaDisk.SECTOR);
    }

    private boolean last() {
        at += AtaDisk.SECTOR;
        return at == end;
    }

    private final class In implements Activity {
        @Override
        public void hostDrained() {
            if (last()) {
                core.endSilently();
            } else {
                core.offer(this, at, AtaDisk.SECTOR);
            }
        }
    }

    private final class Out implements Activity {
        @Override
        public void hostFilled() {
            if (last()) {
                then.run(disk);
            } else {
                core.want(this, at, AtaDisk.SECTOR);
                core.raise();
            }
        }
    }
}
