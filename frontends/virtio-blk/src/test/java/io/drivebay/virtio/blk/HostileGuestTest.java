package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.Status;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * S4 with seeds: rings full of nonsense and rings that were right but for one field. Whatever they say, the device throws
 * nothing, does bounded work, keeps no slot, and its other queue goes on unless the ring itself was corrupt.
 */
final class HostileGuestTest {
    private static final int SIZE = 16;
    private static final int ROUNDS = 400;
    private static final int TABLES = Machine.BUFFERS + (2 << 20);
    private static final int CHAIN = 3;

    /** No round may do more than this many things: chains of two queues, each a few steps. */
    private static final int MOST_WORK = 2_000;

    private static final long[] ADDRESSES = {
        0, 1, 15, Machine.BUFFERS, Machine.RAM_BYTES - 1, Machine.RAM_BYTES, -1, -512, Long.MAX_VALUE, Long.MIN_VALUE
    };
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 32, 512, 4096, -1, -16, Integer.MAX_VALUE};
    private static final int[] TYPES = {0, 1, 4, 8, 10, 11, 13, 14, 15, 24, 2, 3, -1};

    private Random random = new Random(0);

    private int pick(final int[] values) {
        return values[random.nextInt(values.length)];
    }

    private long address() {
        return random.nextInt(3) == 0
                ? ADDRESSES[random.nextInt(ADDRESSES.length)]
                : Machine.BUFFERS + random.nextInt(1 << 20);
    }

    private int length() {
        return random.nextBoolean() ? pick(LENGTHS) : random.nextInt(8192);
    }

    /** A descriptor of anything. */
    private void scribble(final GuestRing ring, final int at, final int links) {
        ring.descriptorAt(at, address(), length(), random.nextInt(8), random.nextInt(links + 2) - 1);
    }

    private void scribbleRing(final Machine machine, final GuestRing ring) {
        for (int i = 0; i < SIZE; i++) {
            scribble(ring, ring.descriptors() + 16 * i, SIZE);
        }
        for (int i = 0; i < 64; i++) {
            scribble(ring, TABLES + 16 * i, 64);
            machine.headerAt(Machine.BUFFERS + 4096 * i, pick(TYPES), random.nextInt(4096) - 8);
        }
        for (int i = 0; i < SIZE; i++) {
            ring.availableHead(i, random.nextInt(8) == 0 ? random.nextInt(65536) : random.nextInt(SIZE));
        }
        ring.availableIndex(ring.availableIndex() + random.nextInt(SIZE + 2));
    }

    /** Right requests, of which one field of one descriptor is then spoilt. */
    private void mutateRing(final Machine machine, final GuestRing ring) {
        for (int head = 0; head + CHAIN <= SIZE; head += CHAIN) {
            final Buffer data = random.nextBoolean()
                    ? Buffer.readable(Machine.BUFFERS + 65536, 512)
                    : Buffer.writable(Machine.BUFFERS + 65536, 512);
            final Buffer[] chain = {machine.header(pick(TYPES), random.nextInt(2048)), data, machine.status()};
            if (random.nextInt(3) == 0) {
                ring.chain(head, ring.table(TABLES + 64 * head, chain));
                spoil(machine, TABLES + 64 * head + 16 * random.nextInt(CHAIN));
            } else {
                ring.chain(head, chain);
            }
            ring.offerHead(head);
        }
        spoil(machine, ring.descriptors() + 16 * random.nextInt(SIZE));
    }

    private void spoil(final Machine machine, final int descriptor) {
        switch (random.nextInt(5)) {
            case 0 -> machine.ram.putLong(descriptor, address());
            case 1 -> machine.ram.putInt(descriptor + 8, length());
            case 2 -> machine.ram.putShort(descriptor + 12, (short) random.nextInt(65536));
            case 3 -> machine.ram.putShort(descriptor + 14, (short) random.nextInt(65536));
            default -> machine.ram.putByte(descriptor + random.nextInt(16), (byte) random.nextInt(256));
        }
    }

    private static int runBounded(final Machine machine) {
        int work = 0;
        for (int done = machine.context.runOnce(); done > 0; done = machine.context.runOnce()) {
            work += done;
            assertTrue(work <= MOST_WORK, "too much work: " + work);
        }
        return work;
    }

    private void assertQueueWorks(final Machine machine, final int queue, final GuestRing ring) {
        final int before = ring.usedIndex();
        final Buffer status = machine.status();
        ring.chain(0, machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), status);
        ring.offerHead(0);
        machine.kick(queue);
        runBounded(machine);
        assertEquals((before + 1) & 0xffff, ring.usedIndex());
        assertEquals(0, machine.statusIn(status));
    }

    /** Makes every head available once: one that was still in use would break the device. */
    private void assertNoSlotIsKept(final Machine machine, final GuestRing ring) {
        final List<Buffer> statuses = new ArrayList<>();
        for (int head = 0; head < SIZE; head++) {
            final Buffer status = machine.status();
            statuses.add(status);
            ring.chain(
                    head,
                    ring.table(
                            TABLES + 64 * head,
                            machine.header(Machine.IN, 0),
                            Buffer.writable(Machine.BUFFERS, 512),
                            status));
            ring.offerHead(head);
        }
        machine.kick(0);
        runBounded(machine);
        assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        statuses.forEach(status -> assertEquals(0, machine.statusIn(status)));
    }

    private void attack(final Machine machine, final boolean nonsense) {
        GuestRing attacked = bringUp(machine);
        GuestRing other = machine.enable(1, SIZE);
        for (int round = 0; round < ROUNDS; round++) {
            machine.disk.fail(random.nextInt(4) == 0 ? Status.IO_ERROR : null);
            machine.disk.hold(random.nextInt(4) == 0);
            if (nonsense) {
                scribbleRing(machine, attacked);
            } else {
                mutateRing(machine, attacked);
            }
            machine.kick(0);
            runBounded(machine);
            machine.disk.fail(null);
            machine.disk.hold(false);
            machine.disk.releaseAll();
            runBounded(machine);
            assertEquals(0, machine.backend.pending());
            if ((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0) {
                machine.set(Machine.STATUS, 0);
                attacked = bringUp(machine);
                other = machine.enable(1, SIZE);
            }
            assertQueueWorks(machine, 1, other);
        }
        assertNoSlotIsKept(machine, attacked);
    }

    private GuestRing bringUp(final Machine machine) {
        final long events = random.nextBoolean() ? Machine.EVENT_IDX : 0;
        return machine.start(Machine.USUAL | events, SIZE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(60)
    void nonsenseInEveryField(final long seed) {
        random = new Random(seed);
        try (Machine machine = machine(seed)) {
            attack(machine, true);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    @Timeout(60)
    void oneSpoiltField(final long seed) {
        random = new Random(seed);
        try (Machine machine = machine(seed)) {
            attack(machine, false);
        }
    }

    private static Machine machine(final long seed) {
        final Processing processing = Processing.values()[(int) (seed % 2)];
        return new Machine(
                BlkOptions.of("vda").withQueues(2, 64).withProcessing(processing),
                new HeldDisk(Machine.DISK_BYTES).quiet(),
                seed % 4 < 2 ? 4 : 64);
    }
}
