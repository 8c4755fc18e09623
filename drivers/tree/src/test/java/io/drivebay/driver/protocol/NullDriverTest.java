package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import io.drivebay.driver.Disk.Submitted;
import io.drivebay.driver.DriverContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NullDriverTest extends DriverContract {
    @Override
    protected Map<String, Object> options() {
        return Map.of("driver", "null-co", "size", SIZE, "read-zeroes", true);
    }

    @Override
    protected boolean keepsData() {
        return false;
    }

    @Test
    void withoutASizeItHasOneGibibyte() throws BlockException {
        assertEquals(
                1L << 30,
                disk.blockdevs.add(disk.context, Map.of("driver", "null-co")).length());
    }

    @Test
    void aLengthThatCannotBeRoundedUpIsRefused() {
        final BlockException refused = assertThrows(
                BlockException.class,
                () -> disk.blockdevs.add(disk.context, Map.of("driver", "null-co", "size", Long.MAX_VALUE)));

        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
    }

    @Test
    void withoutReadZeroesMemoryStaysAsItIs() throws BlockException {
        try (Disk other = new Disk(new VirtualClock(), new ParkPort())) {
            other.open(Map.of("driver", "null-co", "size", 512));
            final byte[] back = new byte[512];
            final var memory = MemoryRegion.allocate(512);
            memory.fill(0, 512, (byte) 3);
            other.run(Operation.READ, 0, 512, 0, new IoVector().add(memory, 0, 512));
            memory.getBytes(0, back, 0, 512);

            assertEquals(3, back[511]);
        }
    }

    @Test
    void latencyIsThatOfTheContextsClock() throws BlockException {
        final VirtualClock clock = new VirtualClock();
        try (Disk slow = new Disk(clock, new ParkPort())) {
            slow.open(Map.of("driver", "null-co", "latency-ns", 1000));
            final Submitted first = slow.submit(Operation.FLUSH, 0, 0, 0, new IoVector());
            slow.context.runUntilIdle();
            clock.advance(400);
            final Submitted second = slow.submit(Operation.WRITE_ZEROES, 0, 512, 0, new IoVector());
            slow.context.runUntilIdle();

            clock.advance(599);
            slow.context.runUntilIdle();
            assertFalse(first.done());

            clock.advance(1);
            slow.context.runUntilIdle();
            assertTrue(first.done());
            assertFalse(second.done());

            clock.advance(400);
            slow.context.runUntilIdle();
            assertTrue(second.done());
            assertEquals(Status.OK, second.request.status());
        }
    }
}
