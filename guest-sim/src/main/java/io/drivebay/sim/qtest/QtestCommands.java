package io.drivebay.sim.qtest;

import io.drivebay.sim.pc.Board;
import org.jspecify.annotations.Nullable;

/**
 * The commands of qtest, one line each; those that are used most come first. A command is carried out when its line comes,
 * and answered a turn later, when what it set off has happened as far as that needs no waiting.
 */
final class QtestCommands {
    /** What comes of a command. */
    @FunctionalInterface
    private interface Outcome {
        /** Replies, or goes on with a reply or with what comes before it; true when that was all. */
        boolean tell(QtestCommands commands, Replies replies);
    }

    /** Carries a command out, unless its words turn out to be at fault. */
    @FunctionalInterface
    private interface Handler {
        Outcome run(QtestCommands commands, Words words);
    }

    private static final class Command {
        private final byte[] name;
        private final Handler handler;

        Command(final String name, final Handler handler) {
            this.name = Replies.ascii(name);
            this.handler = handler;
        }
    }

    // spotless:off
    private static final Outcome DONE =    (c, replies) -> { replies.ok(); return true; };
    private static final Outcome LITTLE =  (c, replies) -> { replies.okText("little"); return true; };
    private static final Outcome FAILED =  (c, replies) -> { replies.fail(c.fault); return true; };
    private static final Outcome PORT =    (c, replies) -> { replies.okPort((int) c.value); return true; };
    private static final Outcome MEMORY =  (c, replies) -> { replies.okMemory(c.value); return true; };
    private static final Outcome HEX =     (c, replies) -> c.blocks.readHex(replies);
    private static final Outcome BASE64 =  (c, replies) -> c.blocks.readBase64(replies);
    private static final Outcome FILLING = (c, replies) -> c.blocks.fill() && DONE.tell(c, replies);
    private static final Outcome TIME =    QtestCommands::time;

    private static final Command[] COMMANDS = {
        new Command("inb",    (c, words) -> c.in(1, words)),
        new Command("outb",   (c, words) -> c.out(1, words)),
        new Command("inw",    (c, words) -> c.in(2, words)),
        new Command("outw",   (c, words) -> c.out(2, words)),
        new Command("inl",    (c, words) -> c.in(4, words)),
        new Command("outl",   (c, words) -> c.out(4, words)),
        new Command("readb",  (c, words) -> c.read(1, words)),
        new Command("readw",  (c, words) -> c.read(2, words)),
        new Command("readl",  (c, words) -> c.read(4, words)),
        new Command("readq",  (c, words) -> c.read(8, words)),
        new Command("writeb", (c, words) -> c.write(1, words)),
        new Command("writew", (c, words) -> c.write(2, words)),
        new Command("writel", (c, words) -> c.write(4, words)),
        new Command("writeq", (c, words) -> c.write(8, words)),
        new Command("read",      (c, words) -> { c.blocks.beginRead(words); return HEX; }),
        new Command("write",     (c, words) -> { c.blocks.writeHex(words); return FILLING; }),
        new Command("memset",    (c, words) -> { c.blocks.beginFill(words); return FILLING; }),
        new Command("b64read",   (c, words) -> { c.blocks.beginRead(words); return BASE64; }),
        new Command("b64write",  (c, words) -> { c.blocks.writeBase64(words); return DONE; }),
        new Command("clock_step", QtestCommands::clockStep),
        new Command("clock_set",  QtestCommands::clockSet),
        new Command("irq_intercept_in",  (c, words) -> c.intercept(true, words)),
        new Command("irq_intercept_out", (c, words) -> c.intercept(false, words)),
        new Command("endianness",        (c, words) -> LITTLE),
    };
    // spotless:on

    private static final int LAST_PORT = 0xffff;
    private static final String NO_PORT = "a port is 0 to 0xffff";

    private final Board machine;
    private final MachineClock clock;
    private final Interception interception;
    private final MemoryBlocks blocks;
    private @Nullable Outcome outcome;
    private long value;
    private String fault = "";

    QtestCommands(final Board machine, final MachineClock clock, final Interception interception) {
        this.machine = machine;
        this.clock = clock;
        this.interception = interception;
        this.blocks = new MemoryBlocks(machine);
    }

    /** Carries a line out, or begins to. What comes of it is for {@link #answer} to tell, a turn later. */
    void run(final Words words) {
        words.next();
        @Nullable Outcome next = null;
        for (final Command command : COMMANDS) {
            if (words.is(command.name)) {
                next = command.handler.run(this, words);
                break;
            }
        }
        if (next == null) {
            words.fail("Unknown command '" + words.shown() + "'");
        }
        final String wrong = words.fault();
        if (wrong != null) {
            fail(wrong);
        } else {
            outcome = next;
        }
    }

    /** Answers a line that is no command. */
    void fail(final String why) {
        fault = why;
        outcome = FAILED;
    }

    /** True while the last line has not been answered. */
    boolean unanswered() {
        return outcome != null;
    }

    /** Answers the last line, or goes on with that. */
    void answer(final Replies replies) {
        if (outcome != null && outcome.tell(this, replies)) {
            outcome = null;
        }
    }

    private Outcome in(final int widthBytes, final Words words) {
        final int port = (int) words.number(0, LAST_PORT, NO_PORT);
        if (words.good()) {
            value = machine.in(port, widthBytes);
        }
        return PORT;
    }

    private Outcome out(final int widthBytes, final Words words) {
        final int port = (int) words.number(0, LAST_PORT, NO_PORT);
        final int written = (int) words.number();
        if (words.good()) {
            machine.out(port, widthBytes, written);
        }
        return DONE;
    }

    private Outcome read(final int widthBytes, final Words words) {
        final long address = words.number();
        if (words.good()) {
            value = machine.readMemory(address, widthBytes);
        }
        return MEMORY;
    }

    private Outcome write(final int widthBytes, final Words words) {
        final long address = words.number();
        final long written = words.number();
        if (words.good()) {
            machine.writeMemory(address, widthBytes, written);
        }
        return DONE;
    }

    private Outcome clockStep(final Words words) {
        if (!words.next()) {
            clock.beginToDeadline();
            return TIME;
        }
        final long nanoseconds = words.present(0, Long.MAX_VALUE, "a step is 0 to 0x7fffffffffffffff ns");
        if (words.good()) {
            clock.beginBy(nanoseconds);
        }
        return TIME;
    }

    private Outcome clockSet(final Words words) {
        final long nanoseconds = words.number(0, Long.MAX_VALUE, "a time is 0 to 0x7fffffffffffffff ns");
        if (words.good()) {
            clock.beginTo(nanoseconds);
        }
        return TIME;
    }

    private boolean time(final Replies replies) {
        final boolean arrived = clock.arrived();
        if (arrived) {
            replies.okDecimal(clock.nowNs());
        }
        return arrived;
    }

    private Outcome intercept(final boolean inputs, final Words words) {
        if (!words.next()) {
            words.fail("an argument is missing");
        } else if (!interception.begin(words, inputs)) {
            words.fail("Unknown device");
        }
        return DONE;
    }
}
