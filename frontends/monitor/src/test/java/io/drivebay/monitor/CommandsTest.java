package io.drivebay.monitor;

import static io.drivebay.monitor.kit.TestClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.backend.policy.IoError;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.monitor.kit.TestMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands for the machine, for nodes, and those that say what there is. */
final class CommandsTest {
    private final TestMonitor monitor = new TestMonitor();
    private final TestClient client = monitor.client;

    @AfterEach
    void close() {
        monitor.close();
    }

    private static List<String> names(final JsonNode list) {
        final List<String> names = new ArrayList<>();
        list.forEach(element -> names.add(element.get("name").asText()));
        return names;
    }

    // ---- the machine ----

    @Test
    void stopAndContTellOfThemselvesBeforeTheyReply() {
        client.run("stop");
        assertEquals(
                json("{\"status\": \"paused\", \"running\": false, \"singlestep\": false}"),
                client.run("query-status"));
        client.run("stop");
        client.run("cont");
        client.run("cont");
        assertEquals(List.of("STOP", "reply", "reply", "reply", "RESUME", "reply", "reply"), client.order());
        assertTrue(monitor.layer.runState().running());
    }

    @Test
    void systemResetResetsTheMachineAndSaysSo() {
        client.run("system_reset");
        assertEquals(List.of("reset"), monitor.machine.log);
        assertEquals(
                json("{\"guest\": false, \"reason\": \"host-qmp-system-reset\"}"),
                client.received.get(0).get("data"));
        assertEquals(List.of("RESET", "reply"), client.order());
    }

    @Test
    void quitRepliesBeforeTheMachineEnds() {
        client.run("quit");
        assertEquals(List.of("SHUTDOWN", "reply"), client.order());
        assertEquals(List.of("quit"), monitor.machine.log);
    }

    @Test
    void devicesArePluggedAndUnpluggedByTheMachine() {
        client.run("device_add", "{'driver': 'ide-cd', 'id': 'cd1', 'unit': 1}");
        client.run("device_del", "{'id': 'cd1'}");
        monitor.monitor.deviceDeleted("cd1");
        assertEquals(List.of("device {driver=ide-cd, id=cd1, unit=1}", "delete cd1"), monitor.machine.log);
        assertEquals(
                json("{\"device\": \"cd1\", \"path\": \"/machine/peripheral/cd1\"}"),
                client.received.get(2).get("data"));
    }

    @Test
    void aDeviceThatIsNotThereIsNotFound() {
        assertEquals("DeviceNotFound: Device 'nobody' not found", client.refusal("device_del", "{'id': 'nobody'}"));
        assertEquals(
                "GenericError: Device 'soldered' cannot be unplugged",
                client.refusal("device_del", "{'id': 'soldered'}"));
    }

    @Test
    void aMachineTellsItsNameIfItHasOne() {
        assertEquals(json("{}"), client.run("query-name"));
        monitor.machine.name = "box";
        assertEquals(json("{\"name\": \"box\"}"), client.run("query-name"));
    }

    @Test
    void machineTypesHaveWhatClientsChooseBy() {
        assertEquals(
                json("[{\"name\": \"pc-i440fx-7.2\", \"alias\": \"pc\", \"is-default\": true, \"cpu-max\": 1,"
                        + " \"hotpluggable-cpus\": false, \"numa-mem-supported\": false, \"deprecated\": false},"
                        + " {\"name\": \"none\", \"cpu-max\": 1, \"hotpluggable-cpus\": false,"
                        + " \"numa-mem-supported\": false, \"deprecated\": false}]"),
                client.run("query-machines"));
    }

    @Test
    void typesAreListedByWhatTheyAreAKindOf() {
        assertEquals(List.of("ide-cd"), names(client.run("qom-list-types", "{'implements': 'device'}")));
        assertEquals(
                List.of("device", "ide-cd"),
                names(client.run("qom-list-types", "{'implements': 'device', 'abstract': true}")));
        assertEquals(List.of(), names(client.run("qom-list-types", "{'implements': 'bus'}")));
    }

    @Test
    void everyCommandIsListedAndRefusesAnUnknownMemberByName() {
        final List<String> open = List.of("blockdev-add", "device_add");
        final List<String> all = names(client.run("query-commands"));
        assertTrue(all.containsAll(List.of("eject", "query-block", "human-monitor-command", "qom-list-types")));
        final Map<String, String> needed = Map.ofEntries(
                Map.entry("block-latency-histogram-set", "'id': 'x', "),
                Map.entry("block_resize", "'size': 1, "),
                Map.entry(
                        "block_set_io_throttle",
                        "'bps': 0, 'bps_rd': 0, 'bps_wr': 0, 'iops': 0, 'iops_rd': 0, 'iops_wr': 0, "),
                Map.entry("blockdev-change-medium", "'filename': 'x', "),
                Map.entry("blockdev-del", "'node-name': 'x', "),
                Map.entry("blockdev-insert-medium", "'id': 'x', 'node-name': 'x', "),
                Map.entry("blockdev-remove-medium", "'id': 'x', "),
                Map.entry("device_del", "'id': 'x', "),
                Map.entry("human-monitor-command", "'command-line': 'x', "));
        for (final String command : all) {
            if (!open.contains(command)) {
                assertEquals(
                        "GenericError: Parameter 'nonsense' is unexpected",
                        client.refusal(command, "{" + needed.getOrDefault(command, "") + "'nonsense': 1}"),
                        command);
            }
        }
    }

