package io.drivebay.driver.protocol;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.driver.Disk;
import java.io.IOException;
import java.util.Map;

/** A file by Java's own channels, in a context without file I/O. */
class FileByNioTest extends FileContract {
    @Override
    protected Disk newDisk() {
        return new Disk(SystemClock.INSTANCE, new ParkPort());
    }

    @Override
    protected Map<String, Object> options() throws IOException {
        return options("nio", false);
    }
}
