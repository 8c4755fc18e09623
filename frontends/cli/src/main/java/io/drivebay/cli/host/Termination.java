package io.drivebay.cli.host;

import java.util.concurrent.CountDownLatch;

/**
 * A service's end: when it has nothing left to do, or when SIGTERM, SIGINT or SIGHUP asks for it. Then everything is
 * finished before the JVM goes, which is no failure.
 */
public final class Termination implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::endByHook, "drivebay-end");
    private volatile int exitCode = 1;

    private Termination() {}

    /** Listens to signals from now on, until closed. */
    public static Termination watch() {
        final Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Asks for the end. Any thread. */
    public void ask() {
        asked.countDown();
    }

    /** Waits until the end is asked for. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /** All has been finished as it should be. */
    public void finishedWell() {
        exitCode = 0;
    }

    private void endByHook() {
        asked.countDown();
        try {
            ended.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    /** Everything is closed: a JVM that was told to end may do so. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            return; // it is running
        }
    }
}
