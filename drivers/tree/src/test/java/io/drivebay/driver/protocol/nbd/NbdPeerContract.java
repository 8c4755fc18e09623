package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.driver.Disk;
import io.drivebay.driver.DriverContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The driver contract on a disk that somebody else's server has. */
abstract class NbdPeerContract extends DriverContract {
    @TempDir
    private Path folder;

    private @Nullable NbdPeer peer;

    /** Starts a server with an empty disk of {@link #SIZE} bytes. */
    abstract NbdPeer start(Path inFolder) throws IOException;

    @Override
    protected Map<String, Object> options() throws IOException {
        final NbdPeer started = start(folder);
        peer = started;
        return started.options();
    }

    @Override
    protected Disk newDisk() {
        return new Disk(SystemClock.INSTANCE, new ParkPort());
    }

    @AfterEach
    void stop() throws IOException {
        final NbdPeer started = peer;
        if (started != null) {
            started.close();
        }
    }
}
