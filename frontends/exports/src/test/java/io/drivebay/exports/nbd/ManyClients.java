package io.drivebay.exports.nbd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A process that connects to a socket as often as it is told, reads a little each time, and stays until it may go. */
final class ManyClients {
    private ManyClients() {}

    public static void main(final String[] args) throws IOException {
        final List<RawClient> clients = new ArrayList<>();
        final int count = Integer.parseInt(args[1]);
        for (int i = 0; i < count; i++) {
            final RawClient client = new RawClient(UnixDomainSocketAddress.of(args[0])).simple("disk");
            final RawClient.Reply reply = client.ask(0, 0, 4096, 4096);
            if (reply.error() != 0) {
                throw new IOException("client " + i + " got error " + reply.error());
            }
            client.receive(4096);
            clients.add(client);
        }
        System.out.println("all in");
        if (System.in.read() < 0) {
            System.out.println("left " + clients.size());
        }
    }
}
