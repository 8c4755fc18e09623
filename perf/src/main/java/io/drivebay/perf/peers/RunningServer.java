package io.drivebay.perf.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A server in the background, until closed: on a Unix socket, with its process's id in a file, both in a folder of its
 * own.
 */
final class RunningServer implements AutoCloseable {
    private static final double TICKS_PER_S = 100;

    private final Path folder;

    private RunningServer(final Path folder) {
        this.folder = folder;
    }

    /**
     * Starts one.
     *
     * @param command what ends once the server runs; {@code @/s} in it stands for the socket, {@code @/pid} for the file
     */
    static RunningServer start(final List<String> command) throws IOException {
        final Path folder = Files.createTempDirectory("peer");
        final List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.replace("@", folder.toString())));
        Tool.run(words);
        return new RunningServer(folder);
    }

    Path socket() {
        return folder.resolve("s");
    }

    long pid() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("pid")).trim());
    }

    /** Processor time that it has used, in seconds. */
    double processorSeconds() throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_S;
    }

    /** Memory that it holds, in MiB. */
    double mebibytes() throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("process " + pid() + " has gone");
    }

    @Override
    public void close() throws IOException {
        final ProcessHandle process = ProcessHandle.of(pid()).orElseThrow(() -> new IOException("the server has gone"));
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
