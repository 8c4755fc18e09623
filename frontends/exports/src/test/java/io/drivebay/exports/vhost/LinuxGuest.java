package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Linux kernel that runs as a process, and a shell on its console. */
final class LinuxGuest implements AutoCloseable {
    /** What the guest prints when the shell is there. */
    private static final String READY = "the-guest-is-2-ready";

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);

    private final Process process;
    private final StringBuilder console = new StringBuilder();
    private int commands;

    private LinuxGuest(final Process process) {
        this.process = process;
        final Thread reader = new Thread(() -> read(process.getInputStream()), "console");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one and waits for its shell. */
    static LinuxGuest start(final List<String> command) throws IOException {
        final LinuxGuest guest = new LinuxGuest(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        try {
            guest.await(READY, 0);
            return guest;
        } catch (final AssertionError e) {
            guest.close();
            throw e;
        }
    }

    private void read(final InputStream from) {
        final byte[] bytes = new byte[4096];
        try {
            for (int got = from.read(bytes); got >= 0; got = from.read(bytes)) {
                synchronized (console) {
                    console.append(new String(bytes, 0, got, StandardCharsets.US_ASCII));
                    console.notifyAll();
                }
            }
        } catch (final IOException e) {
            // the guest is gone; whoever waits for it says so
        }
    }

    /** Waits for a text on the console, from a place on; returns where it begins. */
    int await(final String text, final int from) {
        final long endNs = System.nanoTime() + PATIENCE_NS;
        synchronized (console) {
            for (int at = console.indexOf(text, from); ; at = console.indexOf(text, from)) {
                final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                if (at >= 0) {
                    return at;
                }
                if (leftMs <= 0 || !process.isAlive()) {
                    throw new AssertionError("no '" + text + "' on the console:\n" + console);
                }
                try {
                    console.wait(Math.min(leftMs, 1000));
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }

    /** Begins a command; {@link #finish} waits for it. */
    int begin(final String command) throws IOException {
        commands++;
        final int from;
        synchronized (console) {
            from = console.length();
        }
        final String line = command + "; echo end-$((" + commands + " + 1000))-$?-\n";
        process.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        return from;
    }

    /** Waits for the command that was begun last, which must succeed; the last line that it printed. */
    String finish(final int from) {
        final String mark = "end-" + (commands + 1000) + "-";
        final int at = await(mark, from);
        final int end = await("-", at + mark.length());
        synchronized (console) {
            assertEquals("0", console.substring(at + mark.length(), end), () -> "failed:\n" + console);
            final String output = console.substring(from, at).replace("\r", "").trim();
            return output.substring(output.lastIndexOf('\n') + 1);
        }
    }

    /** Runs a command, which must succeed; the last line that it printed. */
    String run(final String command) throws IOException {
        return finish(begin(command));
    }

    /** Waits until a command succeeds. */
    void until(final String command) throws IOException {
        run("until " + command + "; do sleep 0.1; done");
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
