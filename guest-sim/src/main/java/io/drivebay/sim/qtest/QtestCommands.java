package io.drivebay.sim.qtest;

import io.drivebay.sim.pc.Board;
import java.io.IOException;

/** The commands of qtest, one line each; those that are used most come first. */
final class QtestCommands {
    /** Carries a command out and replies to it, unless its words turned out to be at fault. */
    @FunctionalInterface
    private interface Handler {
        void run(QtestCommands commands, Words words, Replies replies) throws IOException;
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
    private static final Command[] COMMANDS = {
        new Command("inb",    (c, words, replies) -> c.in(1, words, replies)),
        new Command("outb",   (c, words, replies) -> c.out(1, words, replies)),
        new Command("inw",    (c, words, replies) -> c.in(2, words, replies)),
        new Command("outw",   (c, words, replies) -> c.out(2, words, replies)),
        new Command("inl",    (c, words, replies) -> c.in(4, words, replies)),
        new Command("outl",   (c, words, replies) -> c.out(4, words, replies)),
        new Command("readb",  (c, words, replies) -> c.read(1, words, replies)),
        new Command("readw",  (c, words, replies) -> c.read(2, words, replies)),
        new Command("readl",  (c, words, replies) -> c.read(4, words, replies)),
        new Command("readq",  (c, words, replies) -> c.read(8, words, replies)),
        new Command("writeb", (c, words, replies) -> c.write(1, words, replies)),
        new Command("writew", (c, words, replies) -> c.write(2, words, replies)),
        new Command("writel", (c, words, replies) -> c.write(4, words, replies)),
        new Command("writeq", (c, words, replies) -> c.write(8, words, replies)),
        new Command("read",      (c, words, replies) -> c.blocks.read(words, replies)),
        new Command("write",     (c, words, replies) -> c.blocks.write(words, replies)),
        new Command("memset",    (c, words, replies) -> c.blocks.fill(words, replies)),
        new Command("b64read",   (c, words, replies) -> c.blocks.readBase64(words, replies)),
        new Command("b64write",  (c, words, replies) -> c.blocks.writeBase64(words, replies)),
        new Command("clock_step", QtestCommands::clockStep),
        new Command("clock_set",  QtestCommands::clockSet),
        new Command("irq_intercept_in",  (c, words, replies) -> c.intercept(true, words, replies)),
        new Command("irq_intercept_out", (c, words, replies) -> c.intercept(false, words, replies)),
        new Command("endianness",        (c, words, replies) -> replies.okText("little")),
    };
    // spotless:on

    private static final int LAST_PORT = 0xffff;
    private static final String NO_PORT = "a port is 0 to 0xffff";

    private final Board machine;
    private final MachineClock clock;
    private final Interception interception;
    private final MemoryBlocks blocks;

    QtestCommands(final Board machine, final MachineClock clock, final Interception interception) {
        this.machine = machine;
        this.clock = clock;
        this.interception = interception;
        this.blocks = new MemoryBlocks(machine);
    }

    /** Carries a line out and replies to it. */
    void run(final Words words, final Replies replies) throws IOException {
        words.next();
        for (final Command command : COMMANDS) {
            if (words.is(command.name)) {
                command.handler.run(this, words, replies);
                if (words.fault() != null) {
                    replies.fail(words.fault());
                }
                return;
            }
        }
        replies.fail("Unknown command '" + words.shown() + "'");
    }

    private void in(final int widthBytes, final Words words, final Replies replies) throws IOException {
        final int port = (int) words.number(0, LAST_PORT, NO_PORT);
        if (words.good()) {
            replies.okPort(machine.in(port, widthBytes));
        }
    }

    private void out(final int widthBytes, final Words words, final Replies replies) throws IOException {
        final int port = (int) words.number(0, LAST_PORT, NO_PORT);
        final int value = (int) words.number();
        if (words.good()) {
            machine.out(port, widthBytes, value);
            replies.ok();
        }
    }

    private void read(final int widthBytes, final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        if (words.good()) {
            replies.okMemory(machine.readMemory(address, widthBytes));
        }
    }

    private void write(final int widthBytes, final Words words, final Replies replies) throws IOException {
        final long address = words.number();
        final long value = words.number();
        if (words.good()) {
            machine.writeMemory(address, widthBytes, value);
            replies.ok();
        }
    }

    private void clockStep(final Words words, final Replies replies) throws IOException {
        if (!words.next()) {
            replies.okDecimal(clock.stepToDeadline());
            return;
        }
        final long nanoseconds = words.present(0, Long.MAX_VALUE, "a step is 0 to 0x7fffffffffffffff ns");
        if (words.good()) {
            replies.okDecimal(clock.stepBy(nanoseconds));
        }
    }

    private void clockSet(final Words words, final Replies replies) throws IOException {
        final long nanoseconds = words.number(0, Long.MAX_VALUE, "a time is 0 to 0x7fffffffffffffff ns");
        if (words.good()) {
            replies.okDecimal(clock.set(nanoseconds));
        }
    }

    private void intercept(final boolean inputs, final Words words, final Replies replies) throws IOException {
        if (!words.next()) {
            words.fail("an argument is missing");
        } else if (interception.begin(words, inputs)) {
            replies.ok();
        } else {
            words.fail("Unknown device");
        }
    }
}
