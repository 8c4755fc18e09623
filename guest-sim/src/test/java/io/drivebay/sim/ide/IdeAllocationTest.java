package io.drivebay.sim.ide;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.drivebay.sim.ide.AtaDriver.Mode;
import io.drivebay.sim.kit.TestMachine;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The whole way of a command on one thread: driver, ports, task file, bus master, backend, disk and back. Measuring
 * itself may cost a little; less than a byte a command means that commands cost none.
 */
final class IdeAllocationTest {
    private static final int COMMANDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TestMachine machine = TestMachine.ofSeed(1).medium("M", 1 << 20);

    @AfterEach
    void end() {
        machine.close();
    }

    private long allocatedBy(final Runnable command) {
        for (int i = 0; i < COMMANDS; i++) {
            command.run();
        }
        final long self = Thread.currentThread().getId();
        final long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < COMMANDS; i++) {
            command.run();
        }
        return threads.getThreadAllocatedBytes(self) - before;
    }

    @Test
    void aDmaReadOfADiskAllocatesNothing() throws Exception {
        final IdeDriver channel = machine.disk("hd0", "M").channel();
        final AtaCommand command = AtaDriver.transfer(Mode.DMA, false, 64, 128);

        final long bytes = allocatedBy(() -> {
            channel.beginDma(0, command, 128 * AtaDriver.SECTOR);
            assertTrue(channel.finish().ok());
        });

        assertTrue(bytes < COMMANDS, () -> bytes + " bytes for " + COMMANDS + " commands");
    }

    @Test
    void aDmaPacketOf32BlocksAllocatesNothing() throws Exception {
        final AtapiDriver cd = machine.cd("cd0", "M").guest();
        assertFalse(cd.ready());
        final byte[] read = AtapiDriver.cdb10(0x28, 16, 32);

        final long bytes = allocatedBy(() -> {
            cd.beginDma(read, 32 * AtapiDriver.BLOCK);
            assertTrue(cd.channel().finish().ok());
        });

        assertTrue(bytes < COMMANDS, () -> bytes + " bytes for " + COMMANDS + " commands");
    }
}
