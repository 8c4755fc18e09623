package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.sim.pc.Board;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that drives a machine by lines of text: each is carried out and answered before the next one is looked at,
 * and level changes of intercepted interrupts are told at once, before the answer to whatever command comes later.
 *
 * <p>A session runs in the machine's own context: what a command sets off and what completes by itself happens in the
 * same thread, before the reply. While commands come it looks for the next one in every turn of the context; when none has
 * come for a while it has its channel watched, and lets the context sleep. It never blocks, and never does more in a turn than
 * one line or a piece of one.
 *
 * <p>Whatever a client sends is answered, with FAIL when it makes no sense. One session at a time for a machine.
 */
final class QtestSession extends ReadySource {
    /** Has a session woken when its channel is ready. The context's thread. */
    interface Watch {
        /** Calls {@link QtestSession#wake} once there is something to read, or room to write. */
        void begin(boolean toRead);

        /** The session has ended. */
        void end();
    }

    private static final Logger LOG = LoggerFactory.getLogger(QtestSession.class);

    /** Hardly a microsecond or two: the client may want this very processor, and often does where there are few. */
    private static final int LOOKS_BEFORE_YIELD = 4;

    private final ByteChannel channel;
    private final MachineClock machineClock;
    private final Clock realTime;
    private final Patience patience = new Patience();
    private final ByteBuffer in = ByteBuffer.allocateDirect(SendBuffer.ROOM);
    private final SendBuffer out = new SendBuffer();
    private final LineBuffer lines = new LineBuffer();
    private final Words words = new Words();
    private final LineEvents events = new LineEvents();
    private final Interception interception;
    private final QtestCommands commands;
    private final Replies replies;
    private final QtestLog log;
    private volatile @Nullable Watch watch;
    private boolean dormant;
    private int looks;
    private volatile boolean woken;
    private volatile boolean ended;

    /**
     * A session on a channel that does not block.
     *
     * @param realTime by which it decides how long to look for the next command
     */
    QtestSession(
            final ByteChannel channel,
            final Board machine,
            final MachineClock machineClock,
            final Clock realTime,
            final QtestLog log) {
        this.channel = channel;
        this.machineClock = machineClock;
        this.realTime = realTime;
        this.interception = new Interception(machine.interrupts(), this::changed);
        this.commands = new QtestCommands(machine, machineClock, interception);
        this.replies = new Replies(out, events, log);
        this.log = log;
    }

    /** Begins, with somebody who watches the channel while nothing comes. Any thread, once. */
    void begin(final Watch watching) {
        watch = watching;
        wake();
    }

    private void changed(final int line, final boolean level) {
        events.add(line, level);
        wake();
    }

    /** There may be something to do. Any thread. */
    void wake() {
        woken = true;
        machineClock.context().ready(this);
    }

    boolean ended() {
        return ended;
    }

    /** Lets go of the machine and closes the channel. The context's thread. */
    void end() {
        ended = true;
        interception.end();
        try {
            channel.close();
        } catch (final IOException e) {
            LOG.debug("closing a client's channel", e);
        }
        final Watch watching = watch;
        if (watching != null) {
            watching.end();
        }
    }

    @Override
    protected boolean hasWork() {
        return !ended && (woken || !dormant);
    }

    /* One is what a context takes for a reason to go on turning. */
    @Override
    protected int run() {
        if (!hasWork()) {
            return 0;
        }
        woken = false;
        try {
            if (!step()) {
                return rest(realTime.nanoTime()) ? 0 : 1;
            }
            patience.progress(realTime.nanoTime(), dormant);
            dormant = false;
        } catch (final IOException e) {
            end(); // a client that is gone
        } catch (final RuntimeException e) {
            end(); // rather than let a client wait for ever
            throw e;
        }
        return 1;
    }

    /* True when nothing has come for long enough, and the channel is watched. Until then others get their turns. */
    @SuppressWarnings("ThreadPriorityCheck")
    private boolean rest(final long nowNs) {
        if (!dormant && patience.lasts(nowNs)) {
            if (++looks % LOOKS_BEFORE_YIELD == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
            return false;
        }
        dormant = true;
        final Watch watching = watch;
        if (watching != null) {
            watching.begin(out.isEmpty());
        }
        return true;
    }

    /** Does a turn's share; true when there was something to do. */
    private boolean step() throws IOException {
        if (!out.hasRoom()) {
            return out.sendTo(channel);
        }
        if (commands.unanswered()) {
            commands.answer(replies);
            if (commands.unanswered()) {
                out.sendTo(channel);
                return true;
            }
        }
        if (lines.next()) {
            begin();
            return true;
        }
        final boolean told = tell();
        return receive() || told;
    }

    private boolean tell() throws IOException {
        if (events.overrun()) {
            throw new IOException("a client that does not hear of its interrupts");
        }
        replies.events();
        return out.sendTo(channel);
    }

    private boolean receive() throws IOException {
        in.clear();
        final int count = channel.read(in);
        if (count < 0) {
            return endOfInput();
        }
        lines.add(in.flip());
        if (lines.next()) {
            begin();
        }
        return count > 0;
    }

    /* Who has nothing more to say may still want to hear. */
    private boolean endOfInput() throws IOException {
        if (out.isEmpty()) {
            throw new IOException("the end");
        }
        return false;
    }

    private void begin() {
        if (lines.tooLong()) {
            commands.fail("a line is at most " + LineBuffer.MAX_LINE + " bytes long");
            return;
        }
        log.received(lines.bytes(), lines.lineStart(), lines.lineEnd());
        words.begin(lines.bytes(), lines.lineStart(), lines.lineEnd());
        commands.run(words);
    }
}
