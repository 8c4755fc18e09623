package io.drivebay.posix;

import io.drivebay.backend.graph.Permission;

/** Someone else uses an image in a way that excludes what was asked for. Its errno is EAGAIN. */
public final class ImageLockedException extends PosixException {
    private static final long serialVersionUID = 1L;

    private final Permission permission;

    ImageLockedException(final Permission permission, final String message) {
        super(Errno.EAGAIN.number(), message);
        this.permission = permission;
    }

    /** The permission that could not be had, or not be denied to others. */
    public Permission permission() {
        return permission;
    }
}
