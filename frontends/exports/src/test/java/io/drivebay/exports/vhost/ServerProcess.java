package io.drivebay.exports.vhost;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.driver.Contexts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A server in a process of its own, to be killed. */
final class ServerProcess implements AutoCloseable {
    private final Process process;

    private ServerProcess(final Process process) {
        this.process = process;
    }

    /** Starts one and waits until it listens. */
    static ServerProcess start(final String socket, final Path image) throws IOException {
        return new ServerProcess(JavaProcess.start(ServerProcess.class, socket, image.toString()));
    }

    /** Serves an image until it is killed; arguments: socket, image. */
    public static void main(final String[] arguments) throws Exception {
        final BlockLayer layer = new BlockLayer();
        final IoContext context = layer.addContext(Contexts.create("io").start());
        final BlockNode disk = new Blockdevs(layer)
                .add(context, Map.of("driver", "file", "node-name", "disk", "filename", arguments[1]));
        VhostUserBlkServer.listen(
                layer, disk, VhostUserBlkOptions.of("vhost0").withWritable(true).withQueues(4), arguments[0]);
        System.out.write('+');
        System.out.flush();
        Thread.currentThread().join();
    }

    /** As {@code kill -9}; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
