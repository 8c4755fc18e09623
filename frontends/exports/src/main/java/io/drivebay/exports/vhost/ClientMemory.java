package io.drivebay.exports.vhost;

import io.drivebay.posix.PassedMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;

/**
 * Memory of a client, taken only when nobody can cut it off any more: a JVM does not survive every access to memory
 * that is gone.
 */
final class ClientMemory {
    private ClientMemory() {}

    /**
     * Maps a range and takes the file over.
     *
     * @throws ProtocolException when the file could be shortened while it is in use
     * @throws PosixException when it does not hold the range, or it cannot be mapped
     */
    static PassedMemory map(final PosixFile file, final long offsetBytes, final long lengthBytes)
            throws ProtocolException, PosixException {
        final PassedMemory memory = PassedMemory.map(file, offsetBytes, lengthBytes);
        if (!memory.sealed()) {
            memory.close();
            throw new ProtocolException("memory that can be cut off while it is in use: share a memfd that can be"
                    + " sealed (MFD_ALLOW_SEALING), as QEMU's memory-backend-memfd does");
        }
        return memory;
    }
}
