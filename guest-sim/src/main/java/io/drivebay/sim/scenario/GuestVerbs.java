package io.drivebay.sim.scenario;

import io.drivebay.sim.kit.Way;
import java.util.Locale;
import java.util.function.Consumer;

/** What the guest does with a drive. */
final class GuestVerbs {
    private static final String OK = "ok";
    private static final String STARTED = "started";
    private static final String PERSISTENT = "persistent";
    private static final int NO_LIMIT = 0xfffe;

    private GuestVerbs() {}

    static void addTo(final Consumer<Verb> table) {
        // spotless:off
        add(table, "ready",        "",                      (stage, line) -> stage.cd(line).ready());
        add(table, "test",         "",                      (stage, line) -> stage.cd(line).test());
        add(table, "sense",        "",                      (stage, line) -> stage.cd(line).sense());
        add(table, "event",        "",                      (stage, line) -> stage.cd(line).event());
        add(table, "eject",        "",                      (stage, line) -> stage.cd(line).eject());
        add(table, "load",         "",                      (stage, line) -> stage.cd(line).load());
        add(table, "prevent",      "[persistent]",          (stage, line) -> stage.cd(line).prevent(line.has(PERSISTENT)));
        add(table, "allow",        "[persistent]",          (stage, line) -> stage.cd(line).allow(line.has(PERSISTENT)));
        add(table, "capacity",     "",                      (stage, line) -> stage.cd(line).capacity());
        add(table, "profile",      "",                      (stage, line) -> stage.cd(line).profile());
        add(table, "packet",       "BYTE...",               (stage, line) -> stage.cd(line).packet(line.bytes()));
        add(table, "mode-select",  "BYTE...",               GuestVerbs::modeSelect);
        add(table, "poll",         "",                      (stage, line) -> stage.cd(line).poll());
        add(table, "open",         "",                      (stage, line) -> stage.cd(line).open());
        add(table, "close",        "",                      (stage, line) -> stage.cd(line).close());
        add(table, "piece",        "",                      (stage, line) -> stage.cd(line).piece());
        add(table, "stop-dma",     "",                      (stage, line) -> stage.cd(line).stopDma());
        add(table, "device-reset", "",                      (stage, line) -> stage.cd(line).deviceReset());
        add(table, "flush",        "",                      (stage, line) -> stage.disk(line).flush());
        add(table, "trim",         "SECTOR COUNT",          (stage, line) -> stage.disk(line).trim(line.number(0), line.number(1)));
        add(table, "verify",       "SECTOR COUNT",          (stage, line) -> stage.disk(line).verify(line.number(0), line.number(1)));
        add(table, "multiple",     "SECTORS",               (stage, line) -> stage.disk(line).setMultiple(line.number(0)));
        add(table, "identify",     "",                      (stage, line) -> stage.disk(line).identify());
        add(table, "write",        "SECTOR COUNT [WAY]",    (stage, line) -> stage.disk(line).write(line.number(0), line.number(1), way(line)));
        add(table, "read",         "BLOCK COUNT [WAY]",     GuestVerbs::read);
        add(table, "finish",       "",                      GuestVerbs::finish);
        add(table, "progress",     "",                      GuestVerbs::progress);
        add(table, "soft-reset",   "",                      GuestVerbs::softReset);
        start(table, "start-read",  "BLOCK COUNT [WAY] [limit=BYTES]", GuestVerbs::startRead);
        start(table, "start-flush", "",                     (stage, line) -> stage.disk(line).startFlush());
        start(table, "start-trim",  "SECTOR COUNT",         (stage, line) -> stage.disk(line).startTrim(line.number(0), line.number(1)));
        start(table, "start-write", "SECTOR COUNT [WAY]",   (stage, line) -> stage.disk(line).startWrite(line.number(0), line.number(1), way(line)));
        // spotless:on
    }

    private static void add(
            final Consumer<Verb> table, final String name, final String usage, final Verb.Action action) {
        table.accept(new Verb("guest " + name, usage, OK, action));
    }

    private static void start(
            final Consumer<Verb> table, final String name, final String usage, final Verb.Action action) {
        table.accept(new Verb("guest " + name, usage, STARTED, action));
    }

    private static Way way(final Statement line) {
        final String name = line.wordOrNull(2);
        if (name == null) {
            return Way.DMA;
        }
        for (final Way way : Way.values()) {
            if (way.name().toLowerCase(Locale.ROOT).equals(name)) {
                return way;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no way to move data: pio, multiple, dma, read12, raw");
    }

    private static String read(final Stage stage, final Statement line) {
        return stage.isDisk(line)
                ? stage.disk(line).read(line.number(0), line.number(1), way(line))
                : stage.cd(line).read(line.number(0), line.number(1), way(line));
    }

    private static String startRead(final Stage stage, final Statement line) {
        return stage.isDisk(line)
                ? stage.disk(line).start(line.number(0), line.number(1), way(line))
                : stage.cd(line).start(line.number(0), line.number(1), way(line), line.number("limit", NO_LIMIT));
    }

    private static String finish(final Stage stage, final Statement line) {
        return stage.isDisk(line) ? stage.disk(line).finish() : stage.cd(line).finish();
    }

    private static String progress(final Stage stage, final Statement line) {
        return stage.isDisk(line) ? stage.disk(line).progress() : stage.cd(line).progress();
    }

    private static String softReset(final Stage stage, final Statement line) {
        return stage.isDisk(line)
                ? stage.disk(line).softReset()
                : stage.cd(line).softReset();
    }

    private static String modeSelect(final Stage stage, final Statement line) {
        final int[] bytes = line.bytes();
        final byte[] page = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            page[i] = (byte) bytes[i];
        }
        return stage.cd(line).modeSelect(page);
    }
}
