package io.drivebay.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.Permission;
import io.drivebay.monitor.kit.TestMonitor;
import io.drivebay.monitor.kit.TrayDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** human-monitor-command: qemu-io, drive_add, drive_del, info block. */
final class HumanCommandsTest {
    private final TestMonitor monitor = new TestMonitor();

    @AfterEach
    void close() {
        monitor.close();
    }

    private String human(final String line) {
        return monitor.client
                .run("human-monitor-command", "{'command-line': '" + line.replace("'", "\\'") + "'}")
                .asText();
    }

    private static String lines(final String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    @Test
    void whatIsWrittenIsRead() {
        monitor.disk("v0");
        assertEquals(
                lines("wrote 512/512 bytes at offset 1024", "512 bytes, 1 ops"),
                human("qemu-io -d v0 \"write -P 7 1k 512\"".replace("\"", "\\\"")));
        assertEquals(
                lines("read 512/512 bytes at offset 1024", "512 bytes, 1 ops"),
                human("qemu-io -d v0 read -P 7 1k 512"));
        assertEquals(
                lines(
                        "Pattern verification failed at offset 0, 512 bytes",
                        "read 512/512 bytes at offset 0",
                        "512 bytes, 1 ops"),
                human("qemu-io -d v0 read -P 7 0 512"));
    }

    @Test
    void zerosDiscardsFlushesAndTheLength() {
        monitor.disk("v0");
        human("qemu-io -d v0 write 0 4k");
        assertEquals(
                lines("wrote 4096/4096 bytes at offset 0", "4096 bytes, 1 ops"), human("qemu-io -d v0 write -z 0 4k"));
        assertEquals(
                lines("discard 4096/4096 bytes at offset 0", "4096 bytes, 1 ops"), human("qemu-io -d v0 discard 0 4k"));
        assertEquals("", human("qemu-io -d v0 flush"));
        assertEquals(lines("65536"), human("qemu-io -d v0 length"));
    }

    @Test
    void aioRequestsAreWaitedForByAioFlush() {
        monitor.disk("v0");
        assertEquals("", human("qemu-io -d v0 aio_write 0 512"));
        assertEquals("", human("qemu-io -d v0 aio_read 0 512"));
        assertEquals(
                lines(
                        "wrote 512/512 bytes at offset 0",
                        "512 bytes, 1 ops",
                        "read 512/512 bytes at offset 0",
                        "512 bytes, 1 ops"),
                human("qemu-io -d v0 aio_flush"));
    }

    @Test
    void requestsThatAreNotWaitedForTakeNoMoreThanTheirShareOfMemory() {
        monitor.disk("v0");
        final String line = "qemu-io -d v0 aio_read 0 16M";
        assertEquals("", human(line) + human(line) + human(line) + human(line));
        assertEquals(
                lines("Error: there are 4 requests under way, and no room for this one; use aio_flush"), human(line));
        human("qemu-io -d v0 aio_flush");
        assertEquals("", human(line));
        human("qemu-io -d v0 aio_flush");
    }

    @Test
    void aNodeOfNobodysIsReadAndLeftAsItWas() {
        monitor.memory("free");
        assertEquals(
                lines("read 512/512 bytes at offset 0", "512 bytes, 1 ops"), human("qemu-io free read -P 0 0 512"));
        monitor.client.run("blockdev-del", "{'node-name': 'free'}");
    }

    @Test
    void aNamedBackendWithoutADeviceIsWrittenTo() {
        monitor.memory("disk");
        TestMonitor.attempt(() -> monitor.layer.addDrive("drive0", monitor.context, monitor.layer.node("disk")));
        assertEquals(lines("wrote 512/512 bytes at offset 0", "512 bytes, 1 ops"), human("qemu-io drive0 write 0 512"));
        assertNull(Objects.requireNonNull(monitor.layer.backend("drive0")).device());
    }

    @Test
    void aRequestIsHeldAtABreakpointAndResumed() {
        monitor.node(Map.of("driver", "blkdebug", "node-name", "debug", "image.driver", "memory", "image.size", 65536));
        monitor.node(Map.of("driver", "raw", "node-name", "top", "file", "debug"));
        TestMonitor.attempt(() -> monitor.layer.addDrive("d0", monitor.context, monitor.layer.node("top")));
        TestMonitor.attempt(() -> Objects.requireNonNull(monitor.layer.backend("d0"))
                .attachDevice(new TrayDevice("v0", false), Permission.WRITE.bit(), Permission.ALL));
        assertEquals("", human("qemu-io d0 \"break write_aio A\"".replace("\"", "\\\"")));
        assertEquals("", human("qemu-io d0 aio_write 0 512"));
        monitor.context.runUntilIdle();
        assertEquals(1, Objects.requireNonNull(monitor.layer.backend("d0")).pending());
        assertEquals("", human("qemu-io debug resume A"));
        monitor.context.runUntilIdle();
        assertEquals(0, Objects.requireNonNull(monitor.layer.backend("d0")).pending());
        assertEquals("", human("qemu-io d0 break write_aio B"));
        assertEquals("", human("qemu-io d0 remove_break B"));
        assertEquals(lines("Could not resume request: No such file or directory"), human("qemu-io d0 resume A"));
        assertEquals(
                lines("Could not remove breakpoint B: No such file or directory"), human("qemu-io d0 remove_break B"));
    }

    @Test
    void breakpointsThatCannotBeAreRefused() {
        monitor.disk("v0");
        assertEquals(
                lines("Could not set a breakpoint: Operation not supported"), human("qemu-io -d v0 break write_aio A"));
        assertEquals(lines("Could not resume request: Operation not supported"), human("qemu-io -d v0 resume A"));
        assertEquals(lines("usage: break EVENT TAG"), human("qemu-io -d v0 break A"));
        monitor.node(Map.of("driver", "blkdebug", "node-name", "debug", "image.driver", "memory", "image.size", 65536));
        assertTrue(human("qemu-io debug break sunrise A")
                .startsWith("Could not set a breakpoint: option 'event' must be one of none, read_aio"));
    }

    @Test
    void whatGoesWrongIsText() {
        monitor.disk("v0");
        assertEquals(lines("unknown command: 'frob'"), human("frob"));
        assertEquals("", human("  "));
        assertEquals(lines("Error: Device 'zz' not found"), human("qemu-io zz read 0 512"));
        assertEquals(lines("read failed: Input/output error"), human("qemu-io -d v0 read 64k 512"));
        assertEquals(lines("command \"paint\" not found"), human("qemu-io -d v0 paint"));
        assertEquals(lines("Error: 'x' is not a number"), human("qemu-io -d v0 read x 512"));
        assertEquals(lines("Error: expected an offset and a length"), human("qemu-io -d v0 read 0"));
        assertEquals(lines("unknown command: 'info registers'"), human("info registers"));
        assertEquals(lines("Error: usage: info block [NAME]"), human("info block a b"));
        assertEquals(lines("unknown command: 'frob'"), human("help frob"));
        assertEquals(lines("Error: Device 'zz' not found"), human("drive_del zz"));
    }

    @Test
    void drivesAreMadeByTheMachineAndDeletedByName() {
        assertEquals(lines("OK"), human("drive_add 0 if=none,id=d1"));
        assertEquals(List.of("drive if=none,id=d1"), monitor.machine.log);
        assertEquals(lines("Error: a drive needs an id"), human("drive_add 0 if=none"));
        TestMonitor.attempt(() -> monitor.layer.addDrive("d1", monitor.context, null));
        assertEquals("", human("drive_del d1"));
        assertNull(monitor.layer.backend("d1"));
    }

    @Test
    void helpAndInfoListWhatThereIsAsTheShellsCompletionReadsThem() {
        final List<String> commands = new ArrayList<>();
        human("help").lines().forEach(line -> commands.add(line.split(" ", -1)[0]));
        assertEquals(List.of("drive_add", "drive_del", "help", "info", "qemu-io"), commands);
        final List<String> subjects = new ArrayList<>();
        human("info").lines().forEach(line -> subjects.add(line.split(" ", -1)[1]));
        assertEquals(List.of("block", "version"), subjects);
        assertEquals(human("info"), human("help info"));
        assertEquals(lines("drive_del NAME -- delete a drive or a node"), human("help drive_del"));
        assertTrue(human("info version").startsWith("7.2.0 Drivebay "));
    }

    @Test
    void infoBlockIsForPeople() {
        monitor.disk("v0");
        monitor.attach(new TrayDevice("cd0", true));
        assertEquals(
                lines(
                        "v0-node: json:{\"driver\":\"memory\"} (memory)",
                        "    Attached to:      v0",
                        "    Cache mode:       writeback",
                        "",
                        "cd0: [not inserted]",
                        "    Attached to:      cd0",
                        "    Removable device: not locked, tray closed"),
                human("info block"));
        assertEquals(
                lines(
                        "cd0: [not inserted]",
                        "    Attached to:      cd0",
                        "    Removable device: not locked, tray closed"),
                human("info block cd0"));
    }
}
