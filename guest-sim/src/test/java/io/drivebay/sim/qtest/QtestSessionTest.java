package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.pc.PcMachine;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session turn by turn, in the thread of the test. */
final class QtestSessionTest {
    private final VirtualClock clock = new VirtualClock();
    private final IoContext context = IoContext.stepped("pc", clock);
    private final BlockLayer layer = new BlockLayer();
    private final PcMachine machine = new PcMachine(new GuestRam(4 << 20), new UUID(0, 0), Deviation.STANDARD);
    private long realNs;

    @BeforeEach
    void plug() throws Exception {
        layer.addContext(context);
        machine.channel(0)
                .plug(
                        0,
                        AtaDisk.attach(
                                DiskOptions.of(DriveOptions.of("hd0")),
                                new MemoryDisk(1 << 20).backend(layer, context),
                                machine.channel(0).socket(0)));
    }

    private QtestSession begin(final MemoryChannel channel) {
        final QtestSession session =
                new QtestSession(channel, machine, new MachineClock(clock, context), () -> realNs, QtestLog.none());
        session.begin(channel);
        return session;
    }

    private List<String> answers(final String text) {
        final MemoryChannel channel = new MemoryChannel(text, 7, 11);
        final QtestSession session = begin(channel);
        while (!session.ended()) {
            context.runOnce();
        }
        return channel.said().lines().toList();
    }

    @Test
    void aTransferIsOverWhenTheAccessThatStartedItIsAnswered() {
        final String enable = "outl 0xcf8 0x80000920\noutl 0xcfc 0xc001\noutl 0xcf8 0x80000904\noutw 0xcfc 5\n";
        final String table = "writeq 0x1000 0x8000020000002000\noutl 0xc004 0x1000\nirq_intercept_in ioapic\n";
        final String read = "outb 0x1f6 0xe0\noutb 0x1f2 1\noutb 0x1f3 0\noutb 0x1f7 0xc8\noutb 0xc000 9\ninb 0x3f6\n";

        final List<String> answers = answers(enable + table + read);

        assertEquals(
                List.of("OK", "IRQ raise 14", "OK", "OK 0x0050"), answers.subList(answers.size() - 4, answers.size()));
    }

    @Test
    void aLongCommandLeavesTurnsToOthers() {
        final int[] turns = new int[1];
        final MemoryChannel channel = new MemoryChannel("read 0x0 0x300000\n", 100, 1 << 20);
        final QtestSession session = begin(channel);

        while (!session.ended()) {
            context.execute(() -> turns[0]++);
            context.runOnce();
        }

        assertEquals(5 + 2 * 0x300000 + 1, channel.said().length());
        assertTrue(turns[0] > 0x300000 / 12288, () -> turns[0] + " turns");
    }

    @Test
    void aClientThatDoesNotListenIsNotListenedToAnyMore() {
        final MemoryChannel channel = new MemoryChannel("inb 0x1f7\n".repeat(100_000), 1000, 0);
        final QtestSession session = begin(channel);
        while (!channel.awaited()) {
            realNs += 100;
            context.runOnce();
        }
        final long before = channel.lines();

        channel.take(1000);
        session.wake();
        while (!session.ended()) {
            context.runOnce();
        }

        assertTrue(before < 10_000, () -> before + " lines were taken");
        assertEquals("OK 0x0050\n".repeat(100_000), channel.said());
    }

    @Test
    void itIsWatchedOnceNothingHasComeForAWhile() {
        final MemoryChannel channel = new MemoryChannel("endianness\n", 100, 100);
        begin(channel);
        context.runOnce();
        context.runOnce();
        final boolean atOnce = channel.awaited();

        realNs += 1_000_000;
        context.runUntilIdle();

        assertFalse(atOnce);
        assertTrue(channel.awaited());
    }
}
