package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.Status;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import io.drivebay.virtio.testguest.PackedGuestRing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * S4 and K3 with seeds: rings full of nonsense and rings that were right but for one field. Whatever they say, the device throws
 * nothing, does bounded work, keeps no slot, and its other queue goes on unless the ring itself was corrupt.
 */
@ParameterizedClass
@EnumSource
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

    /** Available in one round or the other, used, or neither. */
    private static final int[] PACKED_FLAGS = {0, 1 << 7, 1 << 7, 1 << 15, 1 << 15, 1 << 7 | 1 << 15};

    private final Form form;
    private Random random = new Random(0);

    HostileGuestTest(final Form form) {
        this.form = form;
    }

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
    private void scribble(final Machine machine, final int at, final int third, final int fourth) {
        machine.ram.putLong(at, address());
        machine.ram.putInt(at + 8, length());
        machine.ram.putShort(at + 12, (short) third);
        machine.ram.putShort(at + 14, (short) fourth);
    }

    private void scribbleRing(final Machine machine, final GuestQueue queue) {
        for (int i = 0; i < 64; i++) {
            scribble(machine, TABLES + 16 * i, random.nextInt(8), random.nextInt(66) - 1);
            machine.headerAt(Machine.BUFFERS + 4096 * i, pick(TYPES), random.nextInt(4096) - 8);
        }
        for (int i = 0; i < SIZE; i++) {
            final int at = queue.descriptors() + 16 * i;
            if (queue instanceof PackedGuestRing) {
                scribble(machine, at, random.nextInt(SIZE + 2), random.nextInt(8) | pick(PACKED_FLAGS));
            } else {
                scribble(machine, at, random.nextInt(8), random.nextInt(SIZE + 2) - 1);
            }
        }
        if (queue instanceof GuestRing ring) {
            for (int i = 0; i < SIZE; i++) {
                ring.availableHead(i, random.nextInt(8) == 0 ? random.nextInt(65536) : random.nextInt(SIZE));
            }
            ring.availableIndex(ring.availableIndex() + random.nextInt(SIZE + 2));
        }
    }

    /** Right requests, of which one field of one descriptor is then spoilt. */
    private void mutateRing(final Machine machine, final GuestQueue ring) {
        for (int head = 0; head + CHAIN <= SIZE; head += CHAIN) {
            final Buffer data = random.nextBoolean()
                    ? Buffer.readable(Machine.BUFFERS + 65536, 512)
                    : Buffer.writable(Machine.BUFFERS + 65536, 512);
            final Buffer[] chain = {machine.header(pick(TYPES), random.nextInt(2048)), data, machine.status()};
            if (random.nextInt(3) == 0) {
                ring.offerAs(head, ring.table(TABLES + 64 * head, chain));
                spoil(machine, TABLES + 64 * head + 16 * random.nextInt(CHAIN));
            } else {
                ring.offerAs(head, chain);
            }
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

    private void assertQueueWorks(final Machine machine, final int queue, final GuestQueue ring) {
        final int before = ring.usedCount();
        final Buffer status = machine.status();
        ring.offerAs(0, machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), status);
        machine.kick(queue);
        runBounded(machine);
        assertEquals((before + 1) & 0xffff, ring.usedCount() & 0xffff);
        assertEquals(0, machine.statusIn(status));
    }

    /** Makes every id available once: one that was still in use would break the device. */
    private void assertNoSlotIsKept(final Machine machine, final GuestQueue ring) {
        final List<Buffer> statuses = new ArrayList<>();
        for (int id = 0; id < SIZE; id++) {
            final Buffer status = machine.status();
            statuses.add(status);
            ring.offerAs(
                    id,
                    ring.table(
                            TABLES + 64 * id,
                            machine.header(Machine.IN, 0),
                            Buffer.writable(Machine.BUFFERS, 512),
                            status));
        }
        machine.kick(0);
        runBounded(machine);
        assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        statuses.forEach(status -> assertEquals(0, machine.statusIn(status)));
    }

    private void attack(final Machine machine, final boolean nonsense) {
        GuestQueue attacked = bringUp(machine);
        GuestQueue other = machine.enable(1, SIZE, form);
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
            if (form == Form.PACKED || (machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0) {
                machine.set(Machine.STATUS, 0);
                assertEquals(0, machine.get(Machine.STATUS));
                attacked = bringUp(machine);
                other = machine.enable(1, SIZE, form);
            }
            assertQueueWorks(machine, 1, other);
        }
        assertNoSlotIsKept(machine, attacked);
    }

    /** A packed ring is brought up after every round: where in it the device is now, only the device knows. */
    private GuestQueue bringUp(final Machine machine) {
        final long events = random.nextBoolean() ? Machine.EVENT_IDX : 0;
        final GuestQueue ring = machine.start(Machine.USUAL | events, SIZE, form);
        for (int i = random.nextInt(SIZE); i > 0; i--) {
            assertQueueWorks(machine, 0, ring);
        }
        return ring;
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
