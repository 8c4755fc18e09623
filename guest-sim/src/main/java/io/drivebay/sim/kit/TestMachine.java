package io.drivebay.sim.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.RunState;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.Transition;
import io.drivebay.sim.guest.IdeMachine;
import io.drivebay.sim.ide.AtaDriver;
import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.ide.IdeDriver;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.simulation.SimFaults;
import io.drivebay.sim.simulation.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine with IDE drives, their media, a host and a guest, in one thread on a stepped clock. The same seed and the
 * same calls make the same run.
 *
 * <pre>
 *   TestMachine machine = TestMachine.ofSeed(1).medium("A", 1 &lt;&lt; 20).medium("B", 1 &lt;&lt; 20);
 *   CdDrive cd = machine.cd("cd0", "A");
 *   cd.ready();                                            // "6/29/00": the power-on reset, once
 *   assertEquals("ok", cd.host().change("B", false));
 *   assertEquals(List.of("6/28/00", "ok", "B"), List.of(cd.ready(), cd.ready(), cd.read(16, 2, Way.DMA)));
 *   assertEquals("open close", machine.trayMoves());
 * </pre>
 *
 * <p>Everything that the host and the guest do comes to a short text: "ok", what a request was refused with, sense data
 * "key/code/qualifier", the name of the medium that data came from. {@link #trace()} has all of it, with times.
 */
public final class TestMachine implements AutoCloseable {
    private final Simulation simulation;
    private final IoContext context;
    private final BlockLayer layer = new BlockLayer();
    private final MediaShelf shelf;
    private final Blockdevs blockdevs;
    private final MediaControl control;
    private final List<String> trace = new ArrayList<>();
    private final HostEvents events = new HostEvents(this);
    private final List<Transition> transitions = new ArrayList<>();
    private final Map<String, Rig> rigs = new LinkedHashMap<>();
    private final @Nullable IdeDriver[] drivers = new @Nullable IdeDriver[2];
    private final Pause pause;
    private Set<Deviation> profile = Deviation.STANDARD;
    private @Nullable IdeMachine ide;
    private int places;

    private TestMachine(final long seed) {
        simulation = new Simulation(seed);
        context = simulation.addContext("io");
        layer.addContext(context);
        shelf = new MediaShelf(simulation);
        final List<DriverFactory> factories = new ArrayList<>();
        factories.add(shelf);
        ServiceLoader.load(DriverFactory.class).forEach(factories::add);
        blockdevs = new Blockdevs(layer, factories);
        control = new MediaControl(layer, blockdevs);
        pause = Pause.stepping(context, simulation.clock());
    }

    /** An empty machine. */
    public static TestMachine ofSeed(final long seed) {
        final TestMachine machine = new TestMachine(seed);
        machine.layer.addListener(machine.events);
        machine.layer.runState().addListener(machine.events);
        machine.layer.runState().stoppable(true);
        return machine;
    }

    /** How its drives deviate from the standards; before the first drive. */
    public TestMachine profile(final Set<Deviation> deviations) {
        if (ide != null) {
            throw new IllegalStateException("the profile is set before the first drive is plugged in");
        }
        profile = deviations;
        return this;
    }

    // ---- media ----

    /** Puts a medium on the shelf, every sector of which knows where it belongs. */
    public TestMachine medium(final String name, final int bytes) {
        return medium(name, bytes, SimFaults.NONE);
    }

    /** Puts a medium on the shelf whose disk takes its time, and fails at times. */
    public TestMachine medium(final String name, final int bytes, final SimFaults faults) {
        shelf.add(name, bytes, faults);
        return this;
    }

    /**
     * Gives a name to a block device of any driver on the class path; {@code sim} opens the shelf's media, for filters such
     * as blkdebug.
     *
     * @param options as {@code blockdev-add} takes them
     */
    public TestMachine blockdev(final String name, final Map<String, Object> options) {
        shelf.add(name, options);
        return this;
    }

    /** Makes sectors of 512 bytes of a medium unreadable. */
    public TestMachine damage(final String medium, final int firstSector, final int sectors) {
        shelf.damage(medium, firstSector, sectors);
        return this;
    }

    /** What holds a medium dies under whoever uses it. */
    public void destroy(final String medium) {
        note("destroy " + medium);
        shelf.destroy(medium);
    }

    /** How many requests have come to a medium. */
    public long requests(final String medium) {
        return shelf.requests(medium);
    }

    // ---- drives ----

    /** A CD/DVD drive in the next place, with a medium or empty. */
    public CdDrive cd(final String id, final @Nullable String medium) throws BlockException {
        final int place = nextPlace();
        final BlockBackend backend = backend(medium);
        machine().plugCd(place, DriveOptions.of(id).withDeviations(profile), backend, transitions::add);
        transitions.clear();
        final CdDrive drive =
                new CdDrive(this, id, hand(id, backend, medium), new AtapiDriver(driver(place), place % 2));
        rigs.put(id, drive);
        return drive;
    }

    /** A disk in the next place. */
    public DiskDrive disk(final String id, final String medium) throws BlockException {
        final int place = nextPlace();
        final BlockBackend backend = backend(medium);
        machine().plugDisk(place, DiskOptions.of(DriveOptions.of(id).withDeviations(profile)), backend);
        final DiskDrive drive = new DiskDrive(
                this, id, hand(id, backend, medium), driver(place), new AtaDriver(driver(place), place % 2));
        rigs.put(id, drive);
        return drive;
    }

    /** A named backend without a device, which counts as a drive without a tray. */
    public HostHand slot(final String name, final @Nullable String medium) throws BlockException {
        final BlockBackend backend = backend(medium);
        layer.nameBackend(backend, name);
        final HostHand hand = HostHand.ofBackend(this, name, backend, medium);
        rigs.put(name, () -> hand);
        return hand;
    }

    private int nextPlace() {
        if (places == IdeMachine.PLACES) {
            throw new IllegalStateException("all " + places + " places for drives are taken");
        }
        return places++;
    }

    private IdeMachine machine() {
        IdeMachine made = ide;
        if (made == null) {
            made = new IdeMachine(profile);
            ide = made;
        }
        return made;
    }

    private IdeDriver driver(final int place) {
        final int channel = place / 2;
        IdeDriver made = drivers[channel];
        if (made == null) {
            made = machine().driver(channel, pause);
            drivers[channel] = made;
        }
        return made;
    }

    private BlockBackend backend(final @Nullable String medium) throws BlockException {
        final BlockBackend backend = layer.createBackend(context);
        if (medium != null) {
            layer.insertMedium(backend, blockdevs.add(context, HostHand.named(shelf.options(medium), medium)));
        }
        return backend;
    }

    private HostHand hand(final String id, final BlockBackend backend, final @Nullable String medium) {
        return HostHand.ofDevice(this, id, backend, medium);
    }

    /** Whatever has a name here, as the host sees it. */
    interface Rig {
        HostHand host();
    }

    /** The host's hand on a drive; on none when nothing has this name. */
    public HostHand host(final String name) {
        return rigs.computeIfAbsent(name, this::nothing).host();
    }

    private Rig nothing(final String name) {
        final HostHand hand = HostHand.ofNothing(this, name);
        return () -> hand;
    }

    /** A CD drive by its id; null when there is none. */
    public @Nullable CdDrive findCd(final String id) {
        return rigs.get(id) instanceof CdDrive drive ? drive : null;
    }

    /** A disk by its id; null when there is none. */
    public @Nullable DiskDrive findDisk(final String id) {
        return rigs.get(id) instanceof DiskDrive drive ? drive : null;
    }

    // ---- the machine as a whole ----

    /** The bus's reset: as if the machine had been reset; the guest has forgotten what it was doing. */
    public void busReset() {
        note("bus reset");
        machine().reset();
        context.runUntilIdle();
        for (final IdeDriver driver : drivers) {
            if (driver != null) {
                driver.forget();
            }
        }
    }

    /** The monitor's stop: drives carry on with what they have begun, and keep what fails if their policy says so. */
    public void stop() {
        note("host stop");
        layer.runState().stop(RunState.Status.PAUSED);
        context.runUntilIdle();
    }

    /** The monitor's cont: what drives have kept is tried once more. */
    public void resume() {
        note("host cont");
        layer.runState().resume();
        context.runUntilIdle();
    }

    /** How the machine is, in the monitor's words: "running", "paused", "io-error". */
    public String runState() {
        return layer.runState().status().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How often a channel's interrupt line has risen. */
    public long interrupts(final int channel) {
        return machine().line(channel).raised();
    }

    /** Lets time pass. */
    public void waitNs(final long ns) {
        final long end = simulation.clock().nanoTime() + ns;
        context.runUntilIdle();
        while (context.nextDeadlineNs() <= end) {
            simulation.clock().advanceTo(context.nextDeadlineNs());
            context.runUntilIdle();
        }
        simulation.clock().advanceTo(end);
    }

    // ---- what has happened ----

    /** Everything so far, line by line, with the time in microseconds. */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /** Adds a line to the trace. */
    void note(final String text) {
        trace.add(String.format("%12.3f  %s", simulation.clock().nanoTime() / 1e3, text));
    }

    /** What the host was told of trays since the last call: "open close", or "none". */
    public String trayMoves() {
        return events.takeTrayMoves();
    }

    /**
     * What the host was told of I/O errors, and of the machine's stopping and going on, since the last call:
     * "write-error:stop:nospace STOP RESUME", or "none".
     */
    public String events() {
        return events.takeErrors();
    }

    /** What has happened to trays, locks and media since the last call, as the drives' state tables have it. */
    public List<Transition> transitions() {
        final List<Transition> taken = List.copyOf(transitions);
        transitions.clear();
        return taken;
    }

    // ---- parts, for whoever needs more ----

    public Simulation simulation() {
        return simulation;
    }

    public IoContext context() {
        return context;
    }

    public BlockLayer layer() {
        return layer;
    }

    public Blockdevs blockdevs() {
        return blockdevs;
    }

    MediaControl control() {
        return control;
    }

    MediaShelf shelf() {
        return shelf;
    }

    @Override
    public void close() {
        layer.close();
    }
}
