package io.drivebay.sim.simulation;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.sim.SeededRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that takes its time, answers in any order, fails now and then, and loses what was not flushed when
 * the power fails: all as its seed has it. Requests take effect somewhere between their start and their end.
 */
public final class SimDisk implements BlockDriver {
    private static final int EIO = 5;

    private final SimMedium medium;
    private final SimFaults faults;
    private final SeededRandom random;
    private final ArrayDeque<Transfer> idle = new ArrayDeque<>();
    private final List<Transfer> busy = new ArrayList<>();
    private @Nullable IoContext context;
    private String name = "";
    private boolean dead;
    private long started;

    /** A disk that holds a medium. */
    public SimDisk(final SimMedium medium, final SimFaults faults, final SeededRandom random) {
        this.medium = medium;
        this.faults = faults;
        this.random = random;
    }

    /** A node on this disk, with unmapping. */
    public BlockNode node(final BlockLayer layer, final IoContext where) throws BlockException {
        return layer.addNode(null, where, NodeOptions.DEFAULTS.withDiscard(true), this, Map.of());
    }

    public SimMedium medium() {
        return medium;
    }

    /** How many requests have come so far. */
    public long started() {
        return started;
    }

    /** How many requests it is working on. */
    public int busy() {
        return busy.size();
    }

    @Override
    public String driverName() {
        return "sim-disk";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED.withAlignment(SimMedium.SECTOR_BYTES).withFua(faults.fua());
    }

    @Override
    public long length() {
        return medium.bytes();
    }

    @Override
    public void attached(final BlockNode self) {
        context = self.domain().context();
        name = self.name();
    }

    @Override
    public void start(final BlockRequest request) {
        started++;
        if (dead) {
            request.fail(Status.IO_ERROR, EIO, name);
            return;
        }
        final Transfer pooled = idle.pollLast();
        final Transfer transfer = pooled == null ? new Transfer() : pooled;
        busy.add(transfer);
        transfer.start(request);
    }

    /**
     * The power fails: what was not flushed is lost or not by chance, requests on their way have done part of their
     * work. They and all later ones fail. The medium may then be put into another disk.
     */
    public void cutPower() {
        dead = true;
        for (final Transfer transfer : List.copyOf(busy)) {
            transfer.tear();
        }
        medium.cutPower(random);
    }

    private IoContext requireContext() {
        final IoContext known = context;
        if (known == null) {
            throw new IllegalStateException("a request came before the disk was attached to a node");
        }
        return known;
    }

    /** One request on its way. */
    private final class Transfer {
        private final Timer timer = requireContext().timer(this::finish);
        private @Nullable BlockRequest request;
        private boolean early;
        private boolean fails;

        void start(final BlockRequest newRequest) {
            request = newRequest;
            fails = random.percent(faults.failPercent()) || damaged(newRequest);
            early = !fails && random.percent(50);
            if (early && newRequest.operation() != Operation.FLUSH) {
                perform(newRequest);
            }
            final int spread = faults.maxLatencyNs() - faults.minLatencyNs();
            timer.arm(requireContext().clock().nanoTime() + faults.minLatencyNs() + random.below(spread));
        }

        private boolean damaged(final BlockRequest asked) {
            return asked.operation() == Operation.READ && medium.damaged((int) asked.offset(), (int) asked.length());
        }

        private BlockRequest take() {
            final BlockRequest taken = request;
            if (taken == null) {
                throw new IllegalStateException("no request is on its way");
            }
            request = null;
            busy.remove(this);
            idle.addLast(this);
            return taken;
        }

        private void finish() {
            final boolean failing = fails;
            final boolean performed = early;
            final BlockRequest ended = take();
            if (failing) {
                fail(ended);
                return;
            }
            if (!performed || ended.operation() == Operation.FLUSH) {
                perform(ended);
            }
            if (ended.operation() == Operation.WRITE && ended.has(RequestFlags.FUA)) {
                medium.flush((int) ended.offset(), (int) ended.length());
            }
            if (random.percent(10)) {
                medium.writeBackSome(random);
            }
            if (ended.operation() == Operation.BLOCK_STATUS) {
                ended.completeStatus(BlockStatusFlags.DATA | BlockStatusFlags.ALLOCATED, ended.length());
            } else {
                ended.complete();
            }
        }

        private void fail(final BlockRequest failed) {
            if (failed.operation() == Operation.WRITE) {
                medium.writeSome((int) failed.offset(), failed.vector(), random);
            }
            failed.fail(Status.IO_ERROR, EIO, name);
        }

        void tear() {
            timer.cancel();
            fail(take());
        }

        private void perform(final BlockRequest asked) {
            final int offset = (int) asked.offset();
            switch (asked.operation()) {
                case READ -> medium.read(offset, asked.vector());
                case WRITE -> medium.write(offset, asked.vector());
                case FLUSH -> medium.flush();
                case WRITE_ZEROES, DISCARD -> zero(asked, offset);
                default -> {}
            }
        }

        private void zero(final BlockRequest asked, final int offset) {
            medium.zero(offset, (int) asked.length());
            if (asked.has(RequestFlags.FUA)) {
                medium.flush(offset, (int) asked.length());
            }
        }
    }
}
