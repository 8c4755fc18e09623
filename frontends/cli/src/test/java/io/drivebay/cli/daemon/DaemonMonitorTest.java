package io.drivebay.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.cli.ServiceProcess;
import io.drivebay.peers.Peers;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** QMP in the daemon, in the words of qemu-storage-daemon. */
@Timeout(120)
final class DaemonMonitorTest {
    private static final String QSD = "qemu-storage-daemon";

    @TempDir
    private Path folder;

    private String[] monitor() {
        return new String[] {
            "--chardev",
            "socket,id=c,path=" + folder.resolve("qmp") + ",server=on,wait=off",
            "--monitor",
            "chardev=c",
            "--pidfile",
            folder.resolve("pid").toString()
        };
    }

    private QmpClient client(final Process process) throws Exception {
        final Path pid = folder.resolve("pid");
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS), "it ended by itself");
        }
        return QmpClient.connect(folder.resolve("qmp"));
    }

    /** Replies without what differs: errors are their class. */
    private final class Dialogue {
        private final QmpClient client;
        private final List<String> replies = new ArrayList<>();

        private Dialogue(final QmpClient client) {
            this.client = client;
        }

        private void say(final String command, final String arguments) throws IOException {
            final String spelled = arguments.replace('\'', '"').replace("@", folder.toString());
            final JsonNode reply = client.execute(command, spelled);
            replies.add(command + " " + arguments + ": "
                    + (reply.has("error") ? reply.get("error").get("class") : sorted(reply.get("return"))));
        }

        private String sorted(final JsonNode value) {
            final List<String> members = new ArrayList<>();
            value.forEach(member -> members.add(members(member)));
            members.sort(null);
            return members.toString();
        }

        private String members(final JsonNode object) {
            final List<String> members = new ArrayList<>();
            object.properties().forEach(member -> members.add(member.toString()));
            members.sort(null);
            return members.toString();
        }

        private void await(final String event) throws IOException {
            replies.add(event + " " + client.event(event));
        }
    }

    private List<String> dialogue(final QmpClient client) throws IOException {
        final Dialogue with = new Dialogue(client);
        with.say("blockdev-add", "{'driver': 'null-co', 'node-name': 'n', 'size': 1048576}");
        with.say("object-add", "{'qom-type': 'iothread', 'id': 't'}");
        with.say("object-add", "{'qom-type': 'iothread', 'id': 't'}");
        with.say("object-add", "{'qom-type': 'teapot', 'id': 'u'}");
        with.say("block-export-add", "{'type': 'nbd', 'id': 'e', 'node-name': 'n'}");
        with.say("nbd-server-start", "{'addr': {'type': 'unix', 'data': {'path': '@/nbd'}}}");
        with.say("nbd-server-start", "{'addr': {'type': 'unix', 'data': {'path': '@/other'}}}");
        with.say("block-export-add", "{'type': 'nbd', 'id': 'e', 'node-name': 'n', 'name': 'disk'}");
        with.say("block-export-add", "{'type': 'nbd', 'id': 'e', 'node-name': 'n', 'name': 'other'}");
        with.say("block-export-add", "{'type': 'teapot', 'id': 'f', 'node-name': 'n'}");
        with.say("block-export-add", "{'type': 'nbd', 'id': 'f', 'node-name': 'nothing'}");
        with.say("block-export-add", "{'type': 'nbd', 'node-name': 'n'}");
        with.say(
                "block-export-add",
                "{'type': 'vhost-user-blk', 'id': 'v', 'node-name': 'n', 'writable': true, 'num-queues': 2,"
                        + " 'addr': {'type': 'unix', 'path': '@/v'}}");
        with.say("query-block-exports", "{}");
        with.say("blockdev-del", "{'node-name': 'n'}");
        with.say("block-export-del", "{'id': 'v', 'mode': 'gently'}");
        with.say("block-export-del", "{'id': 'v', 'mode': 'hard'}");
        with.await("BLOCK_EXPORT_DELETED");
        with.say("block-export-del", "{'id': 'v'}");
        with.say("query-block-exports", "{}");
        with.say("nbd-server-stop", "{}");
        with.await("BLOCK_EXPORT_DELETED");
        with.say("nbd-server-stop", "{}");
        with.say("query-block-exports", "{}");
        with.say("object-del", "{'id': 't'}");
        with.say("object-del", "{'id': 't'}");
        with.say("blockdev-del", "{'node-name': 'n'}");
        with.say("make-tea", "{}");
        with.say("quit", "{}");
        return with.replies;
    }

    @Test
    void aClientOfQemuStorageDaemonIsAnsweredTheSame() throws Exception {
        final Process ours = ServiceProcess.start(ServiceProcess.words(List.of("daemon"), monitor()));
        final List<String> answers;
        try (QmpClient client = client(ours)) {
            answers = dialogue(client);
        }
        assertEquals("", ServiceProcess.output(ours));
        assertEquals(0, ours.waitFor());
        final Process theirs = peer();
        try (QmpClient client = client(theirs)) {
            assertEquals(String.join("\n", dialogue(client)), String.join("\n", answers));
        }
        assertEquals(0, theirs.waitFor());
    }

    private Process peer() throws IOException {
        Peers.need(QSD);
        return new ProcessBuilder(ServiceProcess.words(List.of(QSD), monitor())).start();
    }

    @Test
    void aGuestIsServedAndSentAwayByCommand() throws Exception {
        final Process daemon = ServiceProcess.start(ServiceProcess.words(List.of("daemon"), monitor()));
        final String socket = folder.resolve("v").toString();
        try (QmpClient client = client(daemon)) {
            client.execute("blockdev-add", "{\"driver\": \"memory\", \"node-name\": \"n\", \"size\": 1048576}");
            client.execute(
                    "block-export-add",
                    "{\"type\": \"vhost-user-blk\", \"id\": \"v\", \"node-name\": \"n\", \"writable\": true,"
                            + " \"addr\": {\"type\": \"unix\", \"path\": \"" + socket + "\"}}");
            final VhostUserGuest guest = VhostUserGuest.start(
                    socket,
                    DriverOptions.of(8, 4096),
                    Pause.spinning(SystemClock.INSTANCE, TimeUnit.SECONDS.toNanos(20)));
            assertEquals(BlkStatus.OK, guest.disk().write(0, new byte[4096]));

            assertTrue(client.execute("block-export-del", "{\"id\": \"v\"}").has("error"), "it has a client");
            assertTrue(client.execute("block-export-del", "{\"id\": \"v\", \"mode\": \"hard\"}")
                    .has("return"));

            assertFalse(Files.exists(Path.of(socket)));
            guest.vanish();
            client.execute("quit");
        }
        assertEquals("", ServiceProcess.output(daemon));
        assertEquals(0, daemon.waitFor());
    }

    @Test
    void standardStreamsWillDo() throws Exception {
        final Process daemon = ServiceProcess.start("daemon", "--chardev", "stdio,id=c", "--monitor", "c");

        try (QmpClient client = new QmpClient(daemon.getInputStream(), daemon.getOutputStream())) {
            assertTrue(client.execute("query-version").has("return"));
            client.execute("quit");
            assertEquals(0, daemon.waitFor());
        }
    }
}
