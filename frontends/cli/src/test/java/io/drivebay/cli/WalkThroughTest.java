package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Types what stands in the READMEs' walk-throughs into a machine, and compares what comes back. */
@Timeout(120)
final class WalkThroughTest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

    private static final String SHELL = "$ ";
    private static final String QMP_SHELL = "(QEMU) ";
    private static final String ANYTHING = "...";

    @TempDir
    private Path folder;

    private @Nullable Process machine;
    private @Nullable SocketChannel socket;
    private @Nullable BufferedReader said;

    @AfterEach
    void end() throws IOException {
        if (socket != null) {
            socket.close();
        }
        if (machine != null) {
            machine.destroyForcibly();
        }
    }

    /** The lines of a README's first listing that has a text in it. */
    private static List<String> listing(final String readme, final String mark) throws IOException {
        final String text = Files.readString(Path.of(readme));
        return Arrays.stream(text.split("(?m)^```\n", -1))
                .filter(part -> part.startsWith(SHELL) && part.contains(mark))
                .findFirst()
                .orElseThrow()
                .lines()
                .toList();
    }

    // ---- the shell ----

    private void shell(final String line) throws IOException, InterruptedException {
        final List<String> words =
                new ArrayList<>(List.of(line.substring(SHELL.length()).split(" ", -1)));
        final String program = words.remove(0);
        if (program.equals("truncate")) {
            final Process process = new ProcessBuilder(
                            line.substring(SHELL.length()).split(" ", -1))
                    .directory(folder.toFile())
                    .start();
            assertEquals(0, process.waitFor(), line);
        } else if (program.equals("qmp-shell") || program.equals("socat")) {
            connect(folder.resolve(words.get(words.size() - 1).replace("UNIX-CONNECT:", "")));
        } else {
            assertEquals("&", words.remove(words.size() - 1), line);
            machine = machine(program, words);
        }
    }

    private Process machine(final String program, final List<String> options) throws IOException {
        final List<String> arguments = new ArrayList<>(options);
        if (program.equals("drivebay")) {
            assertEquals("machine", arguments.remove(0));
        } else {
            assertTrue(program.endsWith("/drivebay-system-x86_64"), program);
        }
        final List<String> command = ServiceProcess.command("machine");
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
    }

    private void connect(final Path path) {
        while (socket == null) {
            assertTrue(Objects.requireNonNull(machine).isAlive(), "the machine has ended");
            try {
                socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
            } catch (final IOException e) {
                Thread.onSpinWait();
            }
        }
        said = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8));
    }

    // ---- QMP ----

    private void send(final String message) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            Objects.requireNonNull(socket).write(bytes);
        }
    }

    private @Nullable String heard() throws IOException {
        return Objects.requireNonNull(said).readLine();
    }

    private static JsonNode json(final String line) {
        try {
            return JSON.readTree(line);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException(line, e);
        }
    }

    /** True when a message is what a README shows: dots stand for anything. */
    private static boolean fits(final JsonNode shown, final JsonNode real) {
        if (shown.isTextual() && shown.textValue().endsWith(ANYTHING)) {
            return real.asText().startsWith(shown.textValue().replace(ANYTHING, ""));
        }
        if (shown.has(ANYTHING)) {
            return real.isObject();
        }
        if (!shown.isObject()) {
            return shown.equals(real);
        }
        return shown.size() == real.size()
                && shown.properties().stream()
                        .allMatch(member ->
                                real.has(member.getKey()) && fits(member.getValue(), real.get(member.getKey())));
    }

    private static void assertFits(final String shown, final @Nullable String real) {
        final String line = Objects.requireNonNull(real, () -> "the connection ended before " + shown);
        final JsonNode expected = json(shown.replace("{...}", "{\"...\": 0}"));
        assertTrue(fits(expected, json(line)), () -> "shown: " + shown + "\ncame: " + line);
    }

    /** A command as qmp-shell makes it of words KEY=VALUE. */
    private static String command(final String typed) {
        final List<String> words = new ArrayList<>(List.of(typed.split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)));
        final ObjectNode message = JSON.createObjectNode().put("execute", words.remove(0));
        final ObjectNode arguments = message.putObject("arguments");
        for (final String word : words) {
            final int equals = word.indexOf('=');
            final String value = word.substring(equals + 1);
            final boolean literal = value.startsWith("{") || value.equals("true") || value.equals("false");
            if (literal) {
                arguments.set(word.substring(0, equals), json(value));
            } else {
                arguments.put(word.substring(0, equals), value.replaceAll("^\"|\"$", ""));
            }
        }
        return message.toString();
    }

    private String reply() throws IOException {
        String line = heard();
        while (line != null && line.contains("\"event\"")) {
            line = heard();
        }
        return Objects.requireNonNull(line);
    }

    private void assertEnded() throws IOException, InterruptedException {
        assertNull(heard());
        final Process ended = Objects.requireNonNull(machine);
        assertTrue(ended.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, ended.exitValue());
        assertFalse(Files.exists(folder.resolve("qmp.sock")));
    }

    @Test
    void theCommandsWalkThroughGoesAsItIsShown() throws Exception {
        String typed = "";
        for (final String line : listing("README.md", QMP_SHELL)) {
            if (line.startsWith(SHELL)) {
                shell(line);
            } else if (line.startsWith(QMP_SHELL)) {
                if (typed.isEmpty()) {
                    heard();
                    send("{'execute': 'qmp_capabilities'}");
                    reply();
                }
                typed = line.substring(QMP_SHELL.length());
                send(command(typed));
            } else {
                assertFits(line, reply());
            }
        }
        assertEquals("quit", typed);
        assertEnded();
    }

    @Test
    void theMonitorsWalkThroughGoesAsItIsShownWithItsEventsInOrder() throws Exception {
        for (final String line : listing("../monitor/README.md", "socat")) {
            if (line.startsWith(SHELL)) {
                shell(line);
            } else if (line.startsWith("{\"")) {
                assertFits(line, heard());
            } else {
                send(line);
            }
        }
        assertEnded();
    }
}
