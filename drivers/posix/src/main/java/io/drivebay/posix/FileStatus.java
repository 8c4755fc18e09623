package io.drivebay.posix;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says about a file.
 *
 * @param kind regular file, block device and so on
 * @param permissions the lower twelve bits of the mode
 * @param sizeBytes size of the content; 0 for devices, ask {@link BlockDeviceControl}
 * @param allocatedBytes space taken on the file system
 * @param preferredIoBytes the size the file system likes to transfer
 * @param identity which file it is
 * @param device the device number of a device node, 0 otherwise
 * @param directIo what O_DIRECT demands; null when the kernel (before 6.1) or the file system does not say
 */
public record FileStatus(
        Kind kind,
        int permissions,
        long sizeBytes,
        long allocatedBytes,
        int preferredIoBytes,
        Identity identity,
        long device,
        @Nullable DirectIoAlignment directIo) {

    /** What a path leads to. */
    public enum Kind {
        REGULAR,
        DIRECTORY,
        BLOCK_DEVICE,
        CHARACTER_DEVICE,
        /** A FIFO, a socket or a symbolic link. */
        OTHER
    }

    /**
     * Tells two files apart.
     *
     * @param device number of the file system, {@code major << 32 | minor}
     * @param inode number within the file system
     */
    public record Identity(long device, long inode) {}

    /**
     * Demands of O_DIRECT; both are 0 when this file does not support it.
     *
     * @param memoryBytes alignment of buffer addresses
     * @param offsetBytes alignment of offsets and lengths
     */
    public record DirectIoAlignment(int memoryBytes, int offsetBytes) {
        public boolean supported() {
            return memoryBytes > 0 && offsetBytes > 0;
        }
    }
}
