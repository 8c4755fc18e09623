package io.drivebay.perf.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers of NBD that come up in the background, on a Unix socket and with their process's id in a file. */
final class NbdServers {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path jar;

    NbdServers(final Path jar) {
        this.jar = jar;
    }

    /** {@code drivebay daemon} with disks that do nothing: d0, d1 and so on. */
    RunningServer drivebay(final int devices) throws IOException {
        final List<String> command = new ArrayList<>(List.of(JAVA, "-jar", jar.toString(), "daemon"));
        command.addAll(daemonOptions(devices));
        return RunningServer.start(command);
    }

    /** {@code qemu-storage-daemon} with the same. */
    static RunningServer storageDaemon(final int devices) throws IOException {
        final List<String> command = new ArrayList<>(List.of("qemu-storage-daemon"));
        command.addAll(daemonOptions(devices));
        return RunningServer.start(command);
    }

    private static List<String> daemonOptions(final int devices) {
        final List<String> options = new ArrayList<>(
                List.of("--daemonize", "--pidfile", "@/pid", "--nbd-server", "addr.type=unix,addr.path=@/s"));
        for (int i = 0; i < devices; i++) {
            options.addAll(List.of(
                    "--blockdev",
                    "driver=null-co,size=1073741824,read-zeroes=off,node-name=d" + i,
                    "--export",
                    "type=nbd,id=e" + i + ",node-name=d" + i));
        }
        return options;
    }

    static RunningServer qemuNbd() throws IOException {
        return RunningServer.start(List.of(
                "qemu-nbd",
                "--fork",
                "--persistent",
                "--shared=0",
                "--pid-file=@/pid",
                "--socket=@/s",
                "--export-name=d0",
                "--image-opts",
                "driver=null-co,size=1G,read-zeroes=off"));
    }

    static RunningServer nbdkit() throws IOException {
        return RunningServer.start(List.of("nbdkit", "--pidfile", "@/pid", "--unix", "@/s", "null", "1G"));
    }
}
