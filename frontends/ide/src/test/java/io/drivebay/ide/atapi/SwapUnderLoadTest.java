package io.drivebay.ide.atapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.channel.IdeChannel;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.media.TransitionTrace;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guest, a context and a host on three threads: every read comes from one disc whole, or fails as a change makes it. */
final class SwapUnderLoadTest {
    private static final int SWAPS = 300;
    private static final int BLOCKS = 8;
    private static final int TABLE = 0x1000;
    private static final int BUFFER = 0x10000;

    private final MemoryRegion ram = MemoryRegion.allocate(1 << 20);
    private final IdeChannel channel = new IdeChannel(level -> {}, GuestMemory.of(ram), Deviation.STANDARD);

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyReadComesFromOneDiscWhole() throws BlockException, InterruptedException {
        final IoContext context = new IoContext("swap", SystemClock.INSTANCE, new ParkPort()).start();
        final BlockLayer layer = new BlockLayer();
        layer.addContext(context);
        final BlockBackend backend = layer.createBackend(context);
        final BlockNode[] discs = {disc(layer, context, 1), disc(layer, context, 2)};
        layer.insertMedium(backend, discs[0]);
        channel.plug(0, AtapiDrive.attach(DriveOptions.of("cd0"), backend, channel.socket(0), TransitionTrace.NONE));
        channel.busMastering(true);
        final AtomicBoolean done = new AtomicBoolean();
        final int[] reads = new int[3];
        final Thread guest = new Thread(() -> {
            while (!done.get()) {
                reads[read()]++;
            }
        });
        guest.start();
        for (int i = 1; i <= SWAPS; i++) {
            layer.changeMedium(backend, discs[i & 1]);
        }
        done.set(true);
        guest.join();
        context.close();
        assertTrue(reads[0] > 0, "no read succeeded");
        assertEquals(0, reads[2], "reads that mixed two discs");
    }

    private static BlockNode disc(final BlockLayer layer, final IoContext context, final int tag)
            throws BlockException {
        final FaultyDisk disc = FaultyDisk.tagged(1 << 20, tag);
        disc.quiet = true;
        return layer.addNode("disc" + tag, context, NodeOptions.DEFAULTS, disc, Map.of());
    }

    /** Reads some blocks: 0 whole, 1 ended by a change, 2 mixed. */
    private int read() {
        ram.putInt(TABLE, BUFFER);
        ram.putInt(TABLE + 4, BLOCKS * 2048 | 1 << 31);
        for (int i = 0; i < 4; i++) {
            channel.writeBusMaster(4 + i, TABLE >> (8 * i));
        }
        channel.writeCommandBlock(1, 1, 1);
        channel.writeCommandBlock(7, 1, 0xa0);
        final int[] words = {0x28, 0, 0, 0, BLOCKS, 0};
        for (final int word : words) {
            channel.writeCommandBlock(0, 2, word);
        }
        channel.writeBusMaster(0, 9);
        int status = channel.readControlBlock();
        while ((status & 0x88) != 0) {
            Thread.onSpinWait();
            status = channel.readControlBlock();
        }
        channel.writeBusMaster(0, 0);
        if ((status & 1) != 0) {
            return 1;
        }
        final int tag = ram.getByte(BUFFER + 2);
        for (int i = 0; i < BLOCKS * 4; i++) {
            if (ram.getByte(BUFFER + 512 * i + 2) != tag) {
                return 2;
            }
        }
        return 0;
    }
}
