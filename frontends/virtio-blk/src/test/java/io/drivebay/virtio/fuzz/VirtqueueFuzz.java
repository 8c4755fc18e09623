package io.drivebay.virtio.fuzz;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.RingForm;
import io.drivebay.virtio.queue.Virtqueue;
import io.drivebay.virtio.queue.Virtqueues;

/**
 * Fuzz target: the parsers of split and packed rings. The input is a layout, then the guest's memory; the ring is taken
 * from and given back to as a device would.
 */
public final class VirtqueueFuzz {
    private static final int RAM_BYTES = 16 << 10;
    private static final int MAX_TAKEN = 256;

    private VirtqueueFuzz() {}

    /** One input; throws where the parser does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final FuzzBytes bytes = new FuzzBytes(input);
        final MemoryRegion ram = MemoryRegion.allocate(RAM_BYTES);
        final int choices = bytes.u8();
        final RingForm form =
                new RingForm((choices & 1) != 0, (choices & 2) != 0, (choices & 4) != 0, (choices & 8) != 0);
        final QueueLayout layout = new QueueLayout(
                (int) bytes.pick(8, 7, 1, 64, 256, 32768),
                bytes.pick(0, 16, 4096, 8),
                bytes.pick(1024, 128, 256, 8192),
                bytes.pick(2048, 192, 320, RAM_BYTES));
        for (int at = 0; at < RAM_BYTES && !bytes.exhausted(); at++) {
            ram.putByte(at, (byte) bytes.u8());
        }
        try {
            use(Virtqueues.open(GuestMemory.of(ram), layout, form));
        } catch (final BadRingException e) {
            require(!e.toString().isEmpty(), "a refusal has a reason");
        }
    }

    private static void use(final Virtqueue queue) {
        final DescriptorChain chain = new DescriptorChain();
        queue.suppressNotifications();
        for (int taken = 0; taken < MAX_TAKEN; taken++) {
            final int id = queue.peek(chain);
            if (id == Virtqueue.EMPTY) {
                queue.enableNotifications();
                break;
            }
            if (id == Virtqueue.CORRUPT) {
                require(!queue.problem().isEmpty(), "a corrupt ring has a reason");
                break;
            }
            require(id >= 0 && id < queue.size(), "an id is below the size: " + id);
            check(chain);
            queue.advance();
            require(queue.used(id, (int) chain.writableBytes()) > 0, "what is used counts");
            if (taken % 3 == 0) {
                queue.publish();
            }
        }
        queue.publishAndAsk();
        require(!queue.publishAndAsk(), "nothing new is nothing to tell");
    }

    private static void check(final DescriptorChain chain) {
        require(chain.count() <= DescriptorChain.MAX_DESCRIPTORS, "a chain is bounded: " + chain);
        require(chain.readable() <= chain.count() && chain.lastWritable() < chain.count(), "counts agree: " + chain);
        long bytes = 0;
        for (int i = 0; i < chain.count(); i++) {
            bytes += chain.lengthBytes(i);
        }
        require(bytes >= chain.writableBytes() && chain.writableBytes() >= 0, "lengths are unsigned: " + chain);
    }

    private static void require(final boolean holds, final String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
