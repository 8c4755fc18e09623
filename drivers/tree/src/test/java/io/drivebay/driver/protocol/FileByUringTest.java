package io.drivebay.driver.protocol;

import io.drivebay.driver.Disk;
import io.drivebay.posix.PortOptions.Engine;
import java.io.IOException;
import java.util.Map;

/** A file in the page cache, by io_uring. */
class FileByUringTest extends FileContract {
    @Override
    protected Disk newDisk() {
        return diskOn(Engine.IO_URING);
    }

    @Override
    protected Map<String, Object> options() throws IOException {
        return options("io_uring", false);
    }
}
