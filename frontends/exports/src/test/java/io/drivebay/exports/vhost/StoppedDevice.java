package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A process that takes buffers from a tracked queue in shared memory and gives them back as fast as it can, and can be
 * stopped wherever it just is: what the memory holds then is what it would have left had it been killed there.
 */
final class StoppedDevice implements AutoCloseable {
    private final Process device;
    /* A shell of its own has a signal out sooner than a program begins. */
    private final Process hand;

    private StoppedDevice(final Process device, final Process hand) {
        this.device = device;
        this.hand = hand;
    }

    static StoppedDevice start(final Path memory, final boolean packed) throws IOException {
        final Process device = JavaProcess.start(StoppedDevice.class, memory.toString(), String.valueOf(packed));
        final String signals = "while read signal; do kill -$signal " + device.pid() + "; echo; done";
        return new StoppedDevice(device, new ProcessBuilder("sh", "-c", signals).start());
    }

    /** Shared memory as both have it. */
    static MemoryRegion map(final Path memory) throws IOException {
        try (FileChannel file = FileChannel.open(
                memory, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return MemoryRegion.of(file.map(FileChannel.MapMode.READ_WRITE, 0, RingDriver.BYTES));
        }
    }

    static RingDriver driver(final MemoryRegion memory, final boolean packed) {
        return packed ? new PackedRingDriver(memory) : new SplitRingDriver(memory);
    }

    /** The process; arguments: a file of shared memory, whether the ring is packed. */
    public static void main(final String[] arguments) throws Exception {
        final MemoryRegion memory = map(Path.of(arguments[0]));
        final Virtqueue queue =
                driver(memory, Boolean.parseBoolean(arguments[1])).successor();
        final DescriptorChain chain = new DescriptorChain();
        final Random random = new Random(1);
        final List<Integer> taken = new ArrayList<>();
        System.out.write('+');
        System.out.flush();
        while (true) {
            for (int id = queue.peek(chain); id >= 0 && random.nextInt(4) > 0; id = queue.peek(chain)) {
                queue.advance();
                taken.add(id);
            }
            while (!taken.isEmpty() && random.nextInt(4) > 0) {
                queue.used(taken.remove(random.nextInt(taken.size())), 1);
            }
            if (random.nextBoolean()) {
                queue.publish();
            } else {
                queue.publishAndAsk();
            }
        }
    }

    /**
     * Stops it where it is; returns when it stands still.
     *
     * @param work keeps it busy until then
     */
    void stop(final Runnable work) throws IOException {
        signal("STOP", work);
        Eventually.holds("a device that stands still", this::standsStill);
    }

    void goOn() throws IOException {
        signal("CONT", Thread::onSpinWait);
    }

    private void signal(final String name, final Runnable work) throws IOException {
        hand.getOutputStream().write((name + "\n").getBytes(StandardCharsets.US_ASCII));
        hand.getOutputStream().flush();
        while (hand.getInputStream().available() == 0 && hand.isAlive()) {
            work.run();
        }
        if (hand.getInputStream().read() < 0) {
            throw new IOException("there is nobody to stop the device");
        }
    }

    private boolean standsStill() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(device.pid()), "task"))) {
            return threads.allMatch(StoppedDevice::stopped);
        } catch (final IOException e) {
            return false;
        }
    }

    /** The state is the letter behind the name in parentheses (proc(5)). */
    private static boolean stopped(final Path thread) {
        try {
            final String stat = Files.readString(thread.resolve("stat"));
            return stat.startsWith("T", stat.lastIndexOf(')') + 2);
        } catch (final IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        hand.destroyForcibly();
        device.destroyForcibly();
    }
}
