package io.drivebay.exports.nbd;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A place for one request of a connection, from its header to the last byte of its reply. Reused for ever. */
final class RequestSlot implements CompletionListener {
    /** The longest header of a reply, with the offset that its data begins with. */
    private static final int MAX_HEAD = 64;

    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

    final BlockRequest request = new BlockRequest(this);
    final RequestHeader header = new RequestHeader();
    /** The reply's header; what is between position and limit waits to be sent. */
    final ByteBuffer head = ByteBuffer.allocateDirect(MAX_HEAD);

    private final NbdConnection connection;
    private @Nullable DataBuffer data;
    private @Nullable ExtentList extents;
    /** Which contexts a BLOCK_STATUS is about. */
    int contexts;
    /** How far a command of several steps has come, in bytes. */
    long done;
    /** True when a READ has found nothing but a hole. */
    boolean hole;
    /** True when the reply goes on after its header with the data. */
    boolean sendsData;

    RequestSlot(final NbdConnection connection) {
        this.connection = connection;
    }

    @Override
    public void completed(final BlockRequest ended) {
        connection.completed(this);
    }

    void data(final @Nullable DataBuffer buffer) {
        data = buffer;
    }

    @Nullable
    DataBuffer data() {
        return data;
    }

    DataBuffer requireData() {
        final DataBuffer buffer = data;
        if (buffer == null) {
            throw new IllegalStateException("a slot without a buffer");
        }
        return buffer;
    }

    /** The reply's data that waits to be sent; empty when there is none. */
    ByteBuffer tail() {
        final DataBuffer buffer = data;
        return sendsData && buffer != null ? buffer.bytes : EMPTY;
    }

    /** The pieces of a BLOCK_STATUS; kept once a slot has had to do with one. */
    ExtentList extents() {
        ExtentList list = extents;
        if (list == null) {
            list = new ExtentList();
            extents = list;
        }
        return list;
    }

    void begin() {
        done = 0;
        hole = false;
        contexts = 0;
        sendsData = false;
        head.clear().limit(0);
    }
}
