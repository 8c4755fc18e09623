package io.drivebay.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.cli.CommandRun;
import io.drivebay.cli.ServiceProcess;
import io.drivebay.peers.Peers;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class DaemonCommandTest {
    @TempDir
    private Path folder;

    private Path image;
    private Path pid;
    private String socket;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("image"), new byte[1 << 20]);
        pid = folder.resolve("pid");
        socket = folder.resolve("socket").toString();
    }

    @AfterEach
    void leaveNobodyBehind() throws IOException {
        if (Files.exists(pid)) {
            daemon().destroyForcibly();
        }
    }

    private ProcessHandle daemon() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).trim())).orElseThrow();
    }

    private String[] line(final String... more) {
        return ServiceProcess.words(
                List.of(
                        "daemon",
                        "--object",
                        "iothread,id=t",
                        "--blockdev",
                        "file,node-name=file,filename=" + image,
                        "--blockdev",
                        "raw,node-name=disk,file=file",
                        "--nbd-server",
                        "addr.type=unix,addr.path=" + socket,
                        "--export",
                        "nbd,id=e,node-name=disk,writable=on,iothread=t",
                        "--pidfile",
                        pid.toString()),
                more);
    }

    private String uri() {
        return "nbd+unix:///disk?socket=" + socket;
    }

    @Test
    void inTheBackgroundItServesUntilSigtermThenAllIsWritten() throws Exception {
        final Process launcher = ServiceProcess.start(line("--daemonize"));
        final String said = ServiceProcess.output(launcher);
        assertEquals(0, launcher.waitFor(), said);
        final ProcessHandle daemon = daemon();
        assertTrue(daemon.isAlive());
        assertTrue(daemon.pid() != launcher.pid());
        Peers.run("qemu-io", "-f", "raw", "-c", "write -P 7 4096 4096", uri());
        final CommandRun list = CommandRun.of("nbd", "--list", "-k", socket);

        daemon.destroy();

        daemon.onExit().get(60, TimeUnit.SECONDS);
        assertTrue(list.out().contains(" export: 'disk'\n"), list.out() + list.err());
        assertEquals(7, Files.readAllBytes(image)[4096]);
        assertFalse(Files.exists(Path.of(socket)));
        assertFalse(Files.exists(pid));
    }

    @Test
    void inTheForegroundSigtermIsNoFailure() throws Exception {
        final Process daemon = ServiceProcess.start(line());
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            assertFalse(daemon.waitFor(20, TimeUnit.MILLISECONDS), "it ended by itself");
        }
        assertEquals(daemon.pid() + "\n", Files.readString(pid));

        daemon.toHandle().destroy(); // Process.destroy would close what it says

        assertEquals("", ServiceProcess.output(daemon));
        assertEquals(0, daemon.waitFor());
        assertFalse(Files.exists(pid));
    }

    @Test
    void withVhostClientsConnectedSigtermAnswersFlushesAndEnds() throws Exception {
        final VhostDaemon daemon = VhostDaemon.start(
                folder,
                List.of(
                        "--blockdev",
                        "file,node-name=disk,filename=" + image,
                        "--export",
                        "vhost-user-blk,id=e,node-name=disk,writable=on,addr.type=unix,addr.path=" + socket));
        final VhostUserGuest guest = VhostUserGuest.start(
                socket, DriverOptions.of(64, 4096), Pause.spinning(SystemClock.INSTANCE, TimeUnit.SECONDS.toNanos(20)));
        final byte[] block = new byte[4096];
        Arrays.fill(block, (byte) 7);
        assertEquals(BlkStatus.OK, guest.disk().write(4096, block));

        final String said = daemon.end();

        assertEquals("", said);
        assertEquals(7, Files.readAllBytes(image)[4096]);
        assertFalse(Files.exists(Path.of(socket)));
        guest.vanish();
    }

    @Test
    void whatFailsInTheBackgroundIsToldInTheForeground() throws Exception {
        final Process launcher = ServiceProcess.start(line("--daemonize", "--blockdev", "file,filename=/nonexistent"));

        final String said = ServiceProcess.output(launcher);

        assertEquals(1, launcher.waitFor());
        assertTrue(said.contains("drivebay daemon: --blockdev file,filename=/nonexistent: "), said);
        assertFalse(Files.exists(Path.of(socket)));
        assertFalse(Files.exists(pid));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--vnc :1|'--vnc'",
                "--nbd-server addr.type=unix,addr.path=s,tls-authz=a|'tls-authz'",
                "--nbd-server addr.type=fd,addr.str=3|'addr.type' must be one of unix, inet",
                "--object tls-creds-psk,id=p,dir=x|tls-creds-psk: the JDK's TLS has no pre-shared keys",
                "--object authz-list,id=a|no object type is called 'authz-list'",
                "--object iothread,id=t,thread-pool-max=3|'thread-pool-max'",
                "--object secret,id=s,data=hush,keyid=k|'keyid'",
                "--export vduse-blk,id=e,node-name=n|no export type is called 'vduse-blk'",
                "--blockdev null-co,node-name=n,force-share=on|'force-share'"
            })
    void whatItDoesNotHaveIsRefusedByName(final String arguments, final String words) {
        final CommandRun run = CommandRun.of(ServiceProcess.words(List.of("daemon"), arguments.split(" ")));

        assertEquals(1, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertFalse(run.err().contains("hush"), run.err());
    }

    @Test
    void objectTypesAndTheirPropertiesAreListed() {
        assertEquals(
                "iothread\nsecret\nthrottle-group\ntls-creds-psk\ntls-creds-x509\n",
                CommandRun.of("daemon", "--object", "help").out());
        assertTrue(CommandRun.of("daemon", "--object", "secret,help").out().startsWith("data: "));
    }

    @Test
    void anExportThatInsistsOnItsThreadKeepsItAndTheTreeGoesWithIt() throws Exception {
        final DaemonCommand command = new DaemonCommand();
        new picocli.CommandLine(command)
                .parseArgs(
                        "--object",
                        "iothread,id=a",
                        "--object",
                        "iothread,id=b",
                        "--blockdev",
                        "null-co,node-name=base",
                        "--blockdev",
                        "raw,node-name=top,file=base",
                        "--nbd-server",
                        "addr.type=unix,addr.path=" + socket,
                        "--export",
                        "nbd,id=e,node-name=top,iothread=a,fixed-iothread=on",
                        "--export",
                        "nbd,id=f,node-name=base,iothread=b");

        try (Daemon daemon = Daemon.start(command.steps(), () -> {})) {
            assertEquals("a", daemon.home("base"));
            assertEquals("a", daemon.home("top"));
        }
    }
}
