package io.drivebay.driver.protocol.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A server with its own copy of the protocol's numbers that does on each connection what a test tells it to. */
final class FakeServer implements AutoCloseable {
    static final int SIZE = 1 << 20;
    private static final long REPLY_MAGIC = 0x0003e889045565a9L;
    private static final int ERR_UNSUP = 0x80000001;
    private static final int ERR_UNKNOWN = 0x80000006;
    private static final int ALL_FLAGS = 0x0c7d; // all but read-only and rotational

    /** What happens on one connection, which is closed afterwards. */
    interface Script {
        void serve(Peer client) throws IOException;
    }

    /** A request as it came. */
    record Request(int command, long cookie, long offset, int length) {}

    private final ServerSocketChannel listener;
    private final Path socket;
    private final List<Script> scripts;
    private final Thread thread;

    /** Plays a script per connection; the last one for all that come after. */
    FakeServer(final Path folder, final Script... scripts) throws IOException {
        this.socket = folder.resolve("fake.sock");
        this.scripts = List.of(scripts);
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        this.thread = new Thread(this::accept, "fake-nbd-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        for (int i = 0; listener.isOpen(); i++) {
            try (SocketChannel channel = listener.accept()) {
                scripts.get(Math.min(i, scripts.size() - 1)).serve(new Peer(channel));
            } catch (final IOException e) {
                Thread.onSpinWait(); // the client left: that is part of the play
            }
        }
    }

    SocketAddress address() {
        return UnixDomainSocketAddress.of(socket);
    }

    Map<String, Object> options(final int reconnectDelay) {
        return Map.of(
                "driver",
                "nbd",
                "server.type",
                "unix",
                "server.path",
                socket.toString(),
                "reconnect-delay",
                reconnectDelay);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        thread.interrupt();
    }

    /** The client at the other end. */
    static final class Peer {
        private final SocketChannel channel;

        Peer(final SocketChannel channel) {
            this.channel = channel;
        }

        void send(final ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        ByteBuffer receive(final int bytes) throws IOException {
            final ByteBuffer target = ByteBuffer.allocate(bytes);
            while (target.hasRemaining()) {
                if (channel.read(target) < 0) {
                    throw new EOFException();
                }
            }
            return target.flip();
        }

        void greet() throws IOException {
            send(ByteBuffer.allocate(18)
                    .putLong(0x4e42444d41474943L)
                    .putLong(0x49484156454F5054L)
                    .putShort((short) 3)
                    .flip());
            receive(4);
        }

        /** The plainest handshake there is: no option but GO. */
        Peer handshake(final long size) throws IOException {
            greet();
            int option = 0;
            while (option != 7) {
                final ByteBuffer head = receive(16);
                head.getLong();
                option = head.getInt();
                receive(head.getInt());
                if (option != 7) {
                    reply(option, ERR_UNSUP, ByteBuffer.allocate(0));
                }
            }
            reply(
                    7,
                    3,
                    ByteBuffer.allocate(12)
                            .putShort((short) 0)
                            .putLong(size)
                            .putShort((short) ALL_FLAGS)
                            .flip());
            reply(7, 1, ByteBuffer.allocate(0));
            return this;
        }

        /** A handshake that ends in structured replies. */
        Peer structured() throws IOException {
            greet();
            int option = 0;
            while (option != 7) {
                final ByteBuffer head = receive(16);
                head.getLong();
                option = head.getInt();
                receive(head.getInt());
                if (option == 8) {
                    reply(option, 1, ByteBuffer.allocate(0));
                } else if (option != 7) {
                    reply(option, ERR_UNSUP, ByteBuffer.allocate(0));
                }
            }
            reply(
                    7,
                    3,
                    ByteBuffer.allocate(12)
                            .putShort((short) 0)
                            .putLong(SIZE)
                            .putShort((short) ALL_FLAGS)
                            .flip());
            reply(7, 1, ByteBuffer.allocate(0));
            return this;
        }

        void reply(final int option, final int type, final ByteBuffer data) throws IOException {
            send(ByteBuffer.allocate(20 + data.remaining())
                    .putLong(REPLY_MAGIC)
                    .putInt(option)
                    .putInt(type)
                    .putInt(data.remaining())
                    .put(data)
                    .flip());
        }

        Request request() throws IOException {
            final ByteBuffer head = receive(28);
            head.getInt();
            head.getShort();
            return new Request(head.getShort(), head.getLong(), head.getLong(), head.getInt());
        }

        /** Answers a read with a byte, as often as it takes. */
        void data(final Request request, final int value) throws IOException {
            final ByteBuffer reply = ByteBuffer.allocate(16 + request.length);
            reply.putInt(0x67446698).putInt(0).putLong(request.cookie);
            while (reply.hasRemaining()) {
                reply.put((byte) value);
            }
            send(reply.flip());
        }

        void simple(final Request request, final int error) throws IOException {
            send(ByteBuffer.allocate(16)
                    .putInt(0x67446698)
                    .putInt(error)
                    .putLong(request.cookie)
                    .flip());
        }

        void chunk(final int flags, final int type, final long cookie, final ByteBuffer data) throws IOException {
            send(ByteBuffer.allocate(20 + data.remaining())
                    .putInt(0x668e33ef)
                    .putShort((short) flags)
                    .putShort((short) type)
                    .putLong(cookie)
                    .putInt(data.remaining())
                    .put(data)
                    .flip());
        }

        /** Sends chunks of a read, none of them the last: {@code DATA} or {@code HOLE}, offset and length of each. */
        void chunks(final Request request, final String chunks) throws IOException {
            for (final String chunk : chunks.split(" {2}", -1)) {
                final String[] words = chunk.split(" ", -1);
                final int length = Integer.parseInt(words[2]);
                final boolean data = words[0].equals("DATA");
                final ByteBuffer content = ByteBuffer.allocate(Long.BYTES + (data ? length : Integer.BYTES));
                content.putLong(Long.parseLong(words[1]));
                if (!data) {
                    content.putInt(length);
                }
                chunk(0, data ? 1 : 2, request.cookie, content.rewind());
            }
        }

        /** Answers reads in chunks until the client leaves, with a byte as often as it takes. */
        void chunkedReads(final int value) throws IOException {
            while (true) {
                final Request request = request();
                final byte[] bytes = new byte[Long.BYTES + request.length];
                Arrays.fill(bytes, (byte) value);
                chunk(
                        1,
                        1,
                        request.cookie,
                        ByteBuffer.wrap(bytes).putLong(request.offset).rewind());
            }
        }

        /** Refuses the export. */
        void refuse() throws IOException {
            refuse("not here".getBytes(StandardCharsets.UTF_8));
        }

        void refuse(final byte[] words) throws IOException {
            greet();
            while (true) {
                final ByteBuffer head = receive(16);
                head.getLong();
                final int option = head.getInt();
                receive(head.getInt());
                reply(option, option == 7 ? ERR_UNKNOWN : ERR_UNSUP, ByteBuffer.wrap(words));
            }
        }

        /** Answers reads until the client leaves. */
        void serveReads(final int value) throws IOException {
            while (true) {
                data(request(), value);
            }
        }
    }
}
