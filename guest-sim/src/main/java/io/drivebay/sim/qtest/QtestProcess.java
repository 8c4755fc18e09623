package io.drivebay.sim.qtest;

import io.drivebay.backend.context.SystemClock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A machine in a process of its own, started as QEMU's qtest clients start it, and a client that drives it. */
public final class QtestProcess implements AutoCloseable {
    private static final long END_TIMEOUT_S = 20;

    private final Process process;
    private final QtestClient client;

    private QtestProcess(final Process process, final QtestClient client) {
        this.process = process;
        this.client = client;
    }

    /**
     * Starts a machine and waits until it connects.
     *
     * @param folder for its socket; the path must be short
     * @param command the program and its arguments, to which those for qtest are added
     * @throws IOException when it cannot be started, or ends before it connects; with what it said
     */
    public static QtestProcess start(final Path folder, final List<String> command) throws IOException {
        final Path path = folder.resolve("qtest.sock");
        Files.deleteIfExists(path);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            final List<String> all = new ArrayList<>(command);
            all.addAll(List.of("-qtest", "unix:" + path, "-qtest-log", "/dev/null"));
            final Path said = folder.resolve("machine.log");
            final Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            final CompletableFuture<Void> end = process.onExit().thenRun(() -> closeQuietly(server));
            try {
                final QtestClient client = new QtestClient(server.accept(), SystemClock.INSTANCE);
                end.cancel(false);
                return new QtestProcess(process, client);
            } catch (final IOException e) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not connect: " + Files.readString(said), e);
            }
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private static void closeQuietly(final ServerSocketChannel server) {
        try {
            server.close();
        } catch (final IOException e) {
            return; // whoever waits on it finds out
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    public QtestClient client() {
        return client;
    }

    /** Tells the process to end, and waits for that; returns its exit code. */
    public int end() throws IOException, InterruptedException {
        client.close();
        process.destroy();
        if (!process.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
