package io.drivebay.driver.protocol;

import io.drivebay.driver.Disk;
import io.drivebay.posix.PortOptions.Engine;
import java.io.IOException;
import java.util.Map;

/** A file in the page cache, by the threads of a port that has nothing else. */
class FileByThreadsTest extends FileContract {
    @Override
    protected Disk newDisk() {
        return diskOn(Engine.THREADS);
    }

    @Override
    protected Map<String, Object> options() throws IOException {
        return options("threads", false);
    }
}
