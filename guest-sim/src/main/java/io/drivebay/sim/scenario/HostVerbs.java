package io.drivebay.sim.scenario;

import io.drivebay.backend.graph.BlockedOperation;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** What the host does with a drive. */
final class HostVerbs {
    private static final String OK = "ok";
    private static final String FORCE = "force";

    private HostVerbs() {}

    static void addTo(final Consumer<Verb> table) {
        // spotless:off
        add(table, "open-tray",   "[force]",        (stage, line) -> stage.host(line).openTray(line.has(FORCE)));
        add(table, "close-tray",  "",               (stage, line) -> stage.host(line).closeTray());
        add(table, "remove",      "",               (stage, line) -> stage.host(line).removeMedium());
        add(table, "insert",      "MEDIUM",         (stage, line) -> stage.host(line).insertMedium(line.word(0)));
        add(table, "eject",       "[force]",        (stage, line) -> stage.host(line).eject(line.has(FORCE)));
        add(table, "change",      "MEDIUM [force]", (stage, line) -> stage.host(line).change(line.word(0), line.has(FORCE)));
        add(table, "drain",       "",               (stage, line) -> stage.host(line).drain());
        add(table, "undrain",     "",               (stage, line) -> stage.host(line).undrain());
        add(table, "block",       "OPERATION",      (stage, line) -> stage.host(line).block(operation(line.word(0))));
        add(table, "unblock",     "",               (stage, line) -> stage.host(line).unblock());
        add(table, "filter",      "KEY=VALUE...",   (stage, line) -> stage.host(line).filter(line.driverOptions(Set.of("on"))));
        add(table, "unfilter",    "",               (stage, line) -> stage.host(line).unfilter());
        add(table, "resize",      "BYTES",          (stage, line) -> stage.host(line).resize(Statement.number(line.word(0))));
        add(table, "delete-node", "NAME",           (stage, line) -> stage.host(line).deleteNode(line.word(0)));
        add(table, "destroy",     "MEDIUM",         HostVerbs::destroy);
        add(table, "refusal",     "",               (stage, line) -> stage.host(line).lastRefusal());
        // spotless:on
    }

    private static void add(
            final Consumer<Verb> table, final String name, final String usage, final Verb.Action action) {
        table.accept(new Verb("host " + name, usage, OK, action));
    }

    private static BlockedOperation operation(final String name) {
        for (final BlockedOperation operation : BlockedOperation.values()) {
            if (operation.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_'))) {
                return operation;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no operation that can be blocked");
    }

    private static String destroy(final Stage stage, final Statement line) {
        stage.machine().destroy(line.word(0));
        return OK;
    }
}
