package io.drivebay.driver.protocol;

import io.drivebay.driver.Disk;
import io.drivebay.posix.PortOptions.Engine;
import java.io.IOException;
import java.util.Map;

/** A file with O_DIRECT, by io_uring. */
class FileByUringDirectTest extends FileContract {
    @Override
    protected Disk newDisk() {
        return diskOn(Engine.IO_URING);
    }

    @Override
    protected Map<String, Object> options() throws IOException {
        return options("io_uring", true);
    }
}
