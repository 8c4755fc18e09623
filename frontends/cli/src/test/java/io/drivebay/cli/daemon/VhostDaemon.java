package io.drivebay.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.drivebay.cli.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code drivebay daemon} with vhost-user-blk exports, in a process of its own. */
final class VhostDaemon {
    private final Path folder;
    private final Process process;

    private VhostDaemon(final Path folder, final Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Has it serve a number of disks in memory, of 16 MiB each. */
    static VhostDaemon serve(final Path folder, final int exports) throws IOException {
        final List<String> options = new ArrayList<>(List.of("--object", "iothread,id=io"));
        for (int i = 0; i < exports; i++) {
            options.addAll(List.of(
                    "--blockdev",
                    "memory,size=16M,discard=unmap,node-name=disk" + i,
                    "--export",
                    "type=vhost-user-blk,id=export" + i + ",node-name=disk" + i
                            + ",writable=on,num-queues=4,iothread=io,addr.type=unix,addr.path=" + socket(folder, i)));
        }
        return start(folder, options);
    }

    /** Starts it and waits until it serves. */
    static VhostDaemon start(final Path folder, final List<String> options) throws IOException {
        final Path pid = folder.resolve("pid");
        final List<String> line = new ArrayList<>(List.of("daemon", "--pidfile", pid.toString()));
        line.addAll(options);
        final Process process = ServiceProcess.start(line.toArray(new String[0]));
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            try {
                assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS), "it ended by itself");
            } catch (final InterruptedException e) {
                throw new IOException(e);
            }
        }
        return new VhostDaemon(folder, process);
    }

    private static Path socket(final Path folder, final int export) {
        return folder.resolve("s" + export);
    }

    Path socket(final int export) {
        return socket(folder, export);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Asks it to end by SIGTERM, which has to succeed; what it said. */
    String end() throws IOException, InterruptedException {
        process.toHandle().destroy(); // Process.destroy would close what it says
        final String said = ServiceProcess.output(process);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
