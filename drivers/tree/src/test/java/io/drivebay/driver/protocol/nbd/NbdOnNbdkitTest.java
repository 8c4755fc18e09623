package io.drivebay.driver.protocol.nbd;

import java.io.IOException;
import java.nio.file.Path;

/** The driver contract on a disk that nbdkit serves. */
final class NbdOnNbdkitTest extends NbdPeerContract {
    @Override
    NbdPeer start(final Path inFolder) throws IOException {
        return NbdPeer.nbdkit(inFolder, "memory", Integer.toString(SIZE));
    }
}
