package io.drivebay.sim.qtest;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.pc.PcMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** A PC with a disk behind a qtest server, and a client that sends and gets lines of text. */
final class QtestLink implements AutoCloseable {
    final VirtualClock clock = new VirtualClock();
    final IoContext context = new IoContext("pc", clock, new ParkPort(), 0).start();
    final BlockLayer layer = new BlockLayer();
    final MemoryDisk disk = new MemoryDisk(1 << 20);
    final PcMachine machine = new PcMachine(new GuestRam(16 << 20), new UUID(1, 2), Deviation.STANDARD);
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final QtestServer server;
    private final UnixDomainSocketAddress address;
    private SocketChannel socket;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16).limit(0);

    QtestLink(final Path folder, final QtestLog log) throws Exception {
        layer.addContext(context);
        final AtaDisk drive = AtaDisk.attach(
                DiskOptions.of(DriveOptions.of("hd0")),
                disk.backend(layer, context),
                machine.channel(0).socket(0));
        machine.channel(0).plug(0, drive);
        server = new QtestServer(machine, new MachineClock(clock, context), SystemClock.INSTANCE, log);
        address = UnixDomainSocketAddress.of(folder.resolve("q"));
        server.listen(address);
        socket = SocketChannel.open(address);
    }

    /** The client goes away, and another one comes. */
    void reconnect() throws IOException {
        socket.close();
        in.limit(0);
        socket = SocketChannel.open(address);
    }

    SocketChannel socket() {
        return socket;
    }

    void send(final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** The next line that the server sends; empty at the end of the stream. */
    String line() throws IOException {
        final StringBuilder text = new StringBuilder();
        while (true) {
            if (!in.hasRemaining()) {
                in.clear();
                final int count = socket.read(in);
                in.flip();
                if (count < 0) {
                    return text.toString();
                }
            }
            final char next = (char) (in.get() & 0xff);
            if (next == '\n') {
                return text.toString();
            }
            text.append(next);
        }
    }

    /** Sends a command; the first line that comes back. */
    String ask(final String command) throws IOException {
        send(command + "\n");
        return line();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
        layer.close();
        context.close();
    }
}
