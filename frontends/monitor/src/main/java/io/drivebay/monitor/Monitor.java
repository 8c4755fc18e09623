package io.drivebay.monitor;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.context.IoContext;
import io.drivebay.monitor.command.BlockCommands;
import io.drivebay.monitor.command.BlockQueries;
import io.drivebay.monitor.command.HumanCommands;
import io.drivebay.monitor.command.LatencyHistograms;
import io.drivebay.monitor.command.MediaCommands;
import io.drivebay.monitor.command.StatisticsQuery;
import io.drivebay.monitor.command.Throttles;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.EventStream;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.Output;
import io.drivebay.monitor.protocol.Session;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A monitor on a block layer: commands, events, and any number of clients. Commands of all clients take turns; each is
 * carried out in the thread that brings its bytes, which must not be a context's.
 *
 * <p>Knows no sockets: {@link #connect} gives a client that takes bytes. {@code MonitorServer} brings them.
 */
public final class Monitor implements AutoCloseable {
    /** The QMP that this monitor keeps to is that of QEMU 7.2; the package says what it really is. */
    private static final Map<String, Object> VERSION =
            Map.of("qemu", Map.of("major", 7, "minor", 2, "micro", 0), "package", product());

    private final CommandTable commands = new CommandTable();
    private final ReentrantLock turn = new ReentrantLock();
    private final EventStream events;
    private final MonitorEvents source;

    private Monitor(final BlockLayer layer, final InstantSource clock) {
        events = new EventStream(clock);
        source = new MonitorEvents(layer, events);
    }

    private static String product() {
        return "Drivebay "
                + Objects.requireNonNullElse(Monitor.class.getPackage().getImplementationVersion(), "(unpackaged)");
    }

    /**
     * A monitor of a block layer alone, with the block commands that qemu-storage-daemon has. It has no {@code quit}:
     * whoever runs the process adds that.
     *
     * @param context where {@code blockdev-add} puts its nodes
     * @param clock what events' timestamps are read from
     */
    public static Monitor of(
            final BlockLayer layer, final Blockdevs blockdevs, final IoContext context, final InstantSource clock) {
        return of(layer, blockdevs, context, clock, new LatencyHistograms(layer));
    }

    private static Monitor of(
            final BlockLayer layer,
            final Blockdevs blockdevs,
            final IoContext context,
            final InstantSource clock,
            final LatencyHistograms histograms) {
        final Monitor monitor = new Monitor(layer, clock);
        new BlockCommands(layer, blockdevs, context).addTo(monitor.commands);
        new BlockQueries(layer).addTo(monitor.commands);
        new StatisticsQuery(layer, histograms).addTo(monitor.commands);
        monitor.commands.add("query-version", "", arguments -> VERSION);
        monitor.commands.add("query-commands", "", arguments -> monitor.commandNames());
        monitor.commands.add("query-qmp-schema", "", arguments -> monitor.commands.schema(MonitorEvents.MEMBERS));
        monitor.source.begin();
        return monitor;
    }

    /** A monitor of a machine, which its clients can stop and let go on: I/O errors may stop it from now on. */
    public static Monitor ofMachine(
            final BlockLayer layer,
            final Blockdevs blockdevs,
            final IoContext context,
            final InstantSource clock,
            final MachinePort machine) {
        final LatencyHistograms histograms = new LatencyHistograms(layer);
        final Monitor monitor = of(layer, blockdevs, context, clock, histograms);
        new MediaCommands(layer, new MediaControl(layer, blockdevs)).addTo(monitor.commands);
        histograms.addTo(monitor.commands);
        new Throttles(layer, blockdevs).addTo(monitor.commands);
        new HumanCommands(layer, machine::addDrive, "7.2.0 " + product()).addTo(monitor.commands);
        new MachineCommands(layer.runState(), machine, monitor).addTo(monitor.commands);
        layer.runState().stoppable(true);
        return monitor;
    }

    private List<Map<String, String>> commandNames() {
        return commands.names().stream().map(name -> Map.of("name", name)).toList();
    }

    /** The commands, for more to be added: before the first client, or at any time. */
    public CommandTable commands() {
        return commands;
    }

    /** Adds {@code quit}: SHUTDOWN and the reply are sent before the action runs. */
    public void onQuit(final Runnable action) {
        commands.add("quit", "", arguments -> {
            shutDown("host-qmp-quit", false);
            return new Handler.Last(Handler.NOTHING, action);
        });
    }

    /** A new client, which is greeted at once. */
    public Session connect(final Output output) {
        final Session session = new Session(commands, VERSION, turn, output);
        session.begin();
        events.add(session);
        return session;
    }

    /** A client has gone. */
    public void disconnect(final Session session) {
        events.remove(session);
    }

    // ---- events that the machine's owner tells of; any thread ----

    /** Any event; data in QAPI spelling, empty for none. */
    public void event(final String name, final Map<String, Object> data) {
        events.send(name, data);
    }

    /** A device is gone, after its last request. */
    public void deviceDeleted(final String id) {
        event("DEVICE_DELETED", Map.of("device", id, "path", "/machine/peripheral/" + id));
    }

    /**
     * The machine has been reset.
     *
     * @param reason QAPI's ShutdownCause, such as {@code host-qmp-system-reset}
     */
    public void wasReset(final String reason, final boolean byGuest) {
        event("RESET", Map.of("guest", byGuest, "reason", reason));
    }

    /** The machine ends. */
    public void shutDown(final String reason, final boolean byGuest) {
        event("SHUTDOWN", Map.of("guest", byGuest, "reason", reason));
    }

    /** Listens to the layer no more; its clients are their servers' to end. */
    @Override
    public void close() {
        source.end();
    }
}
