package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wherever a device is stopped, a successor finds in the memory that it leaves behind exactly what the driver has offered
 * and not got back. The memory is copied while the device stands still, and the device goes on.
 */
@Timeout(120)
final class StoppedDeviceTest {
    private static final int STOPS = 1000;
    private static final int BUFFERS = 5;

    @TempDir
    private Path folder;

    private final TreeSet<Integer> outstanding = new TreeSet<>();

    private void offer(final RingDriver driver, final int id) {
        if (id % 2 == 1 && driver instanceof PackedRingDriver packed) {
            packed.offerChain(id, id, 100 + id);
        } else {
            driver.offer(id);
        }
        outstanding.add(id);
    }

    private int reapAndOffer(final RingDriver driver) {
        final List<Integer> back = driver.reap();
        for (final int id : back) {
            assertTrue(outstanding.remove(id), () -> id + " came back twice");
        }
        back.forEach(id -> offer(driver, id));
        return back.size();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLostAndNothingIsRepeated(final boolean packed)
            throws IOException, BadRingException, ProtocolException {
        final Path file = folder.resolve("memory");
        final MemoryRegion memory = StoppedDevice.map(file);
        final RingDriver driver = StoppedDevice.driver(memory, packed);
        final Random random = new Random(3);
        try (StoppedDevice device = StoppedDevice.start(file, packed)) {
            for (int id = 0; id < BUFFERS; id++) {
                offer(driver, id);
            }
            for (int stop = 0; stop < STOPS; stop++) {
                final int[] left = {1 + random.nextInt(100)};
                Eventually.holds("a device that works", () -> (left[0] -= reapAndOffer(driver)) <= 0);
                device.stop(() -> reapAndOffer(driver));
                check(driver, memory);
                device.goOn();
            }
        }
    }

    private void check(final RingDriver driver, final MemoryRegion memory) throws BadRingException, ProtocolException {
        final MemoryRegion copy = MemoryRegion.allocate(RingDriver.BYTES);
        copy.copyFrom(0, memory, 0, RingDriver.BYTES);
        final RingDriver after = driver.in(copy);
        final TreeSet<Integer> expected = new TreeSet<>(outstanding);
        after.reap().forEach(expected::remove);

        final Virtqueue successor = after.successor();
        final List<Integer> taken = takeAll(successor);
        assertEquals(List.copyOf(expected), taken.stream().sorted().toList());

        taken.forEach(id -> successor.used(id, 1));
        successor.publish();
        assertEquals(taken, after.reap());
    }

    private static List<Integer> takeAll(final Virtqueue queue) {
        final DescriptorChain chain = new DescriptorChain();
        final List<Integer> taken = new ArrayList<>();
        for (int id = queue.peek(chain); id >= 0; id = queue.peek(chain)) {
            assertEquals(id, chain.address(0));
            taken.add(id);
            queue.advance();
        }
        assertEquals("", queue.problem());
        return taken;
    }
}
