package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.FileStatus.DirectIoAlignment;
import io.drivebay.posix.FileStatus.Identity;
import io.drivebay.posix.FileStatus.Kind;
import org.jspecify.annotations.Nullable;

/**
 * {@code struct statx}: 256 bytes.
 *
 * <pre>
 *   0 mask     4 blksize   8 attributes  16 nlink  20 uid   24 gid   28 mode(16)
 *  32 ino     40 size     48 blocks      56 attributes_mask
 *  64 atime   80 btime    96 ctime      112 mtime (16 bytes each)
 * 128 rdev major, minor  136 dev major, minor    144 mnt_id
 * 152 dio_mem_align      156 dio_offset_align    160 ...
 * </pre>
 */
final class StatxDescriptor {
    /** Basic fields and the alignment of direct I/O. */
    static final int WANTED = 0x07ff | 0x2000;

    private static final int DIRECT_IO_KNOWN = 0x2000;
    private static final int MASK = 0;
    private static final int BLOCK_SIZE = 4;
    private static final int MODE = 28;
    private static final int INODE = 32;
    private static final int SIZE = 40;
    private static final int BLOCKS = 48;
    private static final int DEVICE_NODE_MAJOR = 128;
    private static final int FILE_SYSTEM_MAJOR = 136;
    private static final int DIRECT_MEMORY_ALIGN = 152;
    private static final int DIRECT_OFFSET_ALIGN = 156;

    private static final int MODE_KIND = 0xf000;
    private static final int MODE_PERMISSIONS = 0x0fff;
    /** The unit of the blocks field, whatever the block size of the file system. */
    private static final int BLOCK_UNIT_BYTES = 512;

    private StatxDescriptor() {}

    static FileStatus decode(final MemoryRegion statx) {
        final int mode = statx.getShort(MODE) & 0xffff;
        return new FileStatus(
                kind(mode & MODE_KIND),
                mode & MODE_PERMISSIONS,
                statx.getLong(SIZE),
                statx.getLong(BLOCKS) * BLOCK_UNIT_BYTES,
                statx.getInt(BLOCK_SIZE),
                new Identity(deviceAt(statx, FILE_SYSTEM_MAJOR), statx.getLong(INODE)),
                deviceAt(statx, DEVICE_NODE_MAJOR),
                directIo(statx));
    }

    private static long deviceAt(final MemoryRegion statx, final int majorOffset) {
        return ((long) statx.getInt(majorOffset) << 32) | (statx.getInt(majorOffset + 4) & 0xffffffffL);
    }

    private static @Nullable DirectIoAlignment directIo(final MemoryRegion statx) {
        if ((statx.getInt(MASK) & DIRECT_IO_KNOWN) == 0) {
            return null;
        }
        return new DirectIoAlignment(statx.getInt(DIRECT_MEMORY_ALIGN), statx.getInt(DIRECT_OFFSET_ALIGN));
    }

    private static Kind kind(final int bits) {
        return switch (bits) {
            case 0x8000 -> Kind.REGULAR;
            case 0x4000 -> Kind.DIRECTORY;
            case 0x6000 -> Kind.BLOCK_DEVICE;
            case 0x2000 -> Kind.CHARACTER_DEVICE;
            default -> Kind.OTHER;
        };
    }
}
