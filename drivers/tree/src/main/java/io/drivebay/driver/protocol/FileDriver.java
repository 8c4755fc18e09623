package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.RequestFlags;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A disk that is a file or a device of the host. */
final class FileDriver implements BlockDriver {
    /** Bounce buffers are memory: a longer request that needs one is cut. */
    private static final long MAX_DIRECT_TRANSFER = 16 << 20;
    /** What Linux moves in one call, cut to whole sectors. */
    private static final long MAX_CACHED_TRANSFER = 0x7ffff000;

    private final OpenedFile file;
    private final boolean neverFlush;
    private final FileWork work;
    private final @Nullable SpaceEngine space;
    private final BlockLimits limits;
    private volatile long lengthBytes;

    /**
     * A disk on a file, which it will close.
     *
     * @param neverFlush whether durability is of no interest ({@code cache.no-flush})
     */
    FileDriver(final OpenedFile file, final FileEngine engine, final IoDomain domain, final boolean neverFlush) {
        this.file = file;
        this.neverFlush = neverFlush;
        this.work = new FileWork(domain, engine, file.direct());
        this.space = engine instanceof SpaceEngine has ? has : null;
        this.limits = limits(file, space != null);
        this.lengthBytes = file.lengthBytes();
    }

    private static BlockLimits limits(final OpenedFile file, final boolean managesSpace) {
        final DirectAlignment direct = file.direct();
        final int deviceBlock = file.deviceBlockBytes();
        final BlockLimits transfers = direct == null
                ? new BlockLimits(1, MAX_CACHED_TRANSFER, deviceBlock, deviceBlock, true, true, true, true)
                : new BlockLimits(1, MAX_DIRECT_TRANSFER, deviceBlock, deviceBlock, true, true, true, true)
                        .withAlignment(direct.blockBytes());
        return transfers
                .withZeroes(managesSpace)
                .withDiscard(managesSpace)
                .withBlockStatus(managesSpace && !file.isDevice());
    }

    @Override
    public void attached(final BlockNode self) {
        work.nodeName(self.name());
    }

    @Override
    public String driverName() {
        return file.driverName();
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    @Override
    public boolean readOnly() {
        return file.readOnly();
    }

    @Override
    public void start(final BlockRequest request) {
        switch (request.operation()) {
            case READ, WRITE -> work.transfer().start(request, durable(request));
            case FLUSH -> FlushTask.start(work, request);
            case WRITE_ZEROES, DISCARD -> work.begin(new SpaceTask(work, space(), request, durable(request)));
            case BLOCK_STATUS -> work.begin(new ExtentTask(work, space(), request, lengthBytes));
            default -> throw new IllegalStateException("not supported by " + driverName() + ": " + request);
        }
    }

    private boolean durable(final BlockRequest request) {
        return request.has(RequestFlags.FUA) && !neverFlush;
    }

    private SpaceEngine space() {
        if (space == null) {
            throw new IllegalStateException("not among the limits of " + driverName() + ": managing space");
        }
        return space;
    }

    @Override
    public void preparePermissions(final int permissions, final int shared) throws BlockException {
        file.guard().prepare(permissions, shared);
    }

    @Override
    public void commitPermissions() {
        file.guard().commit();
    }

    @Override
    public void abortPermissions() {
        file.guard().abort();
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        if (file.isDevice()) {
            throw new BlockException(Kind.NOT_SUPPORTED, "device " + file.filename() + " has a fixed length");
        }
        work.engine().resize(newLengthBytes);
        lengthBytes = newLengthBytes;
    }

    @Override
    public Map<String, Object> describe() {
        final Map<String, Object> members = new LinkedHashMap<>();
        members.put("filename", file.filename());
        members.put("aio", file.aio().qapiName());
        members.put("cache.direct", file.direct() != null);
        final DirectAlignment direct = file.direct();
        if (direct != null) {
            members.put("request-alignment", direct.blockBytes());
            members.put("memory-alignment", direct.memoryBytes());
            members.put("alignment-source", direct.source());
        }
        members.put("locking", file.guard().locks() ? "on" : "off");
        members.put("bounced-requests", work.bouncedRequests.get());
        members.put("bounced-bytes", work.bouncedBytes.get());
        members.put("parked-operations", work.parkedOperations.get());
        members.put("flush-failed", work.lostWrites.errno() != 0);
        return members;
    }

    @Override
    public void close() {
        work.engine().close();
        file.guard().close();
    }
}
