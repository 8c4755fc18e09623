package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct sockaddr_un}.
 *
 * <pre>
 * 0 family (2)   2 path, zero closed (108)
 * </pre>
 */
final class SocketAddressDescriptor {
    static final int AF_UNIX = 1;

    private static final int PATH = 2;
    private static final int PATH_BYTES = 108;

    private SocketAddressDescriptor() {}

    /** Lays an address out at index 0, which is zeroed; returns its length. */
    static int encode(final MemoryRegion target, final String path) throws PosixException {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length >= PATH_BYTES || path.indexOf('\0') >= 0) {
            throw new PosixException(
                    Errno.EINVAL.number(),
                    "use as a socket's path",
                    "'" + path.replace("\0", "\\0") + "'",
                    "It takes 1 to " + (PATH_BYTES - 1) + " bytes, none of them zero");
        }
        target.putShort(0, (short) AF_UNIX);
        target.putBytes(PATH, bytes, 0, bytes.length);
        return PATH + bytes.length + 1;
    }
}
