package io.drivebay.perf.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Servers of NBD that come up in the background, on a Unix socket and with their process's id in a file. */
final class NbdServers {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path jar;

    NbdServers(final Path jar) {
        this.jar = jar;
    }

    /** A server that runs until closed. */
    static final class Running implements AutoCloseable {
        private final Path folder;

        private Running(final Path folder) {
            this.folder = folder;
        }

        Path socket() {
            return folder.resolve("s");
        }

        ProcessHandle process() throws IOException {
            final long pid =
                    Long.parseLong(Files.readString(folder.resolve("pid")).trim());
            return ProcessHandle.of(pid).orElseThrow(() -> new IOException("the server has gone"));
        }

        @Override
        public void close() throws IOException {
            final ProcessHandle process = process();
            process.destroy();
            try {
                process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
            } catch (final CompletionException e) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder.resolve("pid"));
            Files.delete(folder);
        }
    }

    private static Running start(final List<String> command) throws IOException {
        final Path folder = Files.createTempDirectory("nbd");
        final List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.replace("@", folder.toString())));
        Tool.run(words);
        return new Running(folder);
    }

    /** {@code drivebay daemon} with disks that do nothing: d0, d1 and so on. */
    Running drivebay(final int devices) throws IOException {
        final List<String> command = new ArrayList<>(List.of(JAVA, "-jar", jar.toString(), "daemon"));
        command.addAll(daemonOptions(devices));
        return start(command);
    }

    /** {@code qemu-storage-daemon} with the same. */
    static Running storageDaemon(final int devices) throws IOException {
        final List<String> command = new ArrayList<>(List.of("qemu-storage-daemon"));
        command.addAll(daemonOptions(devices));
        return start(command);
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

    static Running qemuNbd() throws IOException {
        return start(List.of(
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

    static Running nbdkit() throws IOException {
        return start(List.of("nbdkit", "--pidfile", "@/pid", "--unix", "@/s", "null", "1G"));
    }
}
