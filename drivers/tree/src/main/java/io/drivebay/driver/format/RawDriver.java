package io.drivebay.driver.format;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.CompletionFrame;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import io.drivebay.driver.filter.FilterDriver;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A disk that is a window into its file, or all of it. */
final class RawDriver extends FilterDriver {
    static final String NAME = "raw";

    /** The window ends where the file does. */
    static final long TO_THE_END = -1;

    /* Gives a request back its own offset. */
    private static final CompletionFrame OWN_OFFSET = (request, savedOffset) -> {
        request.set(request.operation(), savedOffset, request.length(), request.flags());
        return true;
    };

    private final long offsetBytes;
    private final long sizeBytes;
    private final CompletionListener statusKnown = this::statusKnown;
    private @Nullable BlockNode self;

    RawDriver(final BlockNode child, final long offsetBytes, final long sizeBytes) {
        super(NAME, FILE, child);
        this.offsetBytes = offsetBytes;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public void attached(final BlockNode newSelf) {
        super.attached(newSelf);
        self = newSelf;
    }

    @Override
    public long length() {
        return sizeBytes == TO_THE_END ? Math.max(0, super.length() - offsetBytes) : sizeBytes;
    }

    private boolean isWindow() {
        return offsetBytes != 0 || sizeBytes != TO_THE_END;
    }

    @Override
    public void start(final BlockRequest request) {
        final Operation operation = request.operation();
        if (!isWindow() || operation == Operation.FLUSH) {
            pass(request);
        } else if (operation == Operation.BLOCK_STATUS) {
            askStatus(request);
        } else {
            request.push(OWN_OFFSET, request.offset());
            request.set(operation, request.offset() + offsetBytes, request.length(), request.flags());
            pass(request);
        }
    }

    /** Asks the file by a request of its own: the end that its answer names is not this disk's end. */
    private void askStatus(final BlockRequest request) {
        final BlockNode node = Objects.requireNonNull(self);
        final BlockRequest part = node.domain().parts().take(statusKnown);
        part.set(Operation.BLOCK_STATUS, request.offset() + offsetBytes, request.length(), request.flags());
        part.attachment(request);
        part.startPart(request, node.domain().context().clock().nanoTime());
        pass(part);
    }

    private void statusKnown(final BlockRequest part) {
        final BlockRequest request = (BlockRequest) Objects.requireNonNull(part.attachment());
        if (part.succeeded()) {
            final long bytes = part.statusBytes();
            final int end = request.offset() + bytes >= length() ? BlockStatusFlags.END_OF_FILE : 0;
            request.completeStatus((part.statusFlags() & ~BlockStatusFlags.END_OF_FILE) | end, bytes);
        } else {
            request.completeLike(part);
        }
        Objects.requireNonNull(self).domain().parts().give(part);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        if (sizeBytes != TO_THE_END) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED, "driver raw cannot change its length: its option 'size' says " + sizeBytes);
        }
        if (newLengthBytes > Long.MAX_VALUE - offsetBytes) {
            throw new BlockException(Kind.INVALID_OPTION, "a length of " + newLengthBytes + " bytes is too much");
        }
        super.resize(newLengthBytes + offsetBytes);
    }

    @Override
    public Map<String, Object> describe() {
        return sizeBytes == TO_THE_END
                ? Map.of("offset", offsetBytes)
                : Map.of("offset", offsetBytes, "size", sizeBytes);
    }
}
