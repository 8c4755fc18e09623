package io.drivebay.monitor;

import static io.drivebay.monitor.kit.TestClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.backend.BlockBackend;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.monitor.kit.TestMonitor;
import io.drivebay.monitor.kit.TrayDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trays and media over QMP (M1-M9, M12), and what query-block shows of them. */
final class MediaCommandsTest {
    private final TestMonitor monitor = new TestMonitor();
    private final TestClient client = monitor.client;
    private final TrayDevice device = new TrayDevice("cd0", true);
    private final BlockBackend backend = monitor.attach(device);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        monitor.close();
    }

    private JsonNode drive() {
        return client.run("query-block").get(0);
    }

    private String image(final String name, final int bytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[bytes]).toString();
    }

    @Test
    void ejectAndInsertAreTheWalkOfAWholeChange() {
        monitor.memory("disc1");
        monitor.memory("disc2");
        client.run("blockdev-open-tray", "{'id': 'cd0'}");
        client.run("blockdev-insert-medium", "{'id': 'cd0', 'node-name': 'disc1'}");
        client.run("blockdev-close-tray", "{'id': 'cd0'}");
        client.received.clear();
        client.run("eject", "{'id': 'cd0'}");
        assertEquals(
                json("{\"device\": \"\", \"id\": \"cd0\", \"tray-open\": true}"),
                client.received.get(0).get("data"));
        client.run("blockdev-insert-medium", "{'id': 'cd0', 'node-name': 'disc2'}");
        client.run("blockdev-close-tray", "{'id': 'cd0'}");
        assertEquals(List.of("DEVICE_TRAY_MOVED", "reply", "reply", "DEVICE_TRAY_MOVED", "reply"), client.order());
        assertEquals("disc2", drive().at("/inserted/node-name").asText());
    }

    @Test
    void aTrayThatIsWhereItShouldBeMakesNoEvent() {
        client.run("blockdev-close-tray", "{'id': 'cd0'}");
        assertEquals(List.of("reply"), client.order());
    }

    @Test
    void aLockedTrayStaysClosedWithoutForce() {
        device.locked = true;
        client.run("blockdev-open-tray", "{'id': 'cd0'}");
        assertFalse(device.open);
        assertEquals(
                "GenericError: Device 'cd0' is locked and force was not specified, wait for tray to open and try again",
                client.refusal("eject", "{'id': 'cd0'}"));
        client.run("eject", "{'id': 'cd0', 'force': true}");
        assertTrue(device.open);
    }

    @Test
    void refusalsNameWhatIsWrong() {
        monitor.disk("v0");
        assertEquals("GenericError: Need exactly one of 'device' and 'id'", client.refusal("eject", "{}"));
        assertEquals(
                "GenericError: Need exactly one of 'device' and 'id'",
                client.refusal("eject", "{'device': 'a', 'id': 'b'}"));
        assertEquals("DeviceNotFound: Device 'x' not found", client.refusal("eject", "{'device': 'x'}"));
        assertEquals("DeviceNotFound: Device 'x' not found", client.refusal("blockdev-remove-medium", "{'id': 'x'}"));
        assertEquals("GenericError: Device 'v0' is not removable", client.refusal("eject", "{'id': 'v0'}"));
        assertEquals(
                "GenericError: The tray of device 'cd0' is not open",
                client.refusal("blockdev-remove-medium", "{'id': 'cd0'}"));
        assertEquals(
                "GenericError: Node 'zz' not found",
                client.refusal("blockdev-insert-medium", "{'id': 'cd0', 'node-name': 'zz'}"));
    }

    @Test
    void aDeviceIsFoundByThePathThatQemuGivesIt() {
        client.run("blockdev-open-tray", "{'id': '/machine/peripheral/cd0'}");
        assertTrue(device.open);
    }

    @Test
    void changeMediumOpensAnImageAndMovesTheTrayOnce() throws IOException {
        client.run("blockdev-change-medium", "{'id': 'cd0', 'filename': '" + image("a.iso", 4096) + "'}");
        assertEquals(List.of("DEVICE_TRAY_MOVED", "DEVICE_TRAY_MOVED", "reply"), client.order());
        assertEquals(4096, backend.lengthBytes());
        assertEquals("raw", drive().at("/inserted/drv").asText());
    }

    @Test
    void aChangeThatFailsLeavesTheOldMediumAndMakesNoEvent() throws IOException {
        client.run("blockdev-change-medium", "{'id': 'cd0', 'filename': '" + image("a.iso", 4096) + "'}");
        final String before = drive().at("/inserted/node-name").asText();
        client.received.clear();
        assertTrue(client.refusal("blockdev-change-medium", "{'id': 'cd0', 'filename': '/nowhere.iso'}")
                .startsWith("GenericError: "));
        assertTrue(client.refusal("blockdev-change-medium", "{'id': 'cd0', 'filename': '" + folder + "'}")
                .startsWith("GenericError: "));
        assertEquals(List.of("reply", "reply"), client.order());
        assertEquals(before, drive().at("/inserted/node-name").asText());
    }

    @Test
    void changeMediumTakesAReadOnlyModeAndAFormat() throws IOException {
        final String image = image("a.iso", 4096);
        client.run(
                "blockdev-change-medium",
                "{'id': 'cd0', 'filename': '" + image + "', 'format': 'raw', 'read-only-mode': 'read-only'}");
        assertTrue(drive().at("/inserted/ro").asBoolean());
        assertEquals(
                "GenericError: Parameter 'read-only-mode' does not accept value 'bad'",
                client.refusal("blockdev-change-medium", "{'id': 'cd0', 'filename': 'x', 'read-only-mode': 'bad'}"));
    }

    @Test
    void anImageMayBeNamedByItsOptions() {
        client.run(
                "blockdev-change-medium",
                "{'id': 'cd0', 'filename': 'json:{\\'driver\\': \\'null-co\\', \\'size\\': 8192}'}");
        assertEquals(8192, backend.lengthBytes());
        assertTrue(client.refusal("blockdev-change-medium", "{'id': 'cd0', 'filename': 'json:{'}")
                .startsWith("GenericError: JSON parse error"));
    }

    @Test
    void queryBlockShowsTrayLockAndMedium() {
        assertEquals(
                json("{\"device\": \"\", \"qdev\": \"cd0\", \"type\": \"unknown\", \"removable\": true,"
                        + " \"locked\": false, \"io-status\": \"ok\", \"tray_open\": false}"),
                drive());
        device.locked = true;
        device.open = true;
        assertEquals(
                List.of(true, true),
                List.of(
                        drive().get("locked").asBoolean(),
                        drive().get("tray_open").asBoolean()));
    }

    @Test
    void aMediumIsShownWithEverythingThatQapiPromises() throws IOException {
        final String image = image("a.iso", 4096);
        monitor.node(Map.of(
                "driver",
                "raw",
                "node-name",
                "disc",
                "read-only",
                true,
                "file",
                Map.of("driver", "file", "filename", image)));
        client.run("blockdev-open-tray", "{'id': 'cd0'}");
        client.run("blockdev-insert-medium", "{'id': 'cd0', 'node-name': 'disc'}");
        assertEquals(
                json("{\"node-name\": \"disc\", \"drv\": \"raw\", \"file\": \"" + image + "\", \"ro\": true,"
                        + " \"encrypted\": false, \"detect_zeroes\": \"off\", \"backing_file_depth\": 0,"
                        + " \"write_threshold\": 0,"
                        + " \"cache\": {\"writeback\": true, \"direct\": false, \"no-flush\": false},"
                        + " \"image\": {\"filename\": \"" + image + "\", \"format\": \"raw\", \"virtual-size\": 4096},"
                        + " \"bps\": 0, \"bps_rd\": 0, \"bps_wr\": 0, \"iops\": 0, \"iops_rd\": 0, \"iops_wr\": 0}"),
                drive().get("inserted"));
    }
}
