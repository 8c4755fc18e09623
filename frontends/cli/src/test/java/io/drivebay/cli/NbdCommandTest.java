package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.peers.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
final class NbdCommandTest {
    @TempDir
    private Path folder;

    private final List<Process> servers = new ArrayList<>();

    private String image;
    private String socket;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("image"), new byte[1 << 20]).toString();
        socket = folder.resolve("socket").toString();
    }

    @AfterEach
    void leaveNobodyBehind() {
        servers.forEach(Process::destroyForcibly);
    }

    /** The command in a process of its own, once it serves. */
    private Process serve(final String... arguments) throws IOException {
        final Process process = ServiceProcess.start(ServiceProcess.words(List.of("nbd", "-k", socket), arguments));
        servers.add(process);
        final BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final StringBuilder all = new StringBuilder();
        String line = said.readLine();
        while (line != null && !line.startsWith("serving on")) {
            all.append(line).append('\n');
            line = said.readLine();
        }
        assertEquals("serving on unix:" + socket, line, all::toString);
        return process;
    }

    private String uri(final String export) {
        return "nbd+unix:///" + export + "?socket=" + socket;
    }

    @Test
    void itServesAndListsAndEndsWellOnSigterm() throws Exception {
        final Path pid = folder.resolve("pid");
        final Process server =
                serve("-t", "-e", "0", "-x", "disk", "-D", "a disk\u0007", "--pid-file", pid.toString(), image);
        assertEquals(server.pid() + "\n", Files.readString(pid));
        Peers.run("qemu-io", "-f", "raw", "-c", "write -P 7 4096 4096", uri("disk"));
        final CommandRun list = CommandRun.of("nbd", "--list", "-k", socket);

        server.destroy();

        assertEquals(0, server.waitFor());
        assertEquals(0, list.exitCode(), list.err());
        assertTrue(list.out().contains("exports available: 1\n export: 'disk'\n  description: a disk?\n"), list.out());
        assertTrue(list.out().contains("  size:  1048576\n"), list.out());
        assertEquals(7, Files.readAllBytes(Path.of(image))[4096]);
        assertFalse(Files.exists(Path.of(socket)));
        assertFalse(Files.exists(pid));
    }

    @Test
    void withoutPersistentItEndsWithItsLastClient() throws Exception {
        final Process server = serve("-r", "-A", "--cache=none", "--offset=4096", image);

        final String info = Peers.run("nbdinfo", uri(""));

        assertTrue(info.contains("export-size: 1044480"), info);
        assertTrue(info.contains("is_read_only: true"), info);
        assertTrue(info.contains("qemu:allocation-depth"), info);
        assertEquals(0, server.waitFor());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cache=quick|option '--cache' must be none",
                "--discard=maybe|option 'discard' must be one of ignore, unmap",
                "--offset=512 --format=qcow2|option '--offset' goes with --format raw only",
                "--tls-creds=/nonexistent|option '--tls-creds': TLS credentials need /nonexistent/",
                "--bitmap=b|Unknown option: '--bitmap=b'",
                "--object=secret,id=s|needs one of 'data' and 'file'",
                "--image-opts|no driver is called",
                "--shared=-1|must not be negative",
                "--port=70000|--port must be 0 to 65535"
            })
    void wrongOptionsAreRefusedByName(final String arguments, final String words) {
        final List<String> command = new ArrayList<>(List.of("nbd", image));
        command.addAll(List.of(arguments.split(" ")));

        final CommandRun run = CommandRun.of(command.toArray(new String[0]));

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
    }

    @Test
    void theListingIsThatOfQemuNbd() throws Exception {
        serve("-t", "-A", "-x", "disk", "-D", "a disk", image);

        final String theirs = Peers.run("qemu-nbd", "--list", "-k", socket);

        assertEquals(theirs, CommandRun.of("nbd", "--list", "-k", socket).out());
    }

    @Test
    void withForkItServesInTheBackground() throws Exception {
        final Path pid = folder.resolve("pid");
        final Process launcher =
                ServiceProcess.start("nbd", "-k", socket, "--fork", "-t", "--pid-file", pid.toString(), image);
        assertEquals("serving on unix:" + socket + "\n", ServiceProcess.output(launcher));
        assertEquals(0, launcher.waitFor());
        final ProcessHandle server =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).trim())).orElseThrow();

        final String info = Peers.run("nbdinfo", "--size", uri(""));

        server.destroy();
        server.onExit().get(60, TimeUnit.SECONDS);
        assertEquals("1048576\n", info);
        assertFalse(Files.exists(pid));
    }

    @Test
    void anyNodeCanBeServed() throws Exception {
        serve("-t", "--image-opts", "null-co,size=3M");

        assertEquals("3145728\n", Peers.run("nbdinfo", "--size", uri("")));
    }

    @Test
    void anImageThatAnotherProcessHoldsIsRefusedAndItIsSaidWho() throws Exception {
        final Process holder = serve("-t", image);

        final CommandRun run = CommandRun.of("bench", image, "--rw", "randwrite", "--allow-writes", "--runtime", "1s");

        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains(image), run.err());
        assertTrue(run.err().contains(Long.toString(holder.pid())), run.err());
    }

    @Test
    void anImageThatIsMissingIsRefused() {
        final CommandRun run = CommandRun.of("nbd", "-k", socket);

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("an image file is missing"), run.err());
    }

    @Test
    void anImageThatIsNotThereIsAFailure() {
        final CommandRun run =
                CommandRun.of("nbd", "-k", socket, folder.resolve("nothing").toString());

        assertNotEquals(0, run.exitCode());
        assertFalse(Files.exists(Path.of(socket)));
    }
}