    @Test
    void theSchemaHasEveryCommandWithWhatItTakesAndEveryEvent() {
        final JsonNode schema = client.run("query-qmp-schema");
        final ObjectNode byName = JsonNodeFactory.instance.objectNode();
        schema.forEach(entity -> byName.set(entity.get("name").asText(), entity));
        assertEquals(schema.size(), byName.size());
        for (final String command : names(client.run("query-commands"))) {
            assertEquals("command", byName.get(command).get("meta-type").asText());
        }
        for (final JsonNode entity : schema) {
            for (final String member : List.of("arg-type", "ret-type", "element-type")) {
                assertTrue(!entity.has(member) || byName.has(entity.get(member).asText()), entity::toString);
            }
            entity.path("members")
                    .forEach(member -> assertTrue(byName.has(member.get("type").asText()), entity::toString));
        }
        assertEquals(
                json("[{\"name\": \"device\", \"type\": \"str\", \"default\": null}, {\"name\": \"node-name\","
                        + " \"type\": \"str\", \"default\": null}, {\"name\": \"size\", \"type\": \"int\"}]"),
                byName.get(byName.get("block_resize").get("arg-type").asText()).get("members"));
        assertEquals("event", byName.get("DEVICE_TRAY_MOVED").get("meta-type").asText());
    }

    // ---- nodes ----

    @Test
    void nodesAreAddedAndDeleted() {
        client.run("blockdev-add", "{'driver': 'raw', 'node-name': 'r0', 'file': {'driver': 'null-co', 'size': 4096}}");
        assertEquals(
                4096,
                client.run("query-named-block-nodes")
                        .at("/0/image/virtual-size")
                        .asInt());
        client.run("blockdev-del", "{'node-name': 'r0'}");
        assertEquals(json("[]"), client.run("query-named-block-nodes"));
    }

    @Test
    void aNodeThatCannotBeIsRefused() {
        assertEquals(
                "GenericError: 'node-name' must be specified for the root node",
                client.refusal("blockdev-add", "{'driver': 'null-co'}"));
        assertTrue(client.refusal("blockdev-add", "{'driver': 'nullx', 'node-name': 'q'}")
                .startsWith("GenericError: No driver is called 'nullx'"));
        assertEquals(
                "GenericError: Option 'sizes' is unknown here",
                client.refusal("blockdev-add", "{'driver': 'null-co', 'node-name': 'q', 'sizes': 1}"));
        assertEquals(
                "GenericError: Failed to find node with node-name='q'",
                client.refusal("blockdev-del", "{'node-name': 'q'}"));
    }

    @Test
    void aNodeInUseIsNotDeleted() {
        monitor.disk("v0");
        assertTrue(client.refusal("blockdev-del", "{'node-name': 'v0-node'}").startsWith("GenericError: "));
        assertEquals(1, client.run("query-named-block-nodes").size());
    }

    @Test
    void aDiskIsResizedByItsNodeOrItsBackend() {
        final BlockBackend disk = monitor.disk("v0");
        client.run("block_resize", "{'node-name': 'v0-node', 'size': 131072}");
        assertEquals(131072, disk.lengthBytes());
        TestMonitor.attempt(() -> monitor.layer.nameBackend(disk, "drive0"));
        client.run("block_resize", "{'device': 'drive0', 'size': 65536}");
        assertEquals(65536, disk.lengthBytes());
        assertEquals(
                "GenericError: Cannot find device='' nor node-name='zz'",
                client.refusal("block_resize", "{'node-name': 'zz', 'size': 1}"));
        assertEquals(
                "GenericError: Parameter 'size' expects a >0 size",
                client.refusal("block_resize", "{'node-name': 'v0-node', 'size': -1}"));
        assertEquals(
                "DeviceNotFound: Device 'zz' not found", client.refusal("block_resize", "{'device': 'zz', 'size': 1}"));
    }

    // ---- throttles, statistics ----

    private static final String NO_LIMITS = "'bps_rd': 0, 'bps_wr': 0, 'iops': 0, 'iops_rd': 0, 'iops_wr': 0";

    @Test
    void limitsAreSetChangedShownAndTakenAway() {
        monitor.disk("v0");
        client.run("block_set_io_throttle", "{'id': 'v0', 'bps': 1000, 'bps_max': 5000, " + NO_LIMITS + "}");
        client.run("block_set_io_throttle", "{'id': 'v0', 'bps': 2000, " + NO_LIMITS + "}");
        final JsonNode inserted = client.run("query-block").at("/0/inserted");
        assertEquals(2000, inserted.get("bps").asInt());
        assertEquals(0, inserted.get("iops").asInt());
        assertEquals(2, client.run("query-named-block-nodes").size());
        client.run("block_set_io_throttle", "{'id': 'v0', 'bps': 0, " + NO_LIMITS + "}");
        assertEquals(1, client.run("query-named-block-nodes").size());
        assertEquals(0, client.run("query-block").at("/0/inserted/bps").asInt());
    }

