package io.drivebay.driver.protocol.nbd;

import java.io.IOException;
import java.nio.file.Path;

/** The driver contract on a disk that qemu-nbd serves. */
final class NbdOnQemuNbdTest extends NbdPeerContract {
    @Override
    NbdPeer start(final Path inFolder) throws IOException {
        return NbdPeer.qemuNbd(inFolder, SIZE);
    }
}
