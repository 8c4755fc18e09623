package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import io.drivebay.driver.DriverContract;
import io.drivebay.driver.Tools;
import io.drivebay.posix.PortOptions.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A block device with O_DIRECT: a loop device on a file of the test's own. Skipped where there are none. */
class HostDeviceTest extends DriverContract {
    @TempDir
    Path folder;

    private String device = "";

    @Override
    protected Disk newDisk() {
        return FileContract.diskOn(Engine.AUTO);
    }

    @Override
    protected Map<String, Object> options() throws IOException {
        device = loop("disk");
        return Map.of("driver", "host_device", "filename", device, "cache.direct", true);
    }

    private String loop(final String name, final String... flags) throws IOException {
        final String file = FileContract.sparse(folder, name, SIZE).toString();
        final String[] command = new String[4 + flags.length];
        command[0] = "losetup";
        System.arraycopy(flags, 0, command, 1, flags.length);
        command[1 + flags.length] = "--show";
        command[2 + flags.length] = "-f";
        command[3 + flags.length] = file;
        try {
            final Tools.Result result = Tools.run(command);
            Assumptions.assumeTrue(result.exitCode() == 0, "no loop device: " + result.output());
            return result.output().trim();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void detach() throws IOException, InterruptedException {
        disk.context.runUntilIdle();
        if (!device.isEmpty()) {
            Tools.run("losetup", "-d", device);
        }
    }

    @Test
    void aDeviceKeepsItsLength() {
        final BlockException refused =
                assertThrows(BlockException.class, () -> disk.root().driver().resize(4096));
        assertEquals(BlockException.Kind.NOT_SUPPORTED, refused.kind());
    }

    @Test
    void theFileDriverSendsPeopleHere() {
        final BlockException refused = assertThrows(
                BlockException.class,
                () -> disk.blockdevs.add(disk.context, Map.of("driver", "file", "filename", device)));
        assertTrue(String.valueOf(refused.getMessage()).contains("use driver host_device"), refused::getMessage);
    }

    @Test
    void aDeviceThatCannotBeWrittenOpensReadOnlyIfThatIsAllowed() throws Exception {
        final String readOnly = loop("fixed", "-r");
        try (Disk other = FileContract.diskOn(Engine.AUTO)) {
            final Map<String, Object> options = new HashMap<>(Map.of("driver", "host_device", "filename", readOnly));
            assertThrows(BlockException.class, () -> other.blockdevs.add(other.context, options));

            options.put("auto-read-only", true);
            assertTrue(other.open(options).readOnly());
            assertEquals(Status.READ_ONLY, other.write(0, new byte[512], 0).status());
        } finally {
            Tools.run("losetup", "-d", readOnly);
        }
    }
}
