package io.drivebay.cli.machine;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.cli.host.Endpoint;
import io.drivebay.cli.host.Monitors;
import io.drivebay.cli.host.Termination;
import io.drivebay.driver.Contexts;
import io.drivebay.ide.device.Deviation;
import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.WallClock;
import io.drivebay.posix.InheritedSocket;
import io.drivebay.posix.NativeMemory;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.Posix;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.pc.PcMachine;
import io.drivebay.sim.qtest.MachineClock;
import io.drivebay.sim.qtest.QtestLog;
import io.drivebay.sim.qtest.QtestServer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine on its feet, until the process is told to end. Its disks' context has the machine's clock, which only its
 * guest moves; their I/O goes on whether that moves or not.
 */
public final class MachineService {
    private final MachineOptions options;
    private final VirtualClock clock = new VirtualClock();

    /**
     * A machine for a command line.
     *
     * @throws BlockException INVALID_OPTION for what makes no sense or is not there
     */
    public MachineService(final List<String> words) throws BlockException {
        this.options = MachineOptions.parse(words);
    }

    /**
     * Runs until SIGTERM or SIGINT.
     *
     * @throws BlockException when a drive or device is refused
     * @throws IOException when a socket or file cannot be had
     */
    public void run() throws BlockException, IOException, InterruptedException {
        try (Termination termination = Termination.watch();
                IoContext context = new IoContext("machine", clock, Contexts.bestPort(PortOptions.DEFAULT), 0).start();
                BlockLayer layer = new BlockLayer()) {
            layer.addContext(context);
            if (options.type == MachineOptions.Type.PC) {
                runPc(termination, layer, context);
            } else {
                runNone(termination, layer, context);
            }
            termination.finishedWell();
        }
    }

    private void runNone(final Termination termination, final BlockLayer layer, final IoContext context)
            throws BlockException, IOException, InterruptedException {
        final MachineSetup setup = new MachineSetup(layer, context, options);
        setup.addBackendsOnly();
        serve(new MachineControl(options.name, setup, null, null, termination), termination, layer, context);
    }

    private void runPc(final Termination termination, final BlockLayer layer, final IoContext context)
            throws BlockException, IOException, InterruptedException {
        final Set<Deviation> deviations = options.quirks ? Deviation.QEMU_QUIRKS : Deviation.STANDARD;
        final GuestRam ram = new GuestRam(options.ramBytes, MachineService::memory);
        final PcMachine machine = new PcMachine(ram, options.uuid, deviations);
        options.boot.tell(machine);
        final MachineSetup setup = new MachineSetup(layer, context, options);
        try (PcDevices devices = new PcDevices(layer, context, machine, deviations, options.globals)) {
            setup.addAll(devices);
            serve(new MachineControl(options.name, setup, machine, devices, termination), termination, layer, context);
        }
    }

    /* Clients expect to be connected to in this order: qtest, then QMP. */
    private void serve(
            final MachineControl control,
            final Termination termination,
            final BlockLayer layer,
            final IoContext context)
            throws IOException, InterruptedException {
        final MachineClock machineClock = new MachineClock(clock, context);
        try (QtestServer qtest =
                        new QtestServer(control.board(), machineClock, SystemClock.INSTANCE, log(options.qtestLog));
                Monitor monitor = Monitor.ofMachine(layer, control.blockdevs(), context, WallClock.INSTANCE, control);
                Monitors monitors = new Monitors(monitor)) {
            control.monitor(monitor);
            if (options.qtest != null) {
                open(qtest, options.qtest);
            }
            for (final Endpoint wanted : options.monitors) {
                monitors.add(wanted);
            }
            termination.await();
        }
    }

    private static void open(final QtestServer qtest, final Endpoint endpoint) throws IOException {
        final SocketAddress address = endpoint.address();
        if (endpoint.isInherited()) {
            qtest.serveOne(InheritedSocket.adopt(endpoint.descriptor()));
        } else if (address != null && endpoint.server()) {
            qtest.listen(address);
        } else if (address != null) {
            qtest.connect(address);
        }
    }

    /** Memory that takes no room before it is touched, where the system has such. */
    private static MemoryRegion memory(final int bytes) {
        if (!Posix.isLinux()) {
            return RegionPool.aligned(bytes);
        }
        try {
            return NativeMemory.allocate(bytes).region();
        } catch (final PosixException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static QtestLog log(final @Nullable String target) throws IOException {
        if (target == null || target.equals("none") || target.equals("/dev/null")) {
            return QtestLog.none();
        }
        final PrintStream stream =
                new PrintStream(new FileOutputStream(target, true), true, StandardCharsets.ISO_8859_1);
        return QtestLog.to(stream, SystemClock.INSTANCE);
    }
}
