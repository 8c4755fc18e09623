package io.drivebay.exports.control;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.exports.vhost.VhostUserBlkOptions;
import io.drivebay.exports.vhost.VhostUserBlkServer;

/** Exports that have a socket each, for the virtual machine monitors of guests: QAPI's BlockExportOptionsVhostUserBlk. */
final class VhostExports implements ExportFactory {
    static final String TYPE = "vhost-user-blk";
    private static final int BLOCK_BYTES = 512;

    private enum AddressType {
        UNIX,
        FD
    }

    private final BlockLayer layer;

    VhostExports(final BlockLayer layer) {
        this.layer = layer;
    }

    @Override
    public BlockExport open(final Common common, final BlockdevOptions options) throws BlockException {
        final VhostUserBlkOptions shown = shown(common, options);
        final BlockdevOptions address = options.nested("addr");
        if (address == null) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'addr' is missing: addr.type=unix or fd");
        }
        address.requiredText("type");
        return switch (address.choice("type", AddressType.class, AddressType.UNIX)) {
            case UNIX -> {
                final String path = ListenAddress.path(address);
                refuseUnread(address, options);
                yield new Served(VhostUserBlkServer.listen(layer, common.node(), shown, path));
            }
            case FD -> {
                final long fd = descriptor(address.requiredText("str"));
                refuseUnread(address, options);
                yield new Served(VhostUserBlkServer.adopt(layer, common.node(), shown, (int) fd));
            }
        };
    }

    private static VhostUserBlkOptions shown(final Common common, final BlockdevOptions options) throws BlockException {
        final long blockBytes = options.size("logical-block-size", BLOCK_BYTES);
        final long queues = options.number("num-queues", 1);
        try {
            return VhostUserBlkOptions.of(common.id())
                    .withWritable(common.writable())
                    .withWriteThrough(common.writeThrough())
                    .withBlockBytes(Math.toIntExact(Math.max(blockBytes, 1)))
                    .withQueues(Math.toIntExact(queues));
        } catch (final IllegalArgumentException | ArithmeticException e) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "'num-queues' must be 1 to 256 and 'logical-block-size' a power of two from 512 to 32768, not "
                            + queues + " and " + blockBytes,
                    e);
        }
    }

    private static int descriptor(final String number) throws BlockException {
        try {
            return Integer.parseInt(number.startsWith("-") ? "" : number);
        } catch (final NumberFormatException e) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'addr.str' must be the number of a descriptor, not '" + number + "'",
                    e);
        }
    }

    private static void refuseUnread(final BlockdevOptions address, final BlockdevOptions options)
            throws BlockException {
        address.refuseUnread();
        options.refuseUnread();
    }

    private record Served(VhostUserBlkServer server) implements BlockExport {
        @Override
        public void remove(final boolean hard) throws BlockException {
            if (!hard && server.hasClient()) {
                throw new BlockException(
                        Kind.IN_USE, "export '" + server.options().id() + "' still has a client");
            }
            server.close();
        }
    }
}
