package io.drivebay.backend.graph;

import java.util.Locale;

/** What a job can forbid on a node while it works: QEMU's op blocker types. */
public enum BlockedOperation {
    BACKUP_SOURCE,
    BACKUP_TARGET,
    CHANGE,
    COMMIT_SOURCE,
    COMMIT_TARGET,
    DATAPLANE,
    DRIVE_DEL,
    EJECT,
    EXTERNAL_SNAPSHOT,
    INTERNAL_SNAPSHOT,
    INTERNAL_SNAPSHOT_DELETE,
    MIRROR_SOURCE,
    MIRROR_TARGET,
    RESIZE,
    STREAM,
    REPLACE;

    /** The name in QAPI spelling. */
    public String qapiName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
