package io.drivebay.monitor.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.backend.BlockBackend;
import io.drivebay.monitor.kit.TestMonitor;
import io.drivebay.monitor.kit.TrayDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same commands for QEMU's monitors and ours: replies and events have the same members of the same types in the same
 * order, but for those listed here, and errors the same class and, where clients look at it, the same text.
 */
@Timeout(60)
final class QemuShapesTest {
    /** What QEMU says and we do not: sizes on the host's disk, and statistics of protocol nodes. */
    private static final List<String> ONLY_QEMUS = List.of(".image.actual-size", ".image.dirty-flag", "[].parent.");

    /** What we say and QEMU does not. */
    private static final List<String> ONLY_OURS = List.of(".x-latency");

    private final TestMonitor ours = new TestMonitor();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        ours.close();
    }

    private QemuProcess storageDaemon() throws IOException {
        return QemuProcess.start("qemu-storage-daemon", "--chardev", "stdio,id=c", "--monitor", "chardev=c");
    }

    /** A PC with a fixed disk, a CD drive and a drive without a device; ours has the same. */
    private QemuProcess machine() throws IOException {
        final String image =
                Files.write(folder.resolve("disk.img"), new byte[1 << 20]).toString();
        final QemuProcess qemu = QemuProcess.start(
                "qemu-system-x86_64",
                "-S",
                "-nodefaults",
                "-display",
                "none",
                "-machine",
                "pc",
                "-accel",
                "tcg",
                "-blockdev",
                "driver=null-co,node-name=n0,size=1048576,read-only=on",
                "-blockdev",
                "driver=null-co,node-name=n1,size=1048576",
                "-device",
                "ide-hd,drive=n1,id=hd0",
                "-device",
                "ide-cd,id=cd0",
                "-drive",
                "if=none,id=legacy,file=" + image + ",format=raw",
                "-qmp",
                "stdio");
        ours.node(Map.of("driver", "null-co", "node-name", "n0", "size", 1 << 20, "read-only", true));
        ours.node(Map.of("driver", "null-co", "node-name", "n1", "size", 1 << 20));
        ours.node(Map.of("driver", "memory", "node-name", "n2", "size", 1 << 20));
        final BlockBackend disk = ours.attach(new TrayDevice("hd0", false));
        ours.attach(new TrayDevice("cd0", true));
        TestMonitor.attempt(() -> {
            ours.layer.insertMedium(disk, Objects.requireNonNull(ours.layer.node("n1")));
            ours.layer.addDrive("legacy", ours.context, ours.layer.node("n2"));
        });
        return qemu;
    }

    private List<JsonNode> ask(final String message) {
        final int before = ours.client.received.size();
        ours.client.ask(message);
        return new ArrayList<>(ours.client.received.subList(before, ours.client.received.size()));
    }

    private void assertSameShape(final QemuProcess qemu, final String message) {
        final List<JsonNode> theirs = qemu.ask(message);
        final List<JsonNode> own = ask(message);
        assertEquals(kinds(theirs), kinds(own), message);
        assertEquals(without(ONLY_QEMUS, Shape.of(theirs)), without(ONLY_OURS, Shape.of(own)), message);
    }

    private static List<String> kinds(final List<JsonNode> messages) {
        return messages.stream()
                .map(message -> message.path("event").asText(message.has("return") ? "return" : "error"))
                .toList();
    }

    private static Set<String> without(final List<String> left, final Set<String> paths) {
        final Set<String> rest = new TreeSet<>(paths);
        rest.removeIf(path -> left.stream().anyMatch(path::contains));
        return rest;
    }

    private void assertSameError(final QemuProcess qemu, final String message) {
        assertEquals(qemu.ask(message), ask(message), message);
    }

    @Test
    void theDaemonsQueries() throws IOException {
        final String image =
                Files.write(folder.resolve("disk.img"), new byte[4096]).toString();
        try (QemuProcess qemu = storageDaemon()) {
            for (final String message : List.of(
                    "{\"execute\": \"query-version\"}",
                    "{\"execute\": \"query-commands\", \"id\": [1, {\"a\": 1.50}]}",
                    "{\"execute\": \"query-block\"}",
                    "{\"execute\": \"query-blockstats\"}",
                    "{\"execute\": \"blockdev-add\", \"arguments\": {\"driver\": \"null-co\", \"node-name\": \"n\","
                            + " \"size\": 4096}}",
                    "{\"execute\": \"blockdev-add\", \"arguments\": {\"driver\": \"raw\", \"node-name\": \"r\","
                            + " \"file\": {\"driver\": \"file\", \"filename\": \"" + image + "\"}}}",
                    "{\"execute\": \"query-named-block-nodes\", \"arguments\": {\"flat\": true}}",
                    "{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": \"r\", \"size\": 8192}}",
                    "{\"execute\": \"blockdev-del\", \"arguments\": {\"node-name\": \"r\"}}",
                    "{\"execute\": \"blockdev-del\", \"arguments\": {\"node-name\": \"r\"}, \"id\": \"again\"}")) {
                assertSameShape(qemu, message);
            }
        }
    }

    @Test
    void theDaemonsErrors() throws IOException {
        try (QemuProcess qemu = storageDaemon()) {
            for (final String message : List.of(
                    "{\"execute\": \"nope\", \"id\": 7}",
                    "{\"exec\": 1}",
                    "{\"execute\": 1}",
                    "{\"id\": 1}",
                    "[1]",
                    "{\"execute\": \"query-version\", \"arguments\": 5}",
                    "{\"execute\": \"query-version\", \"arguments\": {\"x\": 5}}",
                    "{\"execute\": \"blockdev-add\", \"arguments\": {\"driver\": \"null-co\"}}",
                    "{\"execute\": \"blockdev-del\", \"arguments\": {\"node-name\": \"q\"}}",
                    "{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": \"nn\", \"size\": 1}}",
                    "{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": \"nn\"}}",
                    "{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": 5, \"size\": 1}}",
                    "{\"execute\": \"block_resize\", \"arguments\": {\"foo\": 5, \"size\": 1}}")) {
                assertSameError(qemu, message);
            }
        }
    }

    @Test
    void theMachinesQueries() throws IOException {
        try (QemuProcess qemu = machine()) {
            for (final String message : List.of(
                    "{\"execute\": \"query-block\"}",
                    "{\"execute\": \"query-blockstats\"}",
                    "{\"execute\": \"query-status\"}",
                    "{\"execute\": \"block_set_io_throttle\", \"arguments\": {\"id\": \"hd0\", \"bps\": 1000, \"bps_rd\": 0,"
                            + " \"bps_wr\": 0, \"iops\": 0, \"iops_rd\": 0, \"iops_wr\": 0}}",
                    "{\"execute\": \"block-latency-histogram-set\", \"arguments\": {\"id\": \"hd0\","
                            + " \"boundaries\": [10, 50]}}",
                    "{\"execute\": \"query-blockstats\"}")) {
                assertSameShape(qemu, message);
            }
        }
    }

    @Test
    void aMediumChangeWithItsEvents() throws IOException {
        final String disc =
                Files.write(folder.resolve("disc.iso"), new byte[1 << 20]).toString();
        try (QemuProcess qemu = machine()) {
            for (final String message : List.of(
                    "{\"execute\": \"blockdev-open-tray\", \"arguments\": {\"id\": \"cd0\"}}",
                    "{\"execute\": \"blockdev-open-tray\", \"arguments\": {\"id\": \"cd0\"}}",
                    "{\"execute\": \"blockdev-remove-medium\", \"arguments\": {\"id\": \"cd0\"}}",
                    "{\"execute\": \"blockdev-insert-medium\", \"arguments\": {\"id\": \"cd0\", \"node-name\": \"n0\"}}",
                    "{\"execute\": \"blockdev-close-tray\", \"arguments\": {\"id\": \"cd0\"}}",
                    "{\"execute\": \"query-block\"}",
                    "{\"execute\": \"blockdev-change-medium\", \"arguments\": {\"id\": \"cd0\", \"filename\": \"" + disc
                            + "\"}}",
                    "{\"execute\": \"query-block\"}",
                    "{\"execute\": \"blockdev-change-medium\", \"arguments\": {\"id\": \"cd0\", \"filename\": \"/nowhere\"}}",
                    "{\"execute\": \"eject\", \"arguments\": {\"id\": \"cd0\"}}",
                    "{\"execute\": \"query-block\"}")) {
                assertSameShape(qemu, message);
            }
        }
    }

    @Test
    void theMachinesErrors() throws IOException {
        try (QemuProcess qemu = machine()) {
            for (final String message : List.of(
                    "{\"execute\": \"eject\", \"arguments\": {\"device\": \"x\"}}",
                    "{\"execute\": \"eject\", \"arguments\": {\"id\": \"x\"}}",
                    "{\"execute\": \"eject\", \"arguments\": {}}",
                    "{\"execute\": \"blockdev-insert-medium\", \"arguments\": {\"id\": \"cd0\", \"node-name\": \"zz\"}}",
                    "{\"execute\": \"blockdev-change-medium\", \"arguments\": {\"id\": \"cd0\", \"filename\": \"x\","
                            + " \"read-only-mode\": \"bad\"}}")) {
                assertSameError(qemu, message);
            }
        }
    }
}
