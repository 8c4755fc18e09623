package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import io.drivebay.sim.pc.Board;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * One client that drives a machine by lines of text: each is carried out and answered before the next one is looked at,
 * and level changes of intercepted interrupts are told at once, before the answer to whatever command comes later.
 *
 * <p>Whatever a client sends is answered, with FAIL when it makes no sense. {@link #run} is for a thread of its own; one
 * session at a time for a machine.
 */
final class QtestSession implements Runnable {
    private final LineChannel channel;
    private final LineBuffer lines = new LineBuffer();
    private final Words words = new Words();
    private final LineEvents events = new LineEvents();
    private final Interception interception;
    private final QtestCommands commands;
    private final Replies replies;
    private final QtestLog log;

    QtestSession(
            final SocketChannel socket,
            final Board machine,
            final MachineClock machineClock,
            final Clock realTime,
            final QtestLog log)
            throws IOException {
        this.channel = new LineChannel(socket, realTime);
        this.interception = new Interception(machine.interrupts(), this::changed);
        this.commands = new QtestCommands(machine, machineClock, interception);
        this.replies = new Replies(channel, events, log);
        this.log = log;
    }

    private void changed(final int line, final boolean level) {
        events.add(line, level);
        channel.wake();
    }

    /** Serves until the client goes away, or {@link #stop}. */
    @Override
    public void run() {
        try (channel) {
            while (channel.receive(lines) && !events.overrun()) {
                answerAll();
            }
        } catch (final IOException e) {
            return; // a client that is gone
        } finally {
            interception.end();
        }
    }

    private void answerAll() throws IOException {
        while (lines.next()) {
            answer();
        }
        channel.awake();
        replies.events();
        replies.flush();
    }

    private void answer() throws IOException {
        if (lines.tooLong()) {
            replies.fail("a line is at most " + LineBuffer.MAX_LINE + " bytes long");
            return;
        }
        log.received(lines.bytes(), lines.lineStart(), lines.lineEnd());
        words.begin(lines.bytes(), lines.lineStart(), lines.lineEnd());
        commands.run(words, replies);
    }

    /** Ends the session. Any thread. */
    void stop() {
        channel.stop();
    }
}