    @Test
    void limitsThatMakeNoSenseChangeNothing() {
        monitor.disk("v0");
        client.run("block_set_io_throttle", "{'id': 'v0', 'bps': 1000, " + NO_LIMITS + "}");
        final String contradiction =
                "{'id': 'v0', 'bps': 1, 'bps_rd': 1, 'bps_wr': 0, 'iops': 0, 'iops_rd': 0, 'iops_wr': 0}";
        assertTrue(client.refusal("block_set_io_throttle", contradiction).startsWith("GenericError: "));
        assertEquals(1000, client.run("query-block").at("/0/inserted/bps").asInt());
    }

    private void perform(final BlockBackend backend, final Operation operation, final long offset) {
        final BlockRequest request = new BlockRequest(ended -> {}).set(operation, offset, 0, 0);
        if (operation == Operation.WRITE_ZEROES) {
            request.set(operation, offset, 512, 0);
        }
        assertTrue(backend.submit(request));
        monitor.context.runUntilIdle();
    }

    @Test
    void statisticsCountWhatWasDone() {
        final BlockBackend disk = monitor.disk("v0");
        perform(disk, Operation.WRITE_ZEROES, 1024);
        perform(disk, Operation.WRITE_ZEROES, 1 << 20);
        perform(disk, Operation.FLUSH, 0);
        final JsonNode one = client.run("query-blockstats").get(0);
        assertEquals("v0", one.get("qdev").asText());
        assertEquals("v0-node", one.get("node-name").asText());
        final JsonNode stats = one.get("stats");
        assertEquals(1, stats.get("wr_operations").asInt());
        assertEquals(512, stats.get("wr_bytes").asInt());
        assertEquals(1536, stats.get("wr_highest_offset").asInt());
        assertEquals(1, stats.get("invalid_wr_operations").asInt());
        assertEquals(1, stats.get("flush_operations").asInt());
        assertEquals(1, one.at("/x-latency/flush/service-ns/count").asInt());
        assertTrue(one.at("/x-latency/flush/service-ns").has("p99.9"));
    }

    @Test
    void latenciesAreCountedInTheClassesThatWereAskedFor() {
        final BlockBackend disk = monitor.disk("v0");
        perform(disk, Operation.FLUSH, 0);
        client.run("block-latency-histogram-set", "{'id': 'v0', 'boundaries': [10, 100]}");
        perform(disk, Operation.FLUSH, 0);
        perform(disk, Operation.FLUSH, 0);
        assertEquals(
                json("{\"boundaries\": [10, 100], \"bins\": [2, 0, 0]}"),
                client.run("query-blockstats").at("/0/stats/flush_latency_histogram"));
        client.run("block-latency-histogram-set", "{'id': 'v0'}");
        assertTrue(client.run("query-blockstats")
                .at("/0/stats/flush_latency_histogram")
                .isMissingNode());
    }

    @Test
    void boundariesMustAscend() {
        monitor.disk("v0");
        assertTrue(client.refusal("block-latency-histogram-set", "{'id': 'v0', 'boundaries': [10, 5]}")
                .startsWith("GenericError: Device 'v0' set read boundaries fail"));
        assertTrue(client.refusal("block-latency-histogram-set", "{'id': 'v0', 'boundaries-write': ['x']}")
                .startsWith("GenericError: Invalid parameter type for 'boundaries-write'"));
    }

    // ---- errors ----

    @Test
    void anIoErrorIsAnEventBeforeTheStop() {
        final BlockBackend disk = monitor.disk("v0");
        disk.errors().policy(new ErrorPolicy(OnError.STOP, OnError.STOP));
        monitor.context.run(() -> disk.errors()
                .announce(new IoError("v0-node", false, ErrorAction.STOP, true, "No space left on device")));
        assertEquals(
                json("{\"device\": \"\", \"node-name\": \"v0-node\", \"reason\": \"No space left on device\","
                        + " \"operation\": \"write\", \"action\": \"stop\", \"nospace\": true}"),
                client.received.get(0).get("data"));
        assertEquals(List.of("BLOCK_IO_ERROR", "STOP"), client.order());
        assertEquals("io-error", client.run("query-status").get("status").asText());
        assertEquals("nospace", client.run("query-block").at("/0/io-status").asText());
        client.run("cont");
        assertEquals("ok", client.run("query-block").at("/0/io-status").asText());
    }

    @Test
    void aMonitorWithoutAMachineHasOnlyTheBlockCommands() {
        final TestClient plain =
                new TestClient(Monitor.of(monitor.layer, monitor.blockdevs, monitor.context, () -> TestMonitor.NOW));
        plain.negotiate();
        assertEquals(
                List.of(
                        "block_resize",
                        "blockdev-add",
                        "blockdev-del",
                        "query-block",
                        "query-blockstats",
                        "query-commands",
                        "query-named-block-nodes",
                        "query-qmp-schema",
                        "query-version"),
                names(plain.run("query-commands")));
    }
}
